import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { derHeader, derOid, derTag, derValue } from '../der.ts';
import { algorithm } from '../registry/registry.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { generateCompositeKemKey, generateKemKey, kemEncapsulateTo } from './kems.ts';
import { kemPrivateKeyPkcs8, kemPublicKeySpki, readKemPrivateKeyPkcs8, readKemPublicKeySpki } from './key-forms.ts';

const code = (name: string) => expect.objectContaining({ code: `CRYPTO_${name}` });
const rawOf = (secret: SecretBytes): Uint8Array => secret.open(secretAccess, (bytes) => bytes.slice());
const sets = ['ML-KEM-512', 'ML-KEM-768', 'ML-KEM-1024'] as const;

const identifier = (name: string): Uint8Array => derValue(derTag.sequence, derOid(algorithm(name).oid ?? ''));
/** A file as others write it. */
function file(name: string, content: Uint8Array, publicKey?: Uint8Array): SecretBytes {
  const version = Uint8Array.of(derTag.integer, 1, publicKey === undefined ? 0 : 1);
  const bits = publicKey === undefined ? [] : [derValue(derTag.implicit(1), Uint8Array.of(0), publicKey)];
  return SecretBytes.take(
    derValue(derTag.sequence, version, identifier(name), derValue(derTag.octetString, content), ...bits),
  );
}

/** The expanded key, out of the runtime: PKCS#8 of a key that was imported without its seed would not show it. */
async function expandedOf(name: (typeof sets)[number], seed: Uint8Array): Promise<Uint8Array> {
  const { ml_kem512, ml_kem768, ml_kem1024 } = await import('@noble/post-quantum/ml-kem.js');
  const library = { 'ML-KEM-512': ml_kem512, 'ML-KEM-768': ml_kem768, 'ML-KEM-1024': ml_kem1024 }[name];
  return library.keygen(seed).secretKey;
}

describe.each(sets)('RFC 9935: %s', async (name) => {
  const { seed, key } = generateKemKey(name);
  const raw = rawOf(seed);
  const expanded = await expandedOf(name, raw);
  const { enc, sharedSecret } = kemEncapsulateTo(name, key.publicKey);
  const octets = (bytes: Uint8Array): Uint8Array => derValue(derTag.octetString, bytes);

  it('writes the seed, as OpenSSL does, and reads it again', () => {
    const der = kemPrivateKeyPkcs8(name, seed);
    const theirs = createPrivateKey({ key: Buffer.from(rawOf(der)), format: 'der', type: 'pkcs8' });
    expect(theirs.export({ format: 'der', type: 'pkcs8' })).toEqual(Buffer.from(rawOf(der)));
    const read = readKemPrivateKeyPkcs8(der);
    expect([read.algorithm, read.privateKey?.equals(seed)]).toEqual([name, true]);
    expect(read.key.decapsulate(enc).equals(sharedSecret)).toBe(true);
  });

  it('reads an expanded key, which has no seed to give back, and both', () => {
    const alone = readKemPrivateKeyPkcs8(file(name, octets(expanded)));
    expect([alone.algorithm, alone.privateKey]).toEqual([name, undefined]);
    expect(alone.key.decapsulate(enc).equals(sharedSecret)).toBe(true);
    const both = readKemPrivateKeyPkcs8(file(name, derValue(derTag.sequence, octets(raw), octets(expanded))));
    expect(both.privateKey?.equals(seed)).toBe(true);
    expect(both.key.decapsulate(enc).equals(sharedSecret)).toBe(true);
  });

  it('refuses both when they are not one key, wherever they differ', async () => {
    const other = await expandedOf(name, rawOf(generateKemKey(name).seed));
    const swapped = [
      derValue(derTag.sequence, octets(raw), octets(other)),
      // The last 32 bytes are the secret for ciphertexts that are rejected: no honest decapsulation would show a change.
      derValue(derTag.sequence, octets(raw), octets(expanded.with(expanded.length - 1, (expanded.at(-1) ?? 0) ^ 1))),
      derValue(derTag.sequence, octets(raw), octets(expanded.with(0, (expanded[0] ?? 0) ^ 1))),
      derValue(derTag.sequence, octets(raw.with(63, (raw[63] ?? 0) ^ 1)), octets(expanded)),
    ];
    for (const content of swapped)
      expect(() => readKemPrivateKeyPkcs8(file(name, content))).toThrow(code('KEY_INVALID'));
  });

  it('reads the public key in the file, and refuses that of another', () => {
    const content = derValue(derTag.implicit(0), raw);
    expect(readKemPrivateKeyPkcs8(file(name, content, key.publicKey)).algorithm).toBe(name);
    const foreign = generateKemKey(name).key.publicKey;
    expect(() => readKemPrivateKeyPkcs8(file(name, content, foreign))).toThrow(code('KEY_INVALID'));
  });

  it('writes and reads public keys as OpenSSL does', () => {
    const der = kemPublicKeySpki(name, key.publicKey);
    const theirs = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
    expect(theirs.export({ format: 'der', type: 'spki' })).toEqual(Buffer.from(der));
    expect(readKemPublicKeySpki(der)).toEqual({ algorithm: name, publicKey: key.publicKey });
  });

  it('no cut and no changed byte of a key file is anything but an error or a key', () => {
    const der = rawOf(kemPrivateKeyPkcs8(name, seed));
    for (let at = 0; at < der.length; at += 1) {
      expect(() => readKemPrivateKeyPkcs8(SecretBytes.take(der.slice(0, at)))).toThrow(code('MALFORMED'));
      try {
        readKemPrivateKeyPkcs8(SecretBytes.take(der.with(at, (der[at] ?? 0) ^ 0x81)));
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^CRYPTO_/) });
      }
    }
  });
});

it.each(['MLKEM768-X25519-SHA3-256', 'MLKEM768-RSA2048-SHA3-256', 'MLKEM1024-ECDH-P521-SHA3-256'])(
  'CRY-2: %s is written in the one form of its draft',
  async (name) => {
    const { seed, key } = await generateCompositeKemKey(name);
    const der = kemPrivateKeyPkcs8(name, seed);
    const read = readKemPrivateKeyPkcs8(der);
    expect([read.algorithm, read.privateKey?.equals(seed)]).toEqual([name, true]);
    expect(read.key.publicKey).toEqual(key.publicKey);
    const spki = kemPublicKeySpki(name, key.publicKey);
    expect(readKemPublicKeySpki(spki)).toEqual({ algorithm: name, publicKey: key.publicKey });
  },
);

it('CRY-9: refuses KEMs without a key file, keys of something else, and what is too long', () => {
  const { seed, key } = generateKemKey('X-Wing');
  expect(() => kemPrivateKeyPkcs8('X-Wing', seed)).toThrow(code('OPTION_UNSUPPORTED'));
  expect(() => kemPublicKeySpki('X-Wing', key.publicKey)).toThrow(code('OPTION_UNSUPPORTED'));
  expect(() => kemPrivateKeyPkcs8('Kyber768', seed)).toThrow(code('ALGORITHM_UNKNOWN'));
  expect(() => kemPrivateKeyPkcs8('ML-KEM-768', seed)).toThrow(code('KEY_INVALID'));
  const signing = derValue(derTag.sequence, derValue(derTag.sequence, derOid('2.16.840.1.101.3.4.3.17')));
  expect(() => readKemPublicKeySpki(signing)).toThrow(code('ALGORITHM_UNKNOWN'));
  expect(() => readKemPublicKeySpki(new Uint8Array(9000))).toThrow(code('LIMIT'));
  expect(() => readKemPrivateKeyPkcs8(SecretBytes.random(9000))).toThrow(code('LIMIT'));
  expect(() => readKemPublicKeySpki(derHeader(derTag.sequence, 5))).toThrow(code('MALFORMED'));
});
