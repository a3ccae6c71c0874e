import { type CheckpointStore, CheckpointStoreError } from '@quantumvault/ports';
import {
  appendLeaves,
  type CheckpointSigners,
  emptyTree,
  formatLogKeys,
  type LogKey,
  loadTree,
  logKeysOf,
  signCheckpoint,
  TlogError,
  type TreeEdge,
  TrustedTiles,
  treeRoot,
  verifyCheckpoint,
} from '@quantumvault/tlog';
import { LogDamage } from './log-damage.ts';

/** Named points between which a process may die; tests die there. */
export type SequencerStep =
  | 'leaves-inserted'
  | 'leaves-committed'
  | 'checkpoint-signed'
  | 'tiles-stored'
  | 'checkpoint-stored'
  | 'checkpoint-recorded';

/** A published head of the log. */
export interface PublishedCheckpoint {
  readonly size: bigint;
  readonly root: Uint8Array;
  readonly text: string;
  /** Seconds since 1970. */
  readonly timestamp: bigint;
}

/**
 * The log as it is held outside the database: the newest checkpoint, and the edge of the tree that goes on from it.
 * What comes from the store is believed only when this installation's two keys signed it and its tiles make its root.
 */
export class OutsideLog {
  readonly #store: CheckpointStore;
  readonly #origin: string;
  readonly #signers: CheckpointSigners;
  #edge: TreeEdge;
  #newest: PublishedCheckpoint | null;

  private constructor(
    options: { store: CheckpointStore; origin: string; signers: CheckpointSigners },
    state: { edge: TreeEdge; newest: PublishedCheckpoint | null },
  ) {
    this.#store = options.store;
    this.#origin = options.origin;
    this.#signers = options.signers;
    this.#edge = state.edge;
    this.#newest = state.newest;
  }

  /**
   * Reads the newest outside checkpoint; whoever cannot is no sequencer (AUD-4). Throws `LogDamage` when it is not this
   * log's, and the store's error when it cannot be reached.
   */
  static async open(given: {
    openStore: () => Promise<CheckpointStore>;
    origin: string;
    signers: CheckpointSigners;
  }): Promise<OutsideLog> {
    const { openStore, origin, signers } = given;
    const keys = logKeysOf(origin, signers);
    return orNotOurs(async () => {
      const store = await openStore();
      const options = { store, origin, signers };
      const latest = await store.readLatest();
      if (latest === null) {
        await writeKeys(store, keys);
        return new OutsideLog(options, { edge: emptyTree, newest: null });
      }
      const { size, root, timestamp, text } = verifyCheckpoint(latest.text, keys);
      await TrustedTiles.open(store, { size, root });
      const edge = await loadTree(store, size);
      await writeKeys(store, keys);
      return new OutsideLog(options, { edge, newest: { size, root, text, timestamp } });
    });
  }

  get newest(): PublishedCheckpoint | null {
    return this.#newest;
  }

  get size(): bigint {
    return this.#newest?.size ?? 0n;
  }

  /** Tiles of the newest checkpoint, proved against it; null before the first. */
  async tiles(): Promise<TrustedTiles | null> {
    return this.#newest === null ? null : orNotOurs(() => TrustedTiles.open(this.#store, this.#newest ?? never()));
  }

  /** Signs and stores the head over the leaves with these hashes, which follow the newest checkpoint. */
  async publish(
    leafHashes: readonly Uint8Array[],
    signedAt: Date,
    onStep: (step: SequencerStep) => void | Promise<void>,
  ): Promise<PublishedCheckpoint> {
    const { edge, tiles } = appendLeaves(this.#edge, leafHashes);
    const root = treeRoot(edge);
    const timestamp = BigInt(Math.floor(signedAt.getTime() / 1000));
    const text = await signCheckpoint({ origin: this.#origin, size: edge.size, root }, timestamp, this.#signers);
    await onStep('checkpoint-signed');
    const newest = { size: edge.size, root, text, timestamp };
    try {
      await this.#store.putTiles(tiles);
      await onStep('tiles-stored');
      await this.#store.publish(this.#newest?.text ?? null, text);
    } catch (cause) {
      if (cause instanceof CheckpointStoreError && cause.code === 'CHECKPOINT_STORE_TILE_CONFLICT')
        throw new LogDamage('DATABASE_FORKED', 'The outside tiles hold other leaves than the database.', { cause });
      throw cause;
    }
    await onStep('checkpoint-stored');
    this.#edge = edge;
    this.#newest = newest;
    return newest;
  }
}

async function writeKeys(store: CheckpointStore, keys: readonly LogKey[]): Promise<void> {
  const text = formatLogKeys(keys);
  if ((await store.readKeys()) !== text) await store.writeKeys(text);
}

async function orNotOurs<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const isDamaged = cause instanceof CheckpointStoreError && cause.code === 'CHECKPOINT_STORE_DAMAGED';
    if (cause instanceof TlogError || isDamaged)
      throw new LogDamage(
        'OUTSIDE_NOT_OURS',
        'The newest outside checkpoint is not signed by this installation, or its tiles do not make its root.',
        { cause },
      );
    throw cause;
  }
}

function never(): never {
  throw new TypeError('there is no checkpoint');
}
