import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CheckpointStoreError, checkpointStoreContract } from '@quantumvault/ports';
import { appendLeaves, emptyTree, encodeBase64, leafHash, loadTree, treeRoot } from '@quantumvault/tlog';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileCheckpointStore } from './file-checkpoint-store.ts';
import { FileTileReader } from './tile-folder.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qv-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function checkpoint(size: bigint): string {
  const root = leafHash(new TextEncoder().encode(String(size)));
  return `quantumvault/x\n${size}\n${encodeBase64(root)}\n\n— quantumvault/x ${encodeBase64(new Uint8Array(68))}\n`;
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => 'none',
    (error: unknown) => (error instanceof CheckpointStoreError ? error.code : String(error)),
  );
}

describe('FileCheckpointStore', () => {
  it.each(checkpointStoreContract.map((one) => [one.rule, one] as const))('%s', async (_rule, one) => {
    await one.run(() => FileCheckpointStore.open(folder));
  });

  it('AUD-4: writes latest, log.vkey and tiles where outside tools look for them, readable by the owner alone', async () => {
    const store = await FileCheckpointStore.open(folder);
    await store.publish(null, checkpoint(300n));
    const { tiles } = appendLeaves(
      emptyTree,
      Array.from({ length: 300 }, (_, at) => leafHash(Uint8Array.of(at & 255))),
    );
    await store.putTiles(tiles);
    expect(await readFile(join(folder, 'latest'), 'utf8')).toBe(checkpoint(300n));
    expect((await stat(join(folder, 'tiles/tile/0/000'))).size).toBe(8192);
    expect((await stat(join(folder, 'tiles/tile/0/001.p/44'))).size).toBe(44 * 32);
    if (process.platform !== 'win32') {
      for (const path of ['latest', 'tiles/tile/0/000'])
        expect((await stat(join(folder, path))).mode & 0o777).toBe(0o600);
      for (const path of ['tiles', 'history']) expect((await stat(join(folder, path))).mode & 0o777).toBe(0o700);
    }
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('puts latest right from the history when it is old, torn or gone', async () => {
    const store = await FileCheckpointStore.open(folder);
    await store.publish(null, checkpoint(1n));
    await store.publish(checkpoint(1n), checkpoint(2n));
    for (const text of [checkpoint(1n), checkpoint(2n).slice(0, 40), '']) {
      await writeFile(join(folder, 'latest'), text);
      expect((await store.readLatest())?.size).toBe(2n);
      await FileCheckpointStore.open(folder);
      expect(await readFile(join(folder, 'latest'), 'utf8')).toBe(checkpoint(2n));
    }
    await rm(join(folder, 'latest'));
    await FileCheckpointStore.open(folder);
    expect(await readFile(join(folder, 'latest'), 'utf8')).toBe(checkpoint(2n));
  });

  it('AUD-7: refuses a folder whose history is cut, gone or unreadable', async () => {
    const store = await FileCheckpointStore.open(folder);
    await store.publish(null, checkpoint(1n));
    await store.publish(checkpoint(1n), checkpoint(2n));
    const second = join(folder, 'history/000/000/000/002');
    await rm(second);
    expect(await codeOf(FileCheckpointStore.open(folder))).toBe('CHECKPOINT_STORE_DAMAGED');
    await writeFile(second, 'half');
    expect(await codeOf(FileCheckpointStore.open(folder))).toBe('CHECKPOINT_STORE_DAMAGED');
    await rm(join(folder, 'history'), { recursive: true });
    expect(await codeOf(FileCheckpointStore.open(folder))).toBe('CHECKPOINT_STORE_DAMAGED');
  });

  it('names a torn tile as damage and mends it when it is written again', async () => {
    const store = await FileCheckpointStore.open(folder);
    const { tiles, edge } = appendLeaves(emptyTree, [leafHash(Uint8Array.of(1)), leafHash(Uint8Array.of(2))]);
    await store.putTiles(tiles);
    await writeFile(join(folder, 'tiles/tile/0/000.p/2'), new Uint8Array(33));
    expect(await codeOf(store.readTile({ level: 0, index: 0n, width: 2 }))).toBe('CHECKPOINT_STORE_DAMAGED');
    await store.putTiles(tiles);
    expect(treeRoot(await loadTree(store, 2n))).toEqual(treeRoot(edge));
  });

  it('reads tiles from a copied folder, with and without its tile level', async () => {
    const store = await FileCheckpointStore.open(folder);
    const { tiles, edge } = appendLeaves(
      emptyTree,
      Array.from({ length: 700 }, (_, at) => leafHash(Uint8Array.of(at & 255))),
    );
    await store.putTiles(tiles);
    for (const path of ['tiles', 'tiles/tile']) {
      const reader = new FileTileReader(join(folder, path));
      expect(treeRoot(await loadTree(reader, 700n))).toEqual(treeRoot(edge));
    }
  });

  it('AUD-4: a publisher killed with SIGKILL at any moment leaves a store that opens and goes on', async () => {
    const script = join(dirname(fileURLToPath(import.meta.url)), 'publish-forever.fixture.ts');
    let before = 0n;
    for (let round = 0; round < 6; round += 1) {
      const child = spawn(process.execPath, ['--conditions=source', script, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let acknowledged = before;
      child.stdout.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString().split('\n')) if (line !== '') acknowledged = BigInt(line);
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 17));
      child.kill('SIGKILL');
      await ended;
      const store = await FileCheckpointStore.open(folder);
      const latest = await store.readLatest();
      // What was acknowledged is held, and the tiles of what is held are there.
      expect(latest?.size ?? 0n).toBeGreaterThanOrEqual(acknowledged);
      expect(acknowledged).toBeGreaterThan(before);
      expect(await readFile(join(folder, 'latest'), 'utf8')).toBe(latest?.text);
      await loadTree(store, latest?.size ?? 0n);
      expect(await readdir(join(folder, 'tmp'))).toEqual([]);
      before = latest?.size ?? 0n;
    }
  });
});
