import { concat } from '../bytes.ts';
import { need } from '../errors.ts';
import { completeRoot, decompose, foldRight, toIndex } from './subtrees.ts';

// Tiles of height 8 as in c2sp.org/tlog-tiles: level l holds the hashes of complete subtrees of 256^l leaves.

/** Hashes in a full tile. */
export const tileWidth = 256;

/** Names a tile; `width` is 256 for a full one and 1 to 255 for a partial one. */
export interface TileId {
  readonly level: number;
  readonly index: bigint;
  readonly width: number;
}

/** A tile with its `width` hashes of 32 bytes, one after another. */
export interface Tile extends TileId {
  readonly hashes: Uint8Array;
}

/** Where tiles come from: a store, a folder, a server. Gives exactly `width * 32` bytes, or null when it has no such tile. */
export interface TileReader {
  readTile(tile: TileId): Promise<Uint8Array | null>;
}

/** The path of c2sp.org/tlog-tiles, for example `tile/0/x001/x234/067.p/8`. Throws TLOG_TILE_INVALID. */
export function tilePath({ level, index, width }: TileId): string {
  need(Number.isInteger(level) && level >= 0 && level <= 63, 'TLOG_TILE_INVALID', 'tile level is 0 to 63');
  need(Number.isInteger(width) && width >= 1 && width <= tileWidth, 'TLOG_TILE_INVALID', 'tile width is 1 to 256');
  need(index >= 0n, 'TLOG_TILE_INVALID', 'tile index is negative');
  const digits = index.toString();
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${path}${width < tileWidth ? `.p/${width}` : ''}`;
}

/** The growing edge of the tree: the partial tile of each level. Appending gives a new edge and leaves this one as it is. */
export interface TreeEdge {
  readonly size: bigint;
  /** Hashes of the partial tile of each level, lowest first; empty where the level has none. */
  readonly partials: readonly Uint8Array[];
}

export const emptyTree: TreeEdge = { size: 0n, partials: [] };

/** Root of the tree that ends at this edge. */
export function treeRoot(edge: TreeEdge): Uint8Array {
  return partialsRoot(edge.partials);
}

/**
 * Appends leaf hashes. Gives the new edge and every tile that is new or wider than before: full ones once, and of the
 * partial ones the newest width. Store the tiles before a checkpoint of the new size is published.
 */
export function appendLeaves(edge: TreeEdge, leafHashes: readonly Uint8Array[]): { edge: TreeEdge; tiles: Tile[] } {
  need(
    leafHashes.every((hash) => hash.length === 32),
    'TLOG_TILE_INVALID',
    'a leaf hash has 32 bytes',
  );
  const tiles: Tile[] = [];
  const partials = [...edge.partials];
  let fresh: readonly Uint8Array[] = leafHashes;
  let before = toIndex(edge.size); // hashes that the level held before
  for (let level = 0; fresh.length > 0; level += 1) {
    let index = Math.floor(before / tileWidth);
    const row = concat(partials[level] ?? new Uint8Array(0), ...fresh);
    const above: Uint8Array[] = [];
    let at = 0;
    for (; row.length - at >= tileWidth * 32; index += 1, at += tileWidth * 32) {
      const hashes = row.slice(at, at + tileWidth * 32);
      tiles.push({ level, index: BigInt(index), width: tileWidth, hashes });
      above.push(completeRoot(hashes));
    }
    const rest = row.slice(at);
    if (rest.length > 0) tiles.push({ level, index: BigInt(index), width: rest.length / 32, hashes: rest });
    partials[level] = rest;
    fresh = above;
    before = Math.floor(before / tileWidth);
  }
  return { edge: { size: edge.size + BigInt(leafHashes.length), partials }, tiles };
}

/** The partial tiles of a tree of `size` leaves, one per level, null where the level has none (c2sp.org/tlog-tiles). */
export function partialTileIds(size: number): (TileId | null)[] {
  const ids: (TileId | null)[] = [];
  for (let count = size, level = 0; count > 0; count = Math.floor(count / tileWidth), level += 1) {
    const width = count % tileWidth;
    ids.push(width === 0 ? null : { level, index: BigInt(Math.floor(count / tileWidth)), width });
  }
  return ids;
}

/** Reads the edge of a tree of `size` leaves, to go on appending. Throws TLOG_TILE_MISSING or TLOG_TILE_INVALID. */
export async function loadTree(reader: TileReader, size: bigint): Promise<TreeEdge> {
  const ids = partialTileIds(toIndex(size));
  const partials = await Promise.all(
    ids.map((id) => (id === null ? Promise.resolve(new Uint8Array(0)) : readWhole(reader, id))),
  );
  return { size, partials };
}

/** Reads a tile that must be there, with the width that it must have. */
export async function readWhole(reader: TileReader, id: TileId): Promise<Uint8Array> {
  const hashes = await reader.readTile(id);
  need(hashes !== null, 'TLOG_TILE_MISSING', `${tilePath(id)} is missing`);
  need(hashes.length === id.width * 32, 'TLOG_TILE_INVALID', `${tilePath(id)} has not ${id.width} hashes`);
  return hashes;
}

/** Root of the tree whose partial tiles these are, lowest level first. */
export function partialsRoot(partials: readonly Uint8Array[]): Uint8Array {
  const subtrees: Uint8Array[] = [];
  for (let level = partials.length - 1; level >= 0; level -= 1) {
    const row = partials[level] ?? new Uint8Array(0);
    const width = row.length / 32;
    for (const part of decompose(0, width)) {
      const first = part.index * 2 ** part.level * 32;
      subtrees.push(completeRoot(row.subarray(first, first + 2 ** part.level * 32)));
    }
  }
  return foldRight(subtrees);
}
