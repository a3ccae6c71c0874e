import {
  parseCheckpoint,
  parseLogKeys,
  sameBytes,
  type Tile,
  type TileId,
  tilePath,
  tileWidth,
} from '@quantumvault/tlog';
import { type CheckpointStore, CheckpointStoreError, type CheckpointSummary } from './checkpoint-store.ts';

/** A checkpoint store in memory: for tests and for installations that keep nothing. */
export class MemoryCheckpointStore implements CheckpointStore {
  private readonly checkpoints: (CheckpointSummary & { readonly origin: string })[] = [];
  private readonly tiles = new Map<string, Uint8Array>();
  private keys: string | null = null;

  async publish(expected: string | null, next: string): Promise<void> {
    const { origin, size } = orInvalid(() => parseCheckpoint(next));
    const latest = this.checkpoints.at(-1);
    if ((latest?.text ?? null) !== expected) {
      throw new CheckpointStoreError('CHECKPOINT_STORE_CONFLICT', 'another checkpoint is the newest');
    }
    if (latest !== undefined && (size <= latest.size || origin !== latest.origin)) {
      throw new CheckpointStoreError('CHECKPOINT_STORE_ROLLBACK', 'the checkpoint does not follow the newest one');
    }
    this.checkpoints.push({ origin, size, text: next });
  }

  async readLatest(): Promise<CheckpointSummary | null> {
    return summary(this.checkpoints.at(-1));
  }

  async readCheckpoint(size: bigint): Promise<CheckpointSummary | null> {
    return summary(this.checkpoints.find((checkpoint) => checkpoint.size === size));
  }

  async *listCheckpoints(fromSize = 0n): AsyncGenerator<CheckpointSummary> {
    for (const checkpoint of this.checkpoints) {
      if (checkpoint.size >= fromSize) yield { size: checkpoint.size, text: checkpoint.text };
    }
  }

  async putTiles(tiles: readonly Tile[]): Promise<void> {
    for (const tile of tiles) {
      const path = orInvalid(() => tilePath(tile));
      if (tile.hashes.length !== tile.width * 32) {
        throw new CheckpointStoreError('CHECKPOINT_STORE_INVALID', 'a tile of another length');
      }
      const held = this.tiles.get(path);
      if (held !== undefined && !sameBytes(held, tile.hashes)) {
        throw new CheckpointStoreError('CHECKPOINT_STORE_TILE_CONFLICT', `${path} is held with other hashes`);
      }
      this.tiles.set(path, new Uint8Array(tile.hashes));
    }
  }

  async readTile(tile: TileId): Promise<Uint8Array | null> {
    for (let width = tile.width; width <= tileWidth; width += 1) {
      const held = this.tiles.get(tilePath({ ...tile, width }));
      if (held !== undefined) return held.slice(0, tile.width * 32);
    }
    return null;
  }

  async readKeys(): Promise<string | null> {
    return this.keys;
  }

  async writeKeys(text: string): Promise<void> {
    orInvalid(() => parseLogKeys(text));
    this.keys = text;
  }
}

function summary(checkpoint: CheckpointSummary | undefined): CheckpointSummary | null {
  return checkpoint === undefined ? null : { size: checkpoint.size, text: checkpoint.text };
}

function orInvalid<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new CheckpointStoreError('CHECKPOINT_STORE_INVALID', 'neither checkpoint, tile nor key file', { cause });
  }
}
