import { randomBytes, sha256 } from '@quantumvault/crypto';

const prefixAlphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const secretBytes = 32;
const keyPattern = /^qv_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

/** ACC-2: `qv_<prefix>_<secret>`. The prefix finds the key; of the secret, 256 random bits, only the SHA-256 is stored. */
export interface NewApiKey {
  /** Shown once. */
  readonly text: string;
  readonly prefix: string;
  readonly secretHash: Uint8Array;
}

export function generateApiKey(): NewApiKey {
  // 32 letters: one random byte modulo 32 is unbiased.
  const prefix = Array.from(randomBytes(12), (byte) => prefixAlphabet.charAt(byte % prefixAlphabet.length)).join('');
  const secret = Buffer.from(randomBytes(secretBytes)).toString('base64url');
  return { text: `qv_${prefix}_${secret}`, prefix, secretHash: hashSecret(secret) };
}

// A fast hash is right here: the secret has 256 bits of entropy, so there is nothing to guess (unlike a password).
const hashSecret = (secret: string): Uint8Array => sha256(Buffer.from(secret, 'utf8'));

/** What a lookup and a comparison need of a presented key. Malformed keys get values too, so that every path does the same work. */
export function presentedKey(text: string | null): { wellFormed: boolean; prefix: string; secretHash: Uint8Array } {
  const match = text === null ? null : keyPattern.exec(text);
  return {
    wellFormed: match !== null,
    prefix: match?.[1] ?? 'aaaaaaaaaaaa',
    secretHash: hashSecret(match?.[2] ?? 'x'.repeat(43)),
  };
}
