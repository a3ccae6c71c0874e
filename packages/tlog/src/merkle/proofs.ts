import { sameBytes } from '../bytes.ts';
import { need } from '../errors.ts';
import { hashNode } from './hashing.ts';
import { toIndex } from './subtrees.ts';

/** Gives the hash of the leaves `start` to `end` (exclusive) as a subtree of the log; `TrustedTiles` is one. */
export interface RangeHashes {
  range(start: bigint, end: bigint): Promise<Uint8Array>;
}

type Range = readonly [start: number, end: number];

/** Inclusion proof of the leaf at `index` in the tree of `size` leaves, leaf's sibling first (RFC 6962 section 2.1.1). */
export async function proveInclusion(hashes: RangeHashes, index: bigint, size: bigint): Promise<Uint8Array[]> {
  const [leaf, end] = [toIndex(index), toIndex(size)];
  need(leaf < end, 'TLOG_RANGE_INVALID', 'the leaf is not in the tree');
  return gather(hashes, inclusionRanges(leaf, 0, end));
}

/** Proof that the tree of `size2` leaves begins with that of `size1` (RFC 6962 section 2.1.2); empty for equal sizes. */
export async function proveConsistency(hashes: RangeHashes, size1: bigint, size2: bigint): Promise<Uint8Array[]> {
  const [older, newer] = [toIndex(size1), toIndex(size2)];
  need(older >= 1 && older <= newer, 'TLOG_RANGE_INVALID', 'the older tree is empty or larger');
  return gather(hashes, consistencyRanges(older, 0, newer, true));
}

/** Tells whether `proof` shows that `leafHash` is leaf `index` of the tree of `size` leaves with this root. */
export function verifyInclusion(input: {
  readonly index: bigint;
  readonly size: bigint;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): boolean {
  const path = inclusionPath(input);
  const top = path?.at(-1)?.hash;
  return top !== undefined && input.root.length === 32 && sameBytes(top, input.root);
}

/** One step from a leaf to the root: the hash that it reaches, and the sibling that it took in; the first has none. */
export interface InclusionStep {
  readonly hash: Uint8Array;
  readonly sibling: Uint8Array | null;
  readonly siblingIsLeft: boolean;
}

/**
 * The way from a leaf up that a proof describes, for those who show it: the last hash is the root that the proof leads to,
 * and nothing says yet that it is the right one. Null when the proof does not fit the index and the size.
 */
export function inclusionPath(input: {
  readonly index: bigint;
  readonly size: bigint;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
}): InclusionStep[] | null {
  const { index, size, leafHash, proof } = input;
  if (index < 0n || index >= size || !areHashes([leafHash, ...proof])) return null;
  // RFC 9162 section 2.1.3.2
  let fn = index;
  let sn = size - 1n;
  let hash = leafHash;
  const path: InclusionStep[] = [{ hash, sibling: null, siblingIsLeft: false }];
  for (const sibling of proof) {
    if (sn === 0n) return null;
    const siblingIsLeft = (fn & 1n) === 1n || fn === sn;
    if (siblingIsLeft) {
      hash = hashNode(sibling, hash);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      hash = hashNode(hash, sibling);
    }
    path.push({ hash, sibling, siblingIsLeft });
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n ? path : null;
}

/** Tells whether `proof` shows that the tree (`size2`, `root2`) only grew from (`size1`, `root1`). */
export function verifyConsistency(input: {
  readonly size1: bigint;
  readonly size2: bigint;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
}): boolean {
  const { size1, size2, root1, root2, proof } = input;
  if (!areHashes([root1, root2, ...proof])) return false;
  // Every tree begins with the empty one: a proof about it says nothing, so there is none.
  if (size1 <= 0n || size1 > size2) return false;
  if (size1 === size2) return proof.length === 0 && sameBytes(root1, root2);
  // RFC 9162 section 2.1.4.2
  const isPowerOfTwo = (size1 & (size1 - 1n)) === 0n;
  const [first, ...rest] = isPowerOfTwo ? [root1, ...proof] : proof;
  if (first === undefined || proof.length === 0) return false;
  let fn = size1 - 1n;
  let sn = size2 - 1n;
  while ((fn & 1n) === 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let older = first;
  let newer = first;
  for (const hash of rest) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      older = hashNode(hash, older);
      newer = hashNode(hash, newer);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      newer = hashNode(newer, hash);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && sameBytes(older, root1) && sameBytes(newer, root2);
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === 32);
}

function gather(hashes: RangeHashes, ranges: readonly Range[]): Promise<Uint8Array[]> {
  return Promise.all(ranges.map(([start, end]) => hashes.range(BigInt(start), BigInt(end))));
}

/** Largest power of two smaller than `width` (at least 2). */
function split(width: number): number {
  let power = 1;
  while (power * 2 < width) power *= 2;
  return power;
}

function inclusionRanges(leaf: number, start: number, end: number): Range[] {
  if (end - start <= 1) return [];
  const middle = start + split(end - start);
  return leaf < middle
    ? [...inclusionRanges(leaf, start, middle), [middle, end]]
    : [...inclusionRanges(leaf, middle, end), [start, middle]];
}

function consistencyRanges(older: number, start: number, end: number, isWhole: boolean): Range[] {
  if (older === end) return isWhole ? [] : [[start, end]];
  const middle = start + split(end - start);
  return older <= middle
    ? [...consistencyRanges(older, start, middle, isWhole), [middle, end]]
    : [...consistencyRanges(older, middle, end, false), [start, middle]];
}
