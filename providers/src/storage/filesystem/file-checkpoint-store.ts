import { dirname, join } from 'node:path';
import { type CheckpointStore, CheckpointStoreError, type CheckpointSummary } from '@quantumvault/ports';
import {
  parseCheckpoint,
  parseLogKeys,
  sameBytes,
  type Tile,
  type TileId,
  tilePath,
  tileWidth,
} from '@quantumvault/tlog';
import { CheckpointHistory, damaged, type HeldCheckpoint, readCheckpointText } from './checkpoint-history.ts';
import { DurableFiles, type PendingFile, readIfThere } from './durable-files.ts';
import { readTileFrom } from './tile-folder.ts';

const latestBytesMax = 256 * 1024;
const keysBytesMax = 256 * 1024;

/**
 * The checkpoint store of one host, in a folder (AUD-4). Two processes may open the same folder: publishing is decided
 * by one hard link, so a process killed at any moment leaves no lock behind and no half of anything. `latest` is a copy
 * of the newest checkpoint of the history; when a crash left it behind, opening and publishing put it right.
 */
export class FileCheckpointStore implements CheckpointStore {
  private readonly folder: string;
  private readonly files: DurableFiles;
  private readonly history: CheckpointHistory;

  private constructor(folder: string, files: DurableFiles) {
    this.folder = folder;
    this.files = files;
    this.history = new CheckpointHistory(join(folder, 'history'), files);
  }

  /** Opens the folder, and makes it (0700) when it is not there. Throws CHECKPOINT_STORE_DAMAGED or _UNAVAILABLE. */
  static async open(folder: string): Promise<FileCheckpointStore> {
    const files = await orUnavailable(() => DurableFiles.open(folder));
    const store = new FileCheckpointStore(folder, files);
    await orUnavailable(() => store.repairLatest());
    return store;
  }

  publish(expected: string | null, next: string): Promise<void> {
    return orUnavailable(async () => {
      const { origin, size } = orInvalid(() => parseCheckpoint(next));
      const newest = await this.history.newest();
      if ((newest?.text ?? null) !== expected) throw conflict();
      if (newest !== null && (size <= newest.size || origin !== newest.origin)) {
        throw new CheckpointStoreError('CHECKPOINT_STORE_ROLLBACK', 'the checkpoint does not follow the newest one');
      }
      const bytes = new TextEncoder().encode(next);
      const number = (newest?.number ?? 0) + 1;
      // Two files and not two names of one: a tool that writes into `latest` must not reach the history.
      const [entry, latest] = await Promise.all([this.history.prepare(number, bytes), this.prepareLatest(bytes)]);
      try {
        if (!(await this.files.claim(entry))) throw conflict();
        await this.files.replace([latest]);
      } finally {
        await Promise.all([this.files.discard(entry), this.files.discard(latest)]);
      }
      // A process that was slower here than its successor would otherwise leave the older one as `latest`.
      await this.repairLatest();
    });
  }

  readLatest(): Promise<CheckpointSummary | null> {
    return orUnavailable(async () => summary(await this.history.newest()));
  }

  readCheckpoint(size: bigint): Promise<CheckpointSummary | null> {
    return orUnavailable(async () => {
      const found = await this.history.atLeast(size);
      return found?.size === size ? summary(found) : null;
    });
  }

  async *listCheckpoints(fromSize = 0n): AsyncGenerator<CheckpointSummary> {
    const first = await orUnavailable(() => this.history.atLeast(fromSize));
    const last = await orUnavailable(() => this.history.newest());
    if (first === null || last === null) return;
    for (let number = first.number; number <= last.number; number += 1) {
      const { size, text } = await orUnavailable(() => this.history.mustRead(number));
      yield { size, text };
    }
  }

  putTiles(tiles: readonly Tile[]): Promise<void> {
    return orUnavailable(async () => {
      for (const tile of tiles) {
        const isWhole = tile.hashes.length === tile.width * 32 && orInvalid(() => tilePath(tile)) !== '';
        if (!isWhole) throw new CheckpointStoreError('CHECKPOINT_STORE_INVALID', 'a tile of another length');
      }
      const isNew = await Promise.all(tiles.map((tile) => this.isNewTile(tile)));
      const fresh = tiles.filter((_, at) => isNew[at]);
      const pending: PendingFile[] = [];
      // A first import writes thousands of tiles: a few at a time keeps the open files bounded.
      for (let at = 0; at < fresh.length; at += 32) {
        const batch = fresh.slice(at, at + 32);
        pending.push(...(await Promise.all(batch.map((tile) => this.files.prepare(this.tilePath(tile), tile.hashes)))));
      }
      await this.files.replace(pending);
      const full = fresh.filter((tile) => tile.width === tileWidth);
      // The full tile is on disk: its partial ones are no longer needed (c2sp.org/tlog-tiles).
      await Promise.all(full.map((tile) => this.files.removeFolder(dirname(this.tilePath({ ...tile, width: 1 })))));
    });
  }

  readTile(tile: TileId): Promise<Uint8Array | null> {
    return orUnavailable(async () => {
      const hashes = await readTileFrom((id) => this.tilePath(id), tile);
      if (hashes !== null && hashes.length !== tile.width * 32) throw damaged(`${tilePath(tile)} has another length`);
      return hashes;
    });
  }

  readKeys(): Promise<string | null> {
    return orUnavailable(async () => {
      const bytes = await readIfThere(join(this.folder, 'log.vkey'), keysBytesMax);
      return bytes === null ? null : new TextDecoder().decode(bytes);
    });
  }

  writeKeys(text: string): Promise<void> {
    return orUnavailable(async () => {
      orInvalid(() => parseLogKeys(text));
      const file = await this.files.prepare(join(this.folder, 'log.vkey'), new TextEncoder().encode(text));
      await this.files.replace([file]);
    });
  }

  private tilePath(tile: TileId): string {
    return join(this.folder, 'tiles', tilePath(tile));
  }

  private prepareLatest(bytes: Uint8Array): Promise<PendingFile> {
    return this.files.prepare(join(this.folder, 'latest'), bytes);
  }

  /** False when the same hashes are held, by themselves or at the beginning of a wider tile. */
  private async isNewTile(tile: Tile): Promise<boolean> {
    const held = await readTileFrom((id) => this.tilePath(id), tile);
    // A tile of another length was never one: the disk lost part of it, and writing it again mends it.
    if (held === null || held.length !== tile.hashes.length) return true;
    if (sameBytes(held, tile.hashes)) return false;
    throw new CheckpointStoreError('CHECKPOINT_STORE_TILE_CONFLICT', `${tilePath(tile)} is held with other hashes`);
  }

  /** Makes `latest` the newest checkpoint of the history. */
  private async repairLatest(): Promise<void> {
    for (;;) {
      const [newest, bytes] = await Promise.all([
        this.history.newest(),
        readIfThere(join(this.folder, 'latest'), latestBytesMax),
      ]);
      if (newest === null) {
        if (bytes !== null) throw damaged('there is a latest checkpoint and no history');
        return;
      }
      const wanted = new TextEncoder().encode(newest.text);
      if (bytes !== null && sameBytes(bytes, wanted)) return;
      if (bytes !== null && sizeOf(bytes) > newest.size) throw damaged('the history ends before the latest checkpoint');
      await this.files.replace([await this.prepareLatest(wanted)]);
    }
  }
}

/** Size of a checkpoint, or -1 of what is none: that is replaced from the history. */
function sizeOf(bytes: Uint8Array): bigint {
  try {
    return readCheckpointText(bytes, 'latest').size;
  } catch {
    return -1n;
  }
}

function summary(checkpoint: HeldCheckpoint | null): CheckpointSummary | null {
  return checkpoint === null ? null : { size: checkpoint.size, text: checkpoint.text };
}

function conflict(): CheckpointStoreError {
  return new CheckpointStoreError('CHECKPOINT_STORE_CONFLICT', 'another checkpoint is the newest');
}

function orInvalid<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new CheckpointStoreError('CHECKPOINT_STORE_INVALID', 'neither checkpoint, tile nor key file', { cause });
  }
}

async function orUnavailable<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof CheckpointStoreError) throw cause;
    throw new CheckpointStoreError('CHECKPOINT_STORE_UNAVAILABLE', 'the checkpoint folder cannot be used', { cause });
  }
}
