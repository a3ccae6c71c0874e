// Passphrases (QV1-44 to QV1-46) and keys of the backend of QV1-49 for the independent reader, from the page and with the noble
// libraries alone.
import { gcm, gcmsiv } from '@noble/ciphers/aes.js';
import { argon2id } from '@noble/hashes/argon2.js';
import { cborOf, Failure, type Fields, need, type Value } from './independent-forms.ts';

type Bytes = Uint8Array;
export type Keks = Readonly<Record<string, Bytes>>;

type Aead = (key: Bytes, nonce: Bytes, aad: Bytes) => { decrypt(sealed: Bytes): Bytes };
const ascii = (text: string): Bytes => new TextEncoder().encode(text);
export function refuseWhenThrowing<T>(work: () => T): T {
  try {
    return work();
  } catch {
    throw new Failure('AUTHENTICATION_FAILED');
  }
}
export const openAead = (aead: Aead, key: Bytes, nonce: Bytes, aad: Bytes, sealed: Value | undefined): Bytes =>
  refuseWhenThrowing(() => aead(key, nonce, aad).decrypt(sealed as Bytes));

export function openPhrase(passphrase: string, f: Fields, coreHash: Bytes): Bytes {
  const [m, t, p] = [Number(f.memory), Number(f.passes), Number(f.lanes)];
  need(f.kdf === 'Argon2id' && f.aead === 'AES-256-GCM', 'UNSUPPORTED');
  need(t > 0 && p > 0 && m > 0, 'AUTHENTICATION_FAILED');
  need(m <= 262144 && t <= 12 && p <= 4 && m * t <= 1048576, 'LIMIT');
  const key = refuseWhenThrowing(() => argon2id(ascii(passphrase), f.salt as Bytes, { m, t, p, dkLen: 32 }));
  const aad = cborOf(['QV1 wrap', coreHash, 'passphrase', f.kdf, f.aead, f.salt as Bytes, m, t, p]);
  return openAead(gcm, key, f.nonce as Bytes, aad, f.wrapped);
}

export function kekOf({ key, version }: Fields, keks: Keks | undefined): Bytes | undefined {
  return keks?.[`${version} ${key}`];
}
export function openKek(kek: Bytes, { key = null, version = null, wrapped }: Fields, coreHash: Bytes): Bytes {
  const binding = cborOf(['QV1 wrap', coreHash, 'kek', key, version]);
  const sealed = wrapped as Bytes;
  return openAead(gcmsiv, kek, sealed.subarray(0, 12), binding, sealed.subarray(12));
}
