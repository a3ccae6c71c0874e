/*
 * A key of the JavaScript implementations. Danger: unlike a key inside OpenSSL its secret bytes lie in JavaScript memory,
 * expanded, until the collector takes them; nothing can erase them at a moment of our choosing.
 */

export type KeyType =
  | 'x25519'
  | 'x448'
  | 'ed25519'
  | 'P-256'
  | 'P-384'
  | 'P-521'
  | 'brainpoolP256r1'
  | 'brainpoolP384r1'
  | 'ml-kem-512'
  | 'ml-kem-768'
  | 'ml-kem-1024'
  | 'ml-dsa-44'
  | 'ml-dsa-65'
  | 'ml-dsa-87'
  | `slh-dsa-${'sha2' | 'shake'}-${128 | 192 | 256}${'s' | 'f'}`;

/** A key as the functions of this folder hand it around. It shows its public half alone. */
export interface NativeKey {
  readonly type: 'private' | 'public';
  readonly keyType: KeyType;
  /** In the raw form of the standards. */
  readonly publicRaw: Uint8Array;
}

// Beside the key and not in it: whatever prints, copies or serializes a key finds no secret.
const secrets = new WeakMap<NativeKey, Uint8Array>();

export function publicKey(keyType: KeyType, raw: Uint8Array): NativeKey {
  return Object.freeze({ type: 'public', keyType, publicRaw: raw.slice() });
}

/** Takes the secret bytes over; the caller keeps no copy. */
export function privateKey(keyType: KeyType, secret: Uint8Array, publicRaw: Uint8Array): NativeKey {
  const key: NativeKey = Object.freeze({ type: 'private', keyType, publicRaw });
  secrets.set(key, secret);
  return key;
}

/** The secret of a private key. Whoever calls this neither keeps nor changes it. */
export function secretOf(key: NativeKey): Uint8Array {
  const secret = secrets.get(key);
  if (secret === undefined) throw new TypeError('the operation takes a private key');
  return secret;
}
