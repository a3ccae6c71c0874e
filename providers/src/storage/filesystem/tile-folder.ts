import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type TileId, type TileReader, tilePath, tileWidth } from '@quantumvault/tlog';
import { namesIn, readIfThere } from './durable-files.ts';

const tileBytesMax = tileWidth * 32;

/**
 * Reads tiles from a folder by their c2sp.org/tlog-tiles paths, whether it holds `tile/0/...` or is itself that `tile`.
 * A partial tile may also be the beginning of a wider one. Nothing read is trusted: open it with `TrustedTiles`.
 */
export class FileTileReader implements TileReader {
  private readonly folder: string;
  private hasTileFolder: Promise<boolean> | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  async readTile(tile: TileId): Promise<Uint8Array | null> {
    this.hasTileFolder ??= isFolder(join(this.folder, 'tile'));
    const prefix = (await this.hasTileFolder) ? '' : 'tile/';
    return readTileFrom((id) => join(this.folder, tilePath(id).slice(prefix.length)), tile);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** Reads a tile, or the beginning of a wider one, by `pathOf`. Null when there is neither. */
export async function readTileFrom(pathOf: (tile: TileId) => string, tile: TileId): Promise<Uint8Array | null> {
  const exact = await readIfThere(pathOf(tile), tileBytesMax);
  if (exact !== null || tile.width === tileWidth) return exact;
  const full = await readIfThere(pathOf({ ...tile, width: tileWidth }), tileBytesMax);
  if (full !== null) return full.slice(0, tile.width * 32);
  const partials = pathOf({ ...tile, width: 1 }).slice(0, -2);
  const widths = (await namesIn(partials)).map(Number).filter((width) => width > tile.width && width < tileWidth);
  for (const width of widths.sort((left, right) => left - right)) {
    const wider = await readIfThere(pathOf({ ...tile, width }), tileBytesMax);
    if (wider !== null) return wider.slice(0, tile.width * 32);
  }
  // Between the two looks the tile may have become full and its partial ones been dropped.
  return (await readIfThere(pathOf({ ...tile, width: tileWidth }), tileBytesMax))?.slice(0, tile.width * 32) ?? null;
}
