import { need } from '../errors.ts';
import { emptyRoot, hashNode } from './hashing.ts';

// Inside the package, indices are numbers: a log of 2^53 leaves does not exist, and numbers are what makes 100,000
// leaves a second cheap. The public functions take and give bigint and pass through `toIndex`.

/** A complete subtree: 2^level leaves, the `index`-th of its kind from the left. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** A public log index or size as the number used inside. Throws TLOG_RANGE_INVALID outside 0 to 2^53 - 1. */
export function toIndex(value: bigint): number {
  need(value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER), 'TLOG_RANGE_INVALID', 'log index outside its range');
  return Number(value);
}

/** The maximal aligned subtrees that make up the leaves `start` to `end` (exclusive), from left to right. */
export function decompose(start: number, end: number): Subtree[] {
  const parts: Subtree[] = [];
  let at = start;
  while (at < end) {
    let level = 0;
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2;
      level += 1;
    }
    parts.push({ level, index: at / width });
    at += width;
  }
  return parts;
}

/** Hash of a right-ragged tree from its complete subtrees, left to right (RFC 9162 section 2.1.1). */
export function foldRight(hashes: readonly Uint8Array[]): Uint8Array {
  let folded: Uint8Array | undefined;
  for (let at = hashes.length - 1; at >= 0; at -= 1) {
    const hash = hashes[at];
    if (hash !== undefined) folded = folded === undefined ? hash : hashNode(hash, folded);
  }
  return folded ?? emptyRoot();
}

/** Root of a complete subtree from `hashes`, a power of two of them, 32 bytes each. */
export function completeRoot(hashes: Uint8Array): Uint8Array {
  const level: Uint8Array[] = [];
  for (let at = 0; at < hashes.length; at += 32) level.push(hashes.subarray(at, at + 32));
  for (let width = level.length; width > 1; width /= 2) {
    for (let at = 0; at < width; at += 2) {
      const [left, right] = [level[at], level[at + 1]];
      need(left !== undefined && right !== undefined, 'TLOG_RANGE_INVALID', 'not a power of two hashes');
      level[at / 2] = hashNode(left, right);
    }
  }
  const root = level[0];
  need(root !== undefined, 'TLOG_RANGE_INVALID', 'no hashes');
  return root;
}

/**
 * Adjacent subtrees, merged whenever two of them are the halves of one. Begun at 0 it is the compact range of a growing
 * tree; begun elsewhere it gathers the hashes of a gap. Holds at most two hashes per level.
 */
export class SubtreeRun {
  readonly start: number;
  private position: number;
  private readonly nodes: { level: number; index: number; hash: Uint8Array }[] = [];

  constructor(start: number) {
    this.start = start;
    this.position = start;
  }

  /** The leaf index after the last one covered. */
  get end(): number {
    return this.position;
  }

  /** Adds the complete subtree of 2^level leaves at `end`. Throws TLOG_RANGE_INVALID when it is not aligned there. */
  append(hash: Uint8Array, level = 0): void {
    const width = 2 ** level;
    need(this.position % width === 0, 'TLOG_RANGE_INVALID', 'subtree is not aligned');
    let node = { level, index: this.position / width, hash };
    this.position += width;
    let last = this.nodes.at(-1);
    while (last !== undefined && last.level === node.level && node.index % 2 === 1) {
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash: hashNode(last.hash, node.hash) };
      this.nodes.pop();
      last = this.nodes.at(-1);
    }
    this.nodes.push(node);
  }

  /** Hashes of the maximal aligned subtrees, in the order of {@link decompose}. */
  hashes(): Uint8Array[] {
    return this.nodes.map((node) => node.hash);
  }

  /** Root of the tree of all leaves covered; meaningful for a run begun at 0. */
  root(): Uint8Array {
    return foldRight(this.hashes());
  }
}
