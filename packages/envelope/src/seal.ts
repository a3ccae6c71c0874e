import {
  type ByteSource,
  floeSeal,
  floeSuite,
  type PasswordLevel,
  randomBytes,
  type SecretBytes,
} from '@quantumvault/crypto';
import { bodyKey, newDataKey, recipientsTag } from './data-key.ts';
import { asEnvelopeError } from './errors.ts';
import { type EnvelopeCore, encodeCore } from './header/core.ts';
import { frameHeader, hashCore } from './header/header.ts';
import { encodeRecipients, type RecipientInfo } from './header/recipients.ts';
import { type EnvelopeProfile, needProfileOf, suiteWithAead, type WrapAead } from './profile.ts';
import { wrapToRecipient } from './recipients/hpke.ts';
import { type KekRecipient, wrapWithKek } from './recipients/kek.ts';
import { wrapWithPassphrase } from './recipients/passphrase.ts';
import { signBody } from './signature/signed-body.ts';
import type { EnvelopeSigner } from './signature/signer.ts';
import type { PublicRecipient } from './text/key-text.ts';

/** Who shall be able to open: one to 64 keys, or one passphrase alone (ENV-4). */
export type SealTo =
  | {
      readonly recipients: readonly (PublicRecipient | KekRecipient)[];
      /** Where a policy asks for another than AES-256-GCM; keys of ML-KEM-1024 alone have no other (ENV-4). */
      readonly wrapAead?: WrapAead | undefined;
    }
  | { readonly passphrase: SecretBytes; readonly level: PasswordLevel };

/** What the envelope says of itself. Nothing of it is secret, and all of it is bound to every byte of the content. */
export type SealFacts = Pick<EnvelopeCore, 'tenant' | 'purpose' | 'context' | 'contentType' | 'createdAt'>;

export interface SealOptions {
  readonly to: SealTo;
  readonly facts: SealFacts;
  /** Size of an encrypted segment; {@link segmentBytesDefault} but for small values and tests. */
  readonly segmentBytes: number;
  readonly profile: EnvelopeProfile;
  /** Who signs the envelope; without one it is not signed (ENV-7). */
  readonly signer?: EnvelopeSigner | undefined;
}

/** ENV-2. Large enough that the work per segment vanishes, small enough to hold a few in memory. */
export const segmentBytesDefault = 1_048_576;

/** Wraps a data key for everybody in `to`. */
export async function wrapDataKey(dataKey: SecretBytes, coreHash: Uint8Array, to: SealTo): Promise<RecipientInfo[]> {
  if ('passphrase' in to) return [await wrapWithPassphrase(dataKey, coreHash, to)];
  const { recipients, wrapAead = 'AES-256-GCM' } = to;
  const infos: RecipientInfo[] = [];
  // One after another: a backend that answers for one key may have no room for sixty-four questions at once.
  for (const recipient of recipients) {
    infos.push(
      isKek(recipient)
        ? await wrapWithKek(dataKey, coreHash, recipient)
        : wrapToRecipient(dataKey, coreHash, { ...recipient, suite: suiteWithAead(recipient.suite, wrapAead) }),
    );
  }
  return infos;
}

const isKek = (recipient: PublicRecipient | KekRecipient): recipient is KekRecipient => 'wrapper' in recipient;

/** The framed header of a data key and a core. */
export async function headerFor(dataKey: SecretBytes, coreBytes: Uint8Array, to: SealTo): Promise<Uint8Array[]> {
  const coreHash = hashCore(coreBytes);
  const recipientsBytes = encodeRecipients(await wrapDataKey(dataKey, coreHash, to));
  return frameHeader(coreBytes, recipientsBytes, recipientsTag(dataKey, coreHash, recipientsBytes));
}

/**
 * Seals a stream into a QV1 envelope, in constant memory: one segment and one chunk. A chunk of the source is given
 * away, so its memory must not be written to again. Throws MALFORMED and LIMIT for facts and recipients outside the
 * format, UNSUPPORTED for recipients and a signer outside the profile, and whatever the source and the signer throw.
 *
 * ```ts
 * const to = { recipients: [parseRecipient(text)] };
 * for await (const chunk of sealEnvelope(source, { to, facts, segmentBytes: segmentBytesDefault, profile: 'standard' })) write(chunk);
 * ```
 */
export async function* sealEnvelope(
  source: ByteSource,
  { to, facts, segmentBytes, profile, signer }: SealOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  needProfileOf(profile, to, signer?.signer);
  const coreBytes = encodeCore({
    ...facts,
    suite: floeSuite,
    objectId: randomBytes(16),
    segmentBytes,
    signer: signer?.signer.fingerprint ?? null,
  });
  using dataKey = newDataKey();
  const coreHash = hashCore(coreBytes);
  using key = bodyKey(dataKey, coreHash);
  try {
    yield* await headerFor(dataKey, coreBytes, to);
    const body = floeSeal({ key, aad: coreHash, segmentBytes }, source);
    yield* signer === undefined ? body : signBody(body, { signer, coreHash });
  } catch (error) {
    throw asEnvelopeError(error);
  }
}
