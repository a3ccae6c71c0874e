// ENV-4, run for real: the npm package `hpke` (panva), which stands on WebCrypto and shares no line with ours, opens what we
// seal and seals what we open, in every suite that both have.
import { readFileSync } from 'node:fs';
import {
  AEAD_AES_256_GCM,
  AEAD_ChaCha20Poly1305,
  CipherSuite,
  KDF_HKDF_SHA256,
  KDF_HKDF_SHA384,
  KDF_HKDF_SHA512,
  KDF_SHAKE128,
  KDF_SHAKE256,
  KDF_TurboSHAKE128,
  KDF_TurboSHAKE256,
  KEM_DHKEM_P256_HKDF_SHA256,
  KEM_DHKEM_P384_HKDF_SHA384,
  KEM_DHKEM_P521_HKDF_SHA512,
  KEM_DHKEM_X448_HKDF_SHA512,
  KEM_DHKEM_X25519_HKDF_SHA256,
  KEM_ML_KEM_512,
  KEM_ML_KEM_768,
  KEM_ML_KEM_1024,
  KEM_MLKEM768_P256,
  KEM_MLKEM768_X25519,
  KEM_MLKEM1024_P384,
} from 'hpke';
import { expect, it } from 'vitest';
import { generateRecipient, hpkeOpen, hpkeSeal } from '../src/hpke/hpke.ts';
import { findHpkeSuite, hpkeSuites } from '../src/hpke/suites.ts';
import { secretAccess } from '../src/secret-bytes.ts';

const kems = {
  16: KEM_DHKEM_P256_HKDF_SHA256,
  17: KEM_DHKEM_P384_HKDF_SHA384,
  18: KEM_DHKEM_P521_HKDF_SHA512,
  32: KEM_DHKEM_X25519_HKDF_SHA256,
  33: KEM_DHKEM_X448_HKDF_SHA512,
  64: KEM_ML_KEM_512,
  65: KEM_ML_KEM_768,
  66: KEM_ML_KEM_1024,
  80: KEM_MLKEM768_P256,
  81: KEM_MLKEM1024_P384,
  25722: KEM_MLKEM768_X25519,
};
const kdfs = {
  1: KDF_HKDF_SHA256,
  2: KDF_HKDF_SHA384,
  3: KDF_HKDF_SHA512,
  16: KDF_SHAKE128,
  17: KDF_SHAKE256,
  18: KDF_TurboSHAKE128,
  19: KDF_TurboSHAKE256,
};
const aeads = { 2: AEAD_AES_256_GCM, 3: AEAD_ChaCha20Poly1305 };

const suites = Object.entries(kems).flatMap(([kem, theirKem]) =>
  Object.entries(kdfs).flatMap(([kdf, theirKdf]) =>
    Object.entries(aeads).map(([aead, theirAead]) => ({
      name: findHpkeSuite({ kem: Number(kem), kdf: Number(kdf), aead: Number(aead) }) ?? '',
      theirs: new CipherSuite(theirKem, theirKdf, theirAead),
    })),
  ),
);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const [info, aad, plaintext] = [
  bytes('what it is about'),
  bytes('beside it'),
  bytes('thirty-two bytes of a data key..'),
];

it('has every suite of ours', () => {
  const names = suites.map(({ name }) => name);
  expect(names).toHaveLength(154);
  expect(new Set(names).size).toBe(154);
  for (const own of hpkeSuites) expect(names).toContain(own);
  const { version } = JSON.parse(readFileSync(new URL(import.meta.resolve('hpke/package.json')), 'utf8'));
  console.log(`hpke ${version}, Node ${process.version}, OpenSSL ${process.versions.openssl}: ${names.length} suites`);
});

it.each(suites)('$name: each opens what the other sealed', async ({ name, theirs }) => {
  const { publicKey, privateKey } = generateRecipient(name);
  const theirPrivate = await theirs.DeserializePrivateKey(
    privateKey.open(secretAccess, (raw) => raw.slice()),
    false,
  );
  const ours = hpkeSeal({ suite: name, publicKey, info, aad, plaintext });
  const opened = await theirs.Open(theirPrivate, ours.enc, ours.ciphertext, { info, aad });
  expect(new Uint8Array(opened)).toEqual(plaintext);
  const sealed = await theirs.Seal(await theirs.DeserializePublicKey(publicKey), plaintext, { info, aad });
  const input = { suite: name, privateKey, enc: sealed.encapsulatedSecret, ciphertext: sealed.ciphertext, info, aad };
  expect(hpkeOpen(input)).toEqual(plaintext);
  await expect(theirs.Open(theirPrivate, ours.enc, ours.ciphertext, { info: aad, aad })).rejects.toThrow();
});
