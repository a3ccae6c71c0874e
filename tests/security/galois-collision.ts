/**
 * Makes one AES-256-GCM ciphertext that opens under two keys ("invisible salamander"). Nothing is broken for it: the tag
 * is a polynomial over GF(2^128), so with both keys at hand one free block solves for equal tags. It shows that the danger
 * is real, so that the tests which refuse it prove something.
 */
import { ecb } from '@noble/ciphers/aes.js';

const blockBytes = 16;
/** The reduction of GCM: bits run from the left. */
const reduction = 0xe1n << 120n;
const mask = (1n << 128n) - 1n;

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
const toBlock = (value: bigint): Uint8Array =>
  new Uint8Array(Buffer.from((value & mask).toString(16).padStart(32, '0'), 'hex'));

function multiply(a: bigint, b: bigint): bigint {
  let [product, shifted] = [0n, b];
  for (let bit = 127n; bit >= 0n; bit -= 1n) {
    if (((a >> bit) & 1n) === 1n) product ^= shifted;
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ reduction : shifted >> 1n;
  }
  return product;
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n << 127n, base];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

/** By Fermat: the group has 2^128 - 1 elements. */
const inverse = (value: bigint): bigint => power(value, mask - 1n);

const padded = (bytes: Uint8Array): Uint8Array[] => {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = new Uint8Array(blockBytes);
    block.set(bytes.subarray(at, at + blockBytes));
    blocks.push(block);
  }
  return blocks;
};

const encryptBlock = (key: Uint8Array, block: Uint8Array): Uint8Array =>
  ecb(key, { disablePadding: true }).encrypt(block);

export interface Collision {
  readonly keys: readonly [Uint8Array, Uint8Array];
  readonly nonce: Uint8Array;
  /** What is authenticated beside it under each of the two keys. */
  readonly aads: readonly [Uint8Array, Uint8Array];
  /** Whole blocks; the last one is replaced by what makes the tags equal. */
  readonly ciphertext: Uint8Array;
}

/** Ciphertext and tag that both keys take. */
export function collide({ keys, nonce, aads, ciphertext }: Collision): Uint8Array {
  const blocks = padded(ciphertext).slice(0, -1);
  const sides = [0, 1].map((side) => {
    const [key = new Uint8Array(32), aad = new Uint8Array(0)] = [keys[side], aads[side]];
    const h = toNumber(encryptBlock(key, new Uint8Array(blockBytes)));
    const mark = toNumber(encryptBlock(key, Uint8Array.of(...nonce, 0, 0, 0, 1)));
    const lengths = (BigInt(aad.length * 8) << 64n) | BigInt(ciphertext.length * 8);
    // GHASH with zero in the place of the free block.
    let hash = 0n;
    for (const block of [...padded(aad), ...blocks]) hash = multiply(hash ^ toNumber(block), h);
    hash = multiply(multiply(hash, h) ^ lengths, h);
    return { constant: hash ^ mark, weight: multiply(h, h) };
  });
  const [one = { constant: 0n, weight: 0n }, two = one] = sides;
  const free = multiply(one.constant ^ two.constant, inverse(one.weight ^ two.weight));
  const tag = one.constant ^ multiply(free, one.weight);
  return new Uint8Array(Buffer.concat([...blocks, toBlock(free), toBlock(tag)]));
}
