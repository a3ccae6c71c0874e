import { type ByteSource, randomBytes, type SecretBytes } from '@quantumvault/crypto';
import { sealArmor } from './armor/armor.ts';
import { need } from './errors.ts';
import { headerMac, newFileKey, payloadKey, payloadNonceBytes } from './file-key.ts';
import { type AgeStanza, encodeAgeHeader, headerEnd } from './header/header.ts';
import { sealPayload } from './payload/payload.ts';
import { scryptWorkFactors, wrapWithPassphrase } from './recipients/scrypt.ts';
import type { AgeRecipient } from './recipients/stanza-key.ts';
import { joined } from './text/ascii.ts';

/** Who shall be able to open: keys, or one passphrase alone. */
export type AgeSealTo =
  | { readonly recipients: readonly AgeRecipient[] }
  | {
      readonly passphrase: SecretBytes;
      /** Logarithm of the work; only tests have a reason to take less than the default. */
      readonly workFactor?: number;
    };

export interface AgeSealOptions {
  readonly to: AgeSealTo;
  /** Text for channels that carry no bytes; a third longer. */
  readonly isArmored: boolean;
}

const recipientsMax = 256;

async function wrapFor(fileKey: SecretBytes, to: AgeSealTo): Promise<readonly AgeStanza[]> {
  if ('passphrase' in to) {
    return [await wrapWithPassphrase(fileKey, to.passphrase, to.workFactor ?? scryptWorkFactors.written)];
  }
  const { recipients } = to;
  const isCounted = recipients.length >= 1 && recipients.length <= recipientsMax;
  need(isCounted, 'AGE_LIMIT', `a file of age has 1 to ${recipientsMax} recipients`);
  // age.md: one recipient that a quantum computer opens would open the file for all of them.
  const hybrids = recipients.filter(({ isPostQuantum }) => isPostQuantum).length;
  const isOneKind = hybrids === 0 || hybrids === recipients.length;
  need(isOneKind, 'AGE_RECIPIENTS_MIXED', 'post-quantum recipients do not share a file with others');
  return recipients.map((recipient) => recipient.wrap(fileKey));
}

/**
 * Encrypts a stream as an age v1 file, in constant memory: one chunk of 64 KiB and one of the source. age binds no context:
 * a whole file in the wrong place opens, so prefer `sealEnvelope` where both sides are ours. Throws AGE_LIMIT,
 * AGE_RECIPIENTS_MIXED, and whatever the source throws.
 *
 * ```ts
 * const to = { recipients: [parseAgeRecipient(text)] };
 * for await (const chunk of sealAge(source, { to, isArmored: false })) write(chunk);
 * ```
 */
export function sealAge(source: ByteSource, { to, isArmored }: AgeSealOptions): AsyncGenerator<Uint8Array, void> {
  const file = sealBinary(source, to);
  return isArmored ? sealArmor(file) : file;
}

async function* sealBinary(source: ByteSource, to: AgeSealTo): AsyncGenerator<Uint8Array, void, undefined> {
  using fileKey = newFileKey();
  const header = encodeAgeHeader(await wrapFor(fileKey, to));
  const nonce = randomBytes(payloadNonceBytes);
  using key = payloadKey(fileKey, nonce);
  yield joined([header, headerEnd(headerMac(fileKey, header)), nonce]);
  yield* sealPayload(key, source);
}
