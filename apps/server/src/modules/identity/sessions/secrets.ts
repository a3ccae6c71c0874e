import { randomBytes, sha256 } from '@quantumvault/crypto';

/** What each secret opens; part of its text, so that a scanner can tell what leaked, and of its hash. */
export type SecretKind = 'qvr' | 'qvt' | 'qvp' | 'qvd' | 'qvc';

export interface NewSecret {
  /** Given out once. */
  readonly text: string;
  readonly hash: Uint8Array;
}

// 256 random bits: there is nothing to guess, so a fast hash is right, unlike for a password.
export const hashOfSecret = (text: string): Uint8Array => sha256(Buffer.from(text, 'utf8'));

export function newSecret(kind: SecretKind): NewSecret {
  const text = `${kind}_${Buffer.from(randomBytes(32)).toString('base64url')}`;
  return { text, hash: hashOfSecret(text) };
}
