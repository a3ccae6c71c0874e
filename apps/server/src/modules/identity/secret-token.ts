import { randomBytes, sha256 } from '@quantumvault/crypto';

const prefixAlphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const secretBytes = 32;

/** What a secret is for stands at its front, so that none is taken for another: key, invitation, enrolment, token of a machine. */
export type TokenTag = 'qv' | 'qvi' | 'qve' | 'qvm';

const patterns: Readonly<Record<TokenTag, RegExp>> = {
  qv: /^qv_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/,
  qvi: /^qvi_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/,
  qve: /^qve_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/,
  qvm: /^qvm_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/,
};

/** `<tag>_<prefix>_<secret>`. The prefix finds the row; of the secret, 256 random bits, only the SHA-256 is stored. */
export interface NewToken {
  /** Shown once. */
  readonly text: string;
  readonly prefix: string;
  readonly secretHash: Uint8Array;
}

export function generateToken(tag: TokenTag): NewToken {
  // 32 letters: one random byte modulo 32 is unbiased.
  const prefix = Array.from(randomBytes(12), (byte) => prefixAlphabet.charAt(byte % prefixAlphabet.length)).join('');
  const secret = Buffer.from(randomBytes(secretBytes)).toString('base64url');
  return { text: [tag, prefix, secret].join('_'), prefix, secretHash: hashSecret(secret) };
}

// A fast hash is right here: the secret has 256 bits of entropy, so there is nothing to guess (unlike a password).
const hashSecret = (secret: string): Uint8Array => sha256(Buffer.from(secret, 'utf8'));

/** What a lookup and a comparison need of a presented secret. Malformed ones get values too, so that every path does the same work. */
export interface PresentedToken {
  readonly wellFormed: boolean;
  readonly prefix: string;
  readonly secretHash: Uint8Array;
}

export function presentedToken(tag: TokenTag, text: string | null): PresentedToken {
  const match = text === null ? null : patterns[tag].exec(text);
  return {
    wellFormed: match !== null,
    prefix: match?.[1] ?? 'aaaaaaaaaaaa',
    secretHash: hashSecret(match?.[2] ?? 'x'.repeat(43)),
  };
}
