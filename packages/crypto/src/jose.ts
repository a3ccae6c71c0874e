import { need } from './errors.ts';
import { sha256 } from './hash.ts';
import type { SigningKey } from './signature.ts';
import { type SyncSignatureAlgorithm, syncSignatureAlgorithms } from './signature-schemes.ts';

/*
 * Signing keys as JOSE shows them: public JWK, thumbprint, and a compact JWS. Only what the product signs; whoever
 * verifies its own has the header of each key as text (`jwtHeader`). Danger: a verifier that accepts every algorithm of a
 * JWKS is as strong as the weakest key in it.
 */

/** A public key for a JWK Set. Its `kid` is the RFC 7638 thumbprint, so that a key is called the same everywhere. */
export interface PublicJwk {
  readonly kty: 'AKP' | 'EC' | 'OKP';
  readonly alg: string;
  readonly use: 'sig';
  readonly kid: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly pub?: string;
}

// RFC 9964 for ML-DSA; RFC 9864 names Ed25519 fully, where RFC 8037 left the curve open ("EdDSA", now deprecated).
const joseNames: Readonly<Record<SyncSignatureAlgorithm, { readonly alg: string; readonly crv?: string }>> = {
  Ed25519: { alg: 'Ed25519', crv: 'Ed25519' },
  'ML-DSA-44': { alg: 'ML-DSA-44' },
  'ML-DSA-65': { alg: 'ML-DSA-65' },
  'ML-DSA-87': { alg: 'ML-DSA-87' },
  'ECDSA-P256-SHA256': { alg: 'ES256', crv: 'P-256' },
  'ECDSA-P384-SHA384': { alg: 'ES384', crv: 'P-384' },
};

const base64url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const utf8 = new TextEncoder();

/** The members that the thumbprint is made of, in lexicographic order (RFC 7638 section 3.2, RFC 9964 section 5). */
function keyMembers(algorithm: SyncSignatureAlgorithm, publicKey: Uint8Array) {
  const { alg, crv } = joseNames[algorithm];
  if (crv === undefined) return { alg, kty: 'AKP', pub: base64url(publicKey) } as const;
  if (crv === 'Ed25519') return { crv, kty: 'OKP', x: base64url(publicKey) } as const;
  const half = (publicKey.length - 1) / 2;
  need(publicKey[0] === 0x04, 'CRYPTO_KEY_INVALID', 'the point is uncompressed');
  const [x, y] = [publicKey.subarray(1, 1 + half), publicKey.subarray(1 + half)];
  return { crv, kty: 'EC', x: base64url(x), y: base64url(y) } as const;
}

/** The public key as a JWK for signatures. The key is given raw, as in `SigningKeyPair`. */
export function publicJwk(algorithm: SyncSignatureAlgorithm, publicKey: Uint8Array): PublicJwk {
  const members = keyMembers(algorithm, publicKey);
  const kid = base64url(sha256(utf8.encode(JSON.stringify(members))));
  return { ...members, alg: joseNames[algorithm].alg, use: 'sig', kid };
}

const part = (value: object): string => base64url(utf8.encode(JSON.stringify(value)));

/**
 * The first part of every token that `signJwt` makes with this key, byte for byte. Who verifies its own tokens compares
 * it as text: then no algorithm, key or address in a header that somebody sent is ever read.
 */
export function jwtHeader(input: {
  readonly algorithm: SyncSignatureAlgorithm;
  readonly publicKey: Uint8Array;
  readonly typ: string;
}): string {
  const { alg, kid } = publicJwk(input.algorithm, input.publicKey);
  return part({ alg, kid, typ: input.typ });
}

/**
 * Signs `claims` as a compact JWS (RFC 7515) that names the key and says what it is (RFC 8725 section 3.11: `typ`).
 * JSON.stringify decides the bytes; the signature covers exactly those that are in the token.
 */
export async function signJwt(input: {
  readonly key: SigningKey;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly typ?: string;
}): Promise<string> {
  const { key, claims, typ = 'JWT' } = input;
  const algorithm = syncSignatureAlgorithms.find((known) => known === key.algorithm);
  need(algorithm !== undefined, 'CRYPTO_OPTION_UNSUPPORTED', 'JOSE has no name for this signature algorithm here');
  const signed = `${jwtHeader({ algorithm, publicKey: key.publicKey, typ })}.${part(claims)}`;
  const signature = await key.signAsync(utf8.encode(signed));
  const width = { 'ECDSA-P256-SHA256': 32, 'ECDSA-P384-SHA384': 48 }[key.algorithm as string];
  return `${signed}.${base64url(width === undefined ? signature : fixedWidth(signature, width))}`;
}

/** JOSE carries an ECDSA signature as r and s side by side (RFC 7518 section 3.4), our own keys sign in DER. */
function fixedWidth(der: Uint8Array, width: number): Uint8Array {
  const joined = new Uint8Array(2 * width);
  let at = 2; // 0x30 and a length of one byte: two integers of at most 49 bytes each
  for (const end of [width, 2 * width]) {
    const length = der[at + 1] ?? 0;
    const integer = der.subarray(at + 2, at + 2 + length);
    const digits = integer.length > width ? integer.subarray(integer.length - width) : integer;
    joined.set(digits, end - digits.length);
    at += 2 + length;
  }
  return joined;
}
