import type { SecretBytes } from '@quantumvault/crypto';
import type { DataKeyCache } from './cache/data-key-cache.ts';
import { needRecipientsTag } from './data-key.ts';
import { EnvelopeError, need } from './errors.ts';
import { sameContext } from './header/context.ts';
import type { EnvelopeCore } from './header/core.ts';
import type { EnvelopeHeader } from './header/header.ts';
import type { RecipientInfo } from './header/recipients.ts';
import { type EnvelopeProfile, needProfile, needProfileOfSigner } from './profile.ts';
import { type HpkeOpeningKey, unwrapFromRecipient } from './recipients/hpke.ts';
import { type KekOpeningKeys, unwrapWithKek } from './recipients/kek.ts';
import { unwrapWithPassphrase } from './recipients/passphrase.ts';
import { needSignatureDemand } from './signature/demand.ts';
import type { PublicSigner, SignatureDemand } from './signature/signer.ts';

export type OpeningKey =
  | HpkeOpeningKey
  | KekOpeningKeys
  | { readonly type: 'passphrase'; readonly passphrase: SecretBytes };

/** Where the caller expects this envelope to belong. There are no defaults: what is not compared is not bound. */
export type Expected = Pick<EnvelopeCore, 'tenant' | 'purpose' | 'context'>;

export interface OpenOptions {
  /** Found by key id and version; no key is ever tried on a wrap that does not name it. */
  readonly keys: readonly OpeningKey[];
  readonly expected: Expected;
  /** What this reader demands, whatever the sender did. */
  readonly profile: EnvelopeProfile;
  /** Without it an envelope that is signed is UNSUPPORTED: nobody overlooks a signature. */
  readonly signature?: SignatureDemand | undefined;
  /** Where unwrapped data keys are kept for a while; authorize and audit before each use all the same (ENV-10). */
  readonly cache?: DataKeyCache | undefined;
  /** Called once, when all was read and found genuine, and never after a failure. */
  readonly onOpened?: ((opened: Opened) => void) | undefined;
}

/** What was found out about an envelope that opened to its end. */
export interface Opened {
  readonly core: EnvelopeCore;
  readonly signature: 'none' | 'unchecked' | 'verified';
}

/** An envelope that may be opened. */
export interface Unlocked {
  readonly dataKey: SecretBytes;
  /** Who must have signed it; undefined when the signature is not checked or there is none. */
  readonly signer: PublicSigner | undefined;
}

/** ENV-5: a whole and genuine envelope in the wrong place is refused before anything is unwrapped. */
function needExpected(core: EnvelopeCore, expected: Expected): void {
  const fits =
    core.tenant === expected.tenant && core.purpose === expected.purpose && sameContext(core.context, expected.context);
  need(fits, 'ENVELOPE_CONTEXT_MISMATCH', 'the envelope belongs to another organization, purpose or context');
}

/** The first recipient that one of the keys is named by, and the work of unwrapping; nothing is tried (QV1-42). */
function unwrapperOf({ recipients, coreHash }: EnvelopeHeader, keys: readonly OpeningKey[]): Unwrapper | undefined {
  for (const recipient of recipients) {
    for (const key of keys) {
      if (recipient.type === 'passphrase' && key.type === 'passphrase') {
        return { recipient, unwrap: () => unwrapWithPassphrase(recipient, coreHash, key.passphrase) };
      }
      if (recipient.type === 'hpke' && key.type === 'hpke') {
        const isIt = recipient.keyId === key.keyId && recipient.keyVersion === key.keyVersion;
        if (isIt) return { recipient, unwrap: async () => unwrapFromRecipient(recipient, coreHash, key) };
      }
      if (recipient.type === 'kek' && key.type === 'kek' && key.mayUse(recipient.keyId, recipient.keyVersion)) {
        return { recipient, unwrap: () => unwrapWithKek(recipient, coreHash, key) };
      }
    }
  }
  return undefined;
}

interface Unwrapper {
  readonly recipient: RecipientInfo;
  unwrap(): Promise<SecretBytes>;
}

async function unwrap(header: EnvelopeHeader, { keys, cache }: OpenOptions): Promise<SecretBytes> {
  const found = unwrapperOf(header, keys);
  if (found === undefined) {
    throw new EnvelopeError('ENVELOPE_KEY_NOT_FOUND', 'none of the keys at hand is a recipient of this envelope');
  }
  const { recipient } = found;
  const unwrapGenuine = async () => checked(await found.unwrap(), header);
  // A passphrase is for people, and nobody revokes it.
  if (cache === undefined || recipient.type === 'passphrase' || recipient.type === 'unknown') return unwrapGenuine();
  // Checked before it is kept: else whoever knows a public recipient could fill the cache with headers that never open.
  const dataKey = await cache.unwrap(
    { tenant: header.core.tenant, coreHash: header.coreHash, recipient },
    unwrapGenuine,
  );
  return checked(dataKey, header);
}

/** ENV-5: the data key, when the recipients are genuine under it. One that is not given back is erased. */
function checked(dataKey: SecretBytes, header: EnvelopeHeader): SecretBytes {
  try {
    needRecipientsTag(dataKey, header);
    return dataKey;
  } catch (error) {
    dataKey.dispose();
    throw error;
  }
}

/** The data key of an envelope that stands where it belongs and whose recipients are genuine. */
export async function unlock(header: EnvelopeHeader, options: OpenOptions): Promise<Unlocked> {
  const { expected, profile, signature } = options;
  needExpected(header.core, expected);
  needProfile(profile, header.recipients);
  const signer = needSignatureDemand(header.core, signature);
  needProfileOfSigner(profile, signer);
  return { dataKey: await unwrap(header, options), signer };
}
