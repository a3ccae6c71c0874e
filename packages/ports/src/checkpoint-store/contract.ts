import {
  appendLeaves,
  emptyTree,
  encodeBase64,
  formatLogKeys,
  leafHash,
  loadTree,
  logKey,
  noteKeyTypes,
  sameBytes,
  type Tile,
  type TreeEdge,
  TrustedTiles,
  tileWidth,
  treeRoot,
} from '@quantumvault/tlog';
import { type CheckpointStore, CheckpointStoreError, type CheckpointStoreErrorCode } from './checkpoint-store.ts';

/** One rule of the port. `run` throws when the store breaks it; it knows no test runner. */
export interface CheckpointStoreContract {
  readonly rule: string;
  /** `open` gives the same store at every call, as a second process would open it. */
  run(open: () => Promise<CheckpointStore>): Promise<void>;
}

const origin = 'quantumvault/contract';

/** The contract suite: run every rule on an empty store of its own. */
export const checkpointStoreContract: readonly CheckpointStoreContract[] = [
  {
    rule: 'an empty store has no checkpoint, no tile and no key',
    run: async (open) => {
      const store = await open();
      check((await store.readLatest()) === null, 'latest');
      check((await store.readCheckpoint(0n)) === null, 'by size');
      check((await store.readTile({ level: 0, index: 0n, width: 1 })) === null, 'tile');
      check((await store.readKeys()) === null, 'keys');
      check((await list(store)).length === 0, 'list');
    },
  },
  {
    rule: 'AUD-4: every published checkpoint is held byte for byte and is found again by another opener',
    run: async (open) => {
      const store = await open();
      const texts = [1n, 2n, 300n, 70_000n, 70_001n].map((size) => checkpoint(size));
      await publishAll(store, texts);
      const again = await open();
      check((await again.readLatest())?.text === texts[4], 'latest');
      check((await again.readLatest())?.size === 70_001n, 'size of latest');
      check((await again.readCheckpoint(300n))?.text === texts[2], 'by size');
      check((await again.readCheckpoint(301n)) === null, 'no such size');
      check(sameTexts(await list(again), texts), 'list');
      check(sameTexts(await list(again, 2n), texts.slice(1)), 'list from a held size');
      check(sameTexts(await list(again, 3n), texts.slice(2)), 'list from a size between');
      check((await list(again, 70_002n)).length === 0, 'list from beyond');
    },
  },
  {
    rule: 'AUD-4: publishing against anything but the newest checkpoint is a conflict and changes nothing',
    run: async (open) => {
      const store = await open();
      await publishAll(store, [checkpoint(5n), checkpoint(6n)]);
      for (const expected of [null, checkpoint(5n), checkpoint(6n, 'another'), '']) {
        await refuses('CHECKPOINT_STORE_CONFLICT', () => store.publish(expected, checkpoint(7n)));
      }
      check((await store.readLatest())?.text === checkpoint(6n), 'latest is unchanged');
      check((await list(store)).length === 2, 'nothing was added');
    },
  },
  {
    rule: 'AUD-7: a checkpoint of the same or a smaller size, or of another log, is refused',
    run: async (open) => {
      const store = await open();
      await publishAll(store, [checkpoint(5n)]);
      for (const next of [
        checkpoint(5n),
        checkpoint(5n, 'fork'),
        checkpoint(4n),
        checkpoint(9n, '', 'quantumvault/x'),
      ]) {
        await refuses('CHECKPOINT_STORE_ROLLBACK', () => store.publish(checkpoint(5n), next));
      }
      check((await list(store)).length === 1, 'nothing was added');
    },
  },
  {
    rule: 'what is no checkpoint, no tile and no key file is refused',
    run: async (open) => {
      const store = await open();
      for (const text of ['', 'x', checkpoint(3n).slice(origin.length), checkpoint(3n).slice(0, -2)]) {
        await refuses('CHECKPOINT_STORE_INVALID', () => store.publish(null, text));
      }
      const short: Tile = { level: 0, index: 0n, width: 2, hashes: new Uint8Array(32) };
      await refuses('CHECKPOINT_STORE_INVALID', () => store.putTiles([short]));
      await refuses('CHECKPOINT_STORE_INVALID', () => store.putTiles([{ ...short, width: 257 }]));
      await refuses('CHECKPOINT_STORE_INVALID', () => store.writeKeys('not a key\n'));
      check((await store.readKeys()) === null, 'keys');
    },
  },
  {
    rule: 'AUD-4: of many publishers with one expectation, over two openers, exactly one wins each round',
    run: async (open) => {
      const stores = [await open(), await open()];
      let expected: string | null = null;
      for (let round = 1; round <= 8; round += 1) {
        const texts: string[] = Array.from({ length: 6 }, (_, at) => checkpoint(BigInt(round * 10 + at)));
        const before: string | null = expected;
        const publishing: Promise<void>[] = texts.map((text, at) => pick(stores, at).publish(before, text));
        const results: PromiseSettledResult<void>[] = await Promise.allSettled(publishing);
        const won: string[] = texts.filter((_, at) => results[at]?.status === 'fulfilled');
        check(won.length === 1, `round ${round} has ${won.length} winners`);
        for (const result of results) if (result.status === 'rejected') checkLost(result.reason);
        for (const store of stores) check((await store.readLatest())?.text === won[0], 'both openers see the winner');
        expected = won[0] ?? null;
      }
      check((await list(pick(stores, 0))).length === 8, 'one checkpoint per round');
    },
  },
  {
    rule: 'AUD-4: tiles are held; repeating one is allowed, changing one is refused',
    run: async (open) => {
      const store = await open();
      const { tiles, edge } = grow(emptyTree, 70_000);
      await store.putTiles(tiles);
      await store.putTiles(tiles);
      const again = await open();
      for (const tile of tiles) check(same(await again.readTile(tile), tile.hashes), 'a tile reads as it was written');
      const trusted = await TrustedTiles.open(again, { size: edge.size, root: treeRoot(edge) });
      check(sameBytes(await trusted.range(0n, 70_000n), treeRoot(edge)), 'the tiles make the root');
      for (const tile of [tiles.find((one) => one.width === tileWidth), tiles.find((one) => one.width < tileWidth)]) {
        check(tile !== undefined, 'there are full and partial tiles');
        const hashes = tile.hashes.slice();
        hashes[7] = (hashes[7] ?? 0) ^ 1;
        await refuses('CHECKPOINT_STORE_TILE_CONFLICT', () => store.putTiles([{ ...tile, hashes }]));
        check(same(await again.readTile(tile), tile.hashes), 'the tile is unchanged');
      }
    },
  },
  {
    rule: 'the tiles of every published size can be read while the tree grows past full tiles',
    run: async (open) => {
      const store = await open();
      const sizes: TreeEdge[] = [];
      let edge = emptyTree;
      for (const step of [1, 1, 253, 1, 1, 255, 100]) {
        const grown = grow(edge, step);
        edge = grown.edge;
        sizes.push(edge);
        await store.putTiles(grown.tiles);
      }
      for (const before of sizes) {
        const loaded = await loadTree(await open(), before.size);
        check(sameBytes(treeRoot(loaded), treeRoot(before)), `tree of ${before.size} leaves`);
      }
    },
  },
  {
    rule: 'the public keys lie beside the checkpoints and can be replaced',
    run: async (open) => {
      const store = await open();
      const texts = [1, 2].map((fill) =>
        formatLogKeys([
          logKey(origin, noteKeyTypes.ed25519, new Uint8Array(32).fill(fill)),
          logKey(origin, noteKeyTypes.mlDsa44, new Uint8Array(1312).fill(fill)),
        ]),
      );
      for (const text of texts) {
        await store.writeKeys(text);
        check((await (await open()).readKeys()) === text, 'keys');
      }
    },
  },
];

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`checkpoint store contract: ${what}`);
}

async function refuses(code: CheckpointStoreErrorCode, action: () => Promise<void>): Promise<void> {
  let error: unknown;
  await action().catch((reason: unknown) => {
    error = reason;
  });
  const actual = error instanceof CheckpointStoreError ? error.code : String(error);
  check(actual === code, `expected ${code}, got ${actual}`);
}

/** A loser may also see that its size no longer follows. */
function checkLost(error: unknown): void {
  const isLost = error instanceof CheckpointStoreError && error.code === 'CHECKPOINT_STORE_CONFLICT';
  check(isLost, `a loser sees a conflict, not ${String(error)}`);
}

function pick<T>(items: readonly T[], at: number): T {
  const item = items[at % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

async function publishAll(store: CheckpointStore, texts: readonly string[]): Promise<void> {
  let before: string | null = null;
  for (const text of texts) {
    await store.publish(before, text);
    before = text;
  }
}

async function list(store: CheckpointStore, fromSize?: bigint): Promise<string[]> {
  const texts: string[] = [];
  for await (const one of store.listCheckpoints(fromSize)) texts.push(one.text);
  return texts;
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, at) => text === right[at]);
}

function same(left: Uint8Array | null, right: Uint8Array): boolean {
  return left !== null && sameBytes(left, right);
}

/** Well formed, with a signature of nobody: a store keeps what it is given. */
function checkpoint(size: bigint, salt = '', name = origin): string {
  const root = leafHash(new TextEncoder().encode(`${salt}${size}`));
  return `${name}\n${size}\n${encodeBase64(root)}\n\n— ${name} ${encodeBase64(new Uint8Array(68).fill(1))}\n`;
}

function grow(edge: TreeEdge, count: number): { edge: TreeEdge; tiles: Tile[] } {
  const hashes = Array.from({ length: count }, (_, at) => leafHash(new TextEncoder().encode(`${edge.size}/${at}`)));
  return appendLeaves(edge, hashes);
}
