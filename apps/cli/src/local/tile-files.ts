import { closeSync, constants, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type TileId, type TileReader, tilePath, tileWidth } from '@quantumvault/tlog';

const tileBytes = tileWidth * 32;

/**
 * Reads full tiles of a kept folder in one step each. Reading is synchronous on purpose, like that of the export: a log
 * of 100,000 leaves has 400 tiles, and the way through the thread pool takes longer than the files. Whatever is not a
 * plain file of a full tile's length is left to `other`, which also knows partial tiles.
 */
export class DirectTiles implements TileReader {
  private readonly folder: string;
  private readonly prefix: string;
  private readonly other: TileReader;

  constructor(folder: string, other: TileReader) {
    this.folder = folder;
    this.other = other;
    this.prefix = existsSync(join(folder, 'tile')) ? '' : 'tile/';
  }

  readTile(tile: TileId): Promise<Uint8Array | null> {
    const hashes = tile.width === tileWidth ? readTileFile(this.pathOf(tile)) : null;
    return hashes === null ? this.other.readTile(tile) : Promise.resolve(hashes);
  }

  private pathOf(tile: TileId): string {
    return join(this.folder, tilePath(tile).slice(this.prefix.length));
  }
}

function readTileFile(file: string): Uint8Array | null {
  let handle: number | null = null;
  try {
    // A named pipe must not hold the command; the flag does not exist on Windows, where there are none in folders.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const entry = fstatSync(handle);
    if (!entry.isFile() || entry.size !== tileBytes) return null;
    const hashes = new Uint8Array(tileBytes);
    return readSync(handle, hashes, 0, tileBytes, 0) === tileBytes ? hashes : null;
  } catch {
    return null;
  } finally {
    if (handle !== null) closeSync(handle);
  }
}
