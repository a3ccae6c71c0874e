import type { Tile, TileReader } from '@quantumvault/tlog';

/** Every code a {@link CheckpointStoreError} can carry. */
export type CheckpointStoreErrorCode =
  /** Another process published first: read `latest` again. Nothing was changed. */
  | 'CHECKPOINT_STORE_CONFLICT'
  /** The checkpoint would roll back or fork what is held: same or smaller size, or another origin. */
  | 'CHECKPOINT_STORE_ROLLBACK'
  /** A tile is already held with other hashes: the log that writes is not the log that is held. */
  | 'CHECKPOINT_STORE_TILE_CONFLICT'
  /** What is given is no checkpoint, no tile or no key file. */
  | 'CHECKPOINT_STORE_INVALID'
  /** What is held cannot be read as what it must be. A sequencer must stop. */
  | 'CHECKPOINT_STORE_DAMAGED'
  /** The store cannot be reached or written now. */
  | 'CHECKPOINT_STORE_UNAVAILABLE';

export class CheckpointStoreError extends Error {
  override readonly name = 'CheckpointStoreError';
  readonly code: CheckpointStoreErrorCode;

  constructor(code: CheckpointStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface CheckpointSummary {
  readonly size: bigint;
  readonly text: string;
}

/**
 * The place outside the database that holds every checkpoint, the hash tiles and the public keys (AUD-4, AUD-7). It is
 * what makes a rollback visible, so it belongs on another account or host than the database. All writes are durable
 * when their promise resolves. Texts are stored byte for byte; signatures are the caller's to verify.
 */
export interface CheckpointStore extends TileReader {
  /**
   * Publishes `next` as the newest checkpoint, if `expected` is still the newest (its exact text, or null for none).
   * Of several callers with one `expected` exactly one succeeds. Sizes grow strictly and the origin stays.
   * Throws CONFLICT, ROLLBACK, INVALID, DAMAGED, UNAVAILABLE. After any error but CONFLICT, ROLLBACK and INVALID it is
   * open whether it was published: read `latest`.
   */
  publish(expected: string | null, next: string): Promise<void>;

  /** The newest checkpoint, or null when none was ever published. */
  readLatest(): Promise<CheckpointSummary | null>;

  /** The checkpoint of exactly this size, or null. */
  readCheckpoint(size: bigint): Promise<CheckpointSummary | null>;

  /** Checkpoints by growing size, beginning at `fromSize` (default 0). */
  listCheckpoints(fromSize?: bigint): AsyncIterable<CheckpointSummary>;

  /**
   * Stores tiles before the checkpoint that needs them. Repeating a tile is allowed, changing one is not
   * (TILE_CONFLICT). A partial tile may be dropped once its full tile is held.
   */
  putTiles(tiles: readonly Tile[]): Promise<void>;

  /** The text of `log.vkey`, or null. */
  readKeys(): Promise<string | null>;

  /** Replaces the text of `log.vkey`: one line per key. */
  writeKeys(text: string): Promise<void>;
}
