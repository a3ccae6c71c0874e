// Run by the test of FileCheckpointStore as a process to kill: appends a leaf, stores the tiles, publishes, says so.
import { appendLeaves, encodeBase64, leafHash, loadTree, treeRoot } from '@quantumvault/tlog';
import { FileCheckpointStore } from './file-checkpoint-store.ts';

const origin = 'quantumvault/x';
const store = await FileCheckpointStore.open(process.argv[2] ?? '');
let expected = (await store.readLatest())?.text ?? null;
let edge = await loadTree(store, (await store.readLatest())?.size ?? 0n);
for (;;) {
  const grown = appendLeaves(edge, [leafHash(new TextEncoder().encode(String(edge.size)))]);
  edge = grown.edge;
  await store.putTiles(grown.tiles);
  const body = `${origin}\n${edge.size}\n${encodeBase64(treeRoot(edge))}\n`;
  const next = `${body}\n— ${origin} ${encodeBase64(new Uint8Array(68))}\n`;
  await store.publish(expected, next);
  expected = next;
  process.stdout.write(`${edge.size}\n`);
}
