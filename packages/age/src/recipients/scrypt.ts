/*
 * The passphrase type of age. A stanza names its own cost, so whoever can write a file could order any amount of work: it is
 * bounded before any of it. A passphrase stands alone in its file, because who knows it may take the file for written by
 * whoever else knows it.
 */
import { randomBytes, type SecretBytes, scryptForReading } from '@quantumvault/crypto';
import { AgeError, need } from '../errors.ts';
import type { AgeStanza } from '../header/header.ts';
import { asciiBytes, asciiText, joined } from '../text/ascii.ts';
import { encodeBase64 } from '../text/base64.ts';
import { type AgeIdentity, needShare, unwrapBody, wrapBody } from './stanza-key.ts';

export const scryptType = 'scrypt';
const saltLabel = asciiBytes('age-encryption.org/v1/scrypt');
const saltBytes = 16;
const decimal = /^[1-9][0-9]*$/;

/** Powers of two: what age writes, 256 MiB and about a second, is also the most that is read. */
export const scryptWorkFactors = { written: 18, readMax: 18 } as const;

function wrapKey(passphrase: SecretBytes, salt: Uint8Array, workFactor: number): Promise<SecretBytes> {
  const cost = { logN: workFactor, r: 8, p: 1 };
  return scryptForReading({ password: passphrase, salt: joined([saltLabel, salt]), length: 32, cost });
}

/** The one stanza of a file for a passphrase. */
export async function wrapWithPassphrase(
  fileKey: SecretBytes,
  passphrase: SecretBytes,
  workFactor: number,
): Promise<AgeStanza> {
  const salt = randomBytes(saltBytes);
  using key = await wrapKey(passphrase, salt, workFactor);
  const args = [asciiText(encodeBase64(salt, { isPadded: false })), `${workFactor}`];
  return { type: scryptType, args, body: wrapBody(key, fileKey) };
}

/** The identity that a passphrase is; the caller disposes of the passphrase. */
export function passphraseIdentity(passphrase: SecretBytes): AgeIdentity {
  return {
    type: scryptType,
    async unwrap(stanza) {
      const salt = needShare(stanza, { argumentCount: 2, shareBytes: saltBytes });
      const workFactor = workFactorOf(stanza.args[1] ?? '');
      using key = await wrapKey(passphrase, salt, workFactor);
      return unwrapBody(key, stanza);
    },
    [Symbol.dispose]: () => {},
  };
}

function workFactorOf(text: string): number {
  if (!decimal.test(text)) throw new AgeError('AGE_HEADER_MALFORMED', 'the work factor of a passphrase is a number');
  const { readMax } = scryptWorkFactors;
  const factor = text.length > 2 ? readMax + 1 : Number(text);
  need(factor <= readMax, 'AGE_LIMIT', `the passphrase asks for more work than 2^${readMax}`);
  return factor;
}
