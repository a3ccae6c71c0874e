// Known answers of the symmetric algorithms for the boot, beside what they test; `self-test.ts` runs them with the others.

import { nativeAeadOpen, nativeAeadSeal } from '#native/aead-suites';
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
} as const;

interface AeadAnswer {
  readonly key: string;
  readonly nonce: string;
  readonly aad: string;
  readonly plaintext: string;
  readonly sealed: string;
}

export interface SymmetricAnswers {
  readonly gcmSiv: AeadAnswer;
  readonly chacha20: AeadAnswer;
}

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

/** The tests of this folder, by registry id. */
export function symmetricTests(known: SymmetricAnswers): readonly { algorithm: string; run: () => boolean }[] {
  return [
    { algorithm: 'AES-256-GCM-SIV', run: () => aead('AES-256-GCM-SIV', known.gcmSiv) },
    { algorithm: 'ChaCha20-Poly1305', run: () => aead('ChaCha20-Poly1305', known.chacha20) },
  ];
}
