import { sameBytes } from '../bytes.ts';
import { need } from '../errors.ts';
import type { RangeHashes } from './proofs.ts';
import { completeRoot, decompose, foldRight, toIndex } from './subtrees.ts';
import { partialsRoot, partialTileIds, readWhole, type TileReader, tilePath, tileWidth } from './tiles.ts';

// Tiles come from a disk that an attacker may have written to. Nothing that this class gives out is believed because it
// was stored: the partial tiles must make the trusted root, and a full tile must make its hash in the tile above.

const cachedTilesMax = 256; // 2 MiB: a walk from left to right needs one per level

/** Hashes of a log, read from tiles and proved against one trusted root. */
export class TrustedTiles implements RangeHashes {
  readonly size: bigint;
  private readonly count: number;
  private readonly reader: TileReader;
  private readonly partials: readonly Uint8Array[];
  private readonly proved = new Map<string, Promise<Uint8Array>>();

  private constructor(reader: TileReader, size: bigint, partials: readonly Uint8Array[]) {
    this.reader = reader;
    this.size = size;
    this.count = toIndex(size);
    this.partials = partials;
  }

  /** Opens the tiles of the tree (`size`, `root`). Throws TLOG_TILE_MISSING, or TLOG_TILE_INVALID when they make another root. */
  static async open(
    reader: TileReader,
    tree: { readonly size: bigint; readonly root: Uint8Array },
  ): Promise<TrustedTiles> {
    const ids = partialTileIds(toIndex(tree.size));
    const partials = await Promise.all(
      ids.map((id) => (id === null ? Promise.resolve(new Uint8Array(0)) : readWhole(reader, id))),
    );
    const makesRoot = sameBytes(partialsRoot(partials), tree.root);
    need(makesRoot, 'TLOG_TILE_INVALID', 'the tiles do not make the root of the trusted checkpoint');
    return new TrustedTiles(reader, tree.size, partials);
  }

  /** Hash of leaves `start` to `end`, one subtree of the log: `start` is aligned to the width or 0. */
  async range(start: bigint, end: bigint): Promise<Uint8Array> {
    return foldRight(await this.subtrees(toIndex(start), toIndex(end)));
  }

  /** Hashes of the maximal aligned subtrees that make up leaves `start` to `end`, from left to right. */
  subtrees(start: number, end: number): Promise<Uint8Array[]> {
    return Promise.all(decompose(start, end).map((part) => this.subtree(part.level, part.index)));
  }

  /** Hash of the complete subtree of 2^level leaves, the `index`-th from the left. */
  async subtree(level: number, index: number): Promise<Uint8Array> {
    need((index + 1) * 2 ** level <= this.count, 'TLOG_RANGE_INVALID', 'the subtree is not in the tree');
    const width = 2 ** (level % 8);
    const first = index * width;
    const tile = await this.tile(Math.floor(level / 8), Math.floor(first / tileWidth));
    const at = (first % tileWidth) * 32;
    return completeRoot(tile.subarray(at, at + width * 32));
  }

  /** Hashes of the tile at (`level`, `index`), as wide as the tree has them. */
  tile(level: number, index: number): Promise<Uint8Array> {
    const hashesOfLevel = Math.floor(this.count / tileWidth ** level);
    if (index === Math.floor(hashesOfLevel / tileWidth))
      return Promise.resolve(this.partials[level] ?? new Uint8Array(0));
    const key = `${level}/${index}`;
    const known = this.proved.get(key);
    if (known !== undefined) return known;
    if (this.proved.size >= cachedTilesMax) this.forgetOldest();
    const reading = this.prove(level, index);
    this.proved.set(key, reading);
    return reading;
  }

  private async prove(level: number, index: number): Promise<Uint8Array> {
    const id = { level, index: BigInt(index), width: tileWidth };
    const hashes = await readWhole(this.reader, id);
    const above = await this.tile(level + 1, Math.floor(index / tileWidth));
    const at = (index % tileWidth) * 32;
    const makesHash = sameBytes(completeRoot(hashes), above.subarray(at, at + 32));
    need(makesHash, 'TLOG_TILE_INVALID', `${tilePath(id)} does not make its hash in the tile above`);
    return hashes;
  }

  private forgetOldest(): void {
    for (const key of this.proved.keys()) {
      this.proved.delete(key);
      return;
    }
  }
}
