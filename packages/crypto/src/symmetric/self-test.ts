// Known answers of the symmetric algorithms for the boot, beside what they test; `self-test.ts` runs them with the others.

import { nativeAeadOpen, nativeAeadSeal } from '#native/aead-suites';
import { nativeSivOpen, nativeSivSeal } from '#native/aes-siv';
import { type NativeKeyWrap, nativeUnwrap, nativeWrap } from '#native/key-wrap';
import { nativeHkdfSha512, nativeHmacSha512, nativeKmac256 } from '#native/mac';
import { nativePbkdf2, nativeScrypt } from '#native/password-kdf';
import { vettedFf1 } from '../vetted/ff1.ts';
import { vettedCombine, vettedSplit } from '../vetted/shamir.ts';
import type { AeadSuite } from './aead-suites.ts';

export const symmetricAnswers = {
  // RFC 8452 appendix C.2.
  gcmSiv: {
    key: 'd1894728b3fed1473c528b8426a582995929a1499e9ad8780c8d63d0ab4149c0',
    nonce: '9f572c614b4745914474e7c7',
    aad: '489c8fde2be2cf97e74e932d4ed87d',
    plaintext: 'c9882e5386fd9f92ec',
    sealed: '0df9e308678244c44bc0fd3dc6628dfe55ebb0b9fb2295c8c2',
  },
  // RFC 8439 section 2.8.2.
  chacha20: {
    key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f',
    nonce: '070000004041424344454647',
    aad: '50515253c0c1c2c3c4c5c6c7',
    plaintext: [
      '4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666',
      '657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069',
      '742e',
    ].join(''),
    sealed: [
      'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b29',
      '05d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b',
      '61161ae10b594f09e26a7e902ecbd0600691',
    ].join(''),
  },
  // RFC 3394 section 4.6.
  keyWrap: {
    kek: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    key: '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f',
    wrapped: '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
  },
  // Wycheproof, aes_kwp_test.json, case 185.
  keyWrapPadded: {
    kek: '1abf4b7fa2bb62a78f09ddab04625dcacdd9e551d1a69b6b162baa53d2700093',
    key: '72aaee126a822184806c7d22eed66b',
    wrapped: 'de497acf18a177a3a9b3d8da46d74dfa58dcc537a3a95323',
  },
  // RFC 5297 gives answers for smaller keys alone; two implementations agree on this one.
  siv: {
    key: [
      '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
      '202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f',
    ].join(''),
    aad: '101112131415161718191a1b1c1d1e1f',
    plaintext: '112233445566778899aabbccddee',
    sealed: 'efc8938555d33d9846f4db3cafb468ff7a8df58c464686d4732d9c727ef8',
  },
  // NIST SP 800-38G, FF1 sample 9: base 36, AES-256.
  ff1: 'xs8a0azh2avyalyzuwd',
  // Three shares of the key 01 02 .. 20, computed by hand over GF(256).
  shares: [
    'de5b2684680b1709818bd647177f5c5a3e63363c73df42835db1f23327ac98b007',
    'fcc5bf7b14c3bc2ff82a9eb0fc5ab2db60f3fd731ca288d2f52cbda7ee1efd3a82',
    'a9d049baaf640b96896cfa133f25981ce12b39a0fa8965ea12da0d6f8fe139f9ff',
  ],
  // RFC 4231, test case 2.
  hmac512: [
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554',
    '9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
  ].join(''),
  // Wycheproof, hkdf_sha512_test.json, case 11.
  hkdf512: 'e51c3bfe5f4e9b4fb0d3c3a67bb33a20c288800e03707621cf143e8581d422dfec3fe658ba8fa2e35c2c',
  // NIST, KMAC samples, sample 4.
  kmac: [
    '20c570c31346f703c9ac36c61c03cb64c3970d0cfc787e9b79599d273a68d2f7',
    'f69d4cc3de9d104a351689f27cf6f5951f0103f33f4f24871024d9c27773a8dd',
  ].join(''),
  // RFC 7914 section 12, the first answer, and section 11, the first answer.
  scrypt: [
    '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442',
    'fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
  ].join(''),
  pbkdf2: [
    '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc',
    '49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783',
  ].join(''),
} as const;

interface AeadAnswer {
  readonly key: string;
  readonly nonce: string;
  readonly aad: string;
  readonly plaintext: string;
  readonly sealed: string;
}

interface WrapAnswer {
  readonly kek: string;
  readonly key: string;
  readonly wrapped: string;
}

export interface SymmetricAnswers {
  readonly gcmSiv: AeadAnswer;
  readonly chacha20: AeadAnswer;
  readonly keyWrap: WrapAnswer;
  readonly keyWrapPadded: WrapAnswer;
  readonly siv: Omit<AeadAnswer, 'nonce'>;
  readonly ff1: string;
  readonly shares: readonly string[];
  readonly hmac512: string;
  readonly hkdf512: string;
  readonly kmac: string;
  readonly scrypt: string;
  readonly pbkdf2: string;
}

const utf8 = new TextEncoder();

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function same(actual: Uint8Array, expectedHex: string): boolean {
  const expected = fromHex(expectedHex);
  return actual.length === expected.length && actual.every((byte, index) => byte === expected[index]);
}

function flipped(bytes: Uint8Array): Uint8Array {
  const middle = bytes.length >> 1;
  return bytes.map((byte, index) => (index === middle ? 255 - byte : byte));
}

function aead(suite: AeadSuite, answer: AeadAnswer): boolean {
  const [key, nonce, aad, plaintext] = [answer.key, answer.nonce, answer.aad, answer.plaintext].map(fromHex);
  if (key === undefined || nonce === undefined || aad === undefined || plaintext === undefined) return false;
  const sealed = new Uint8Array(plaintext.length + 16);
  nativeAeadSeal(suite, key, nonce, aad, plaintext, sealed);
  const opened = nativeAeadOpen(suite, key, nonce, aad, sealed);
  return (
    same(sealed, answer.sealed) &&
    opened !== undefined &&
    same(opened, answer.plaintext) &&
    nativeAeadOpen(suite, key, nonce, aad, flipped(sealed)) === undefined
  );
}

function keyWrap(algorithm: NativeKeyWrap, answer: WrapAnswer): boolean {
  const [kek, key, wrapped] = [fromHex(answer.kek), fromHex(answer.key), fromHex(answer.wrapped)];
  const opened = nativeUnwrap(algorithm, kek, wrapped);
  return (
    same(nativeWrap(algorithm, kek, key), answer.wrapped) &&
    opened !== undefined &&
    same(opened, answer.key) &&
    nativeUnwrap(algorithm, kek, flipped(wrapped)) === undefined
  );
}

function siv({ siv: answer }: SymmetricAnswers): boolean {
  const [key, aad, sealed] = [fromHex(answer.key), fromHex(answer.aad), fromHex(answer.sealed)];
  const opened = nativeSivOpen(key, aad, sealed);
  return (
    same(nativeSivSeal(key, aad, fromHex(answer.plaintext)), answer.sealed) &&
    opened !== undefined &&
    same(opened, answer.plaintext) &&
    nativeSivOpen(key, aad, flipped(sealed)) === undefined
  );
}

function ff1(known: SymmetricAnswers): boolean {
  const key = fromHex('2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94');
  const how = { radix: 36, key, tweak: fromHex('3737373770717273373737') };
  const plain = Array.from({ length: 19 }, (_, numeral) => numeral);
  const expected = [...known.ff1].map((character) => Number.parseInt(character, 36));
  return (
    vettedFf1('encrypt', how, plain).join() === expected.join() &&
    vettedFf1('decrypt', how, expected).join() === plain.join()
  );
}

async function shamir(known: SymmetricAnswers): Promise<boolean> {
  const secret = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
  const expected = Array.from(secret, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const fresh = await vettedSplit(secret, 3, 2);
  return (
    same(await vettedCombine(known.shares.map(fromHex)), expected) &&
    same(await vettedCombine(fresh.slice(1)), expected)
  );
}

function hkdf512(known: SymmetricAnswers): boolean {
  const [ikm, salt] = [fromHex('0cbd136d66d15a4ffefde1303b430821'), fromHex('2614d80275b08a1cf90bae0eb607d4d5')];
  const info = fromHex('ee991de21aeb6baa6a5f683dbb755e6f80db1c1d');
  return same(nativeHkdfSha512(ikm, salt, info, 42), known.hkdf512);
}

function kmac(known: SymmetricAnswers): boolean {
  const key = Uint8Array.from({ length: 32 }, (_, index) => 0x40 + index);
  const customization = utf8.encode('My Tagged Application');
  return same(nativeKmac256(key, fromHex('00010203'), customization, 64), known.kmac);
}

async function scrypt(known: SymmetricAnswers): Promise<boolean> {
  const empty = new Uint8Array(0);
  const cost = { cost: 16, blockSize: 1, parallelism: 1, length: 64 };
  return same(await nativeScrypt({ password: empty, salt: empty, ...cost }), known.scrypt);
}

async function pbkdf2(known: SymmetricAnswers): Promise<boolean> {
  const [password, salt] = [utf8.encode('passwd'), utf8.encode('salt')];
  return same(await nativePbkdf2({ password, salt, hash: 'sha256', iterations: 1, length: 64 }), known.pbkdf2);
}

interface NamedTest {
  readonly algorithm: string;
  readonly run: () => boolean | Promise<boolean>;
}

/** The tests of this folder, by registry id. */
export function symmetricTests(known: SymmetricAnswers): readonly NamedTest[] {
  const hmacInput = [utf8.encode('what do ya want for nothing?')];
  return [
    { algorithm: 'AES-256-GCM-SIV', run: () => aead('AES-256-GCM-SIV', known.gcmSiv) },
    { algorithm: 'ChaCha20-Poly1305', run: () => aead('ChaCha20-Poly1305', known.chacha20) },
    { algorithm: 'AES-256-KW', run: () => keyWrap('AES-256-KW', known.keyWrap) },
    { algorithm: 'AES-256-KWP', run: () => keyWrap('AES-256-KWP', known.keyWrapPadded) },
    { algorithm: 'AES-256-SIV', run: () => siv(known) },
    { algorithm: 'FF1', run: () => ff1(known) },
    { algorithm: 'Shamir-GF256', run: () => shamir(known) },
    { algorithm: 'HMAC-SHA512', run: () => same(nativeHmacSha512(utf8.encode('Jefe'), hmacInput), known.hmac512) },
    { algorithm: 'HKDF-SHA512', run: () => hkdf512(known) },
    { algorithm: 'KMAC256', run: () => kmac(known) },
    { algorithm: 'scrypt', run: () => scrypt(known) },
    { algorithm: 'PBKDF2', run: () => pbkdf2(known) },
  ];
}
