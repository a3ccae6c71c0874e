// The thread for cryptography in JavaScript (CRY-10): started by vetted-thread.ts, one task after the other.
import { parentPort } from 'node:worker_threads';
import { runTask, type VettedTask } from '../vetted/task.ts';

parentPort?.on('message', ({ id, task }: { readonly id: number; readonly task: VettedTask }) => {
  try {
    const result = runTask(task);
    parentPort?.postMessage({ id, result }, result instanceof Uint8Array ? [result.buffer as ArrayBuffer] : []);
  } catch {
    // The reason may quote what was worked on: that there is no result is all that leaves the thread.
    parentPort?.postMessage({ id, failed: true });
  } finally {
    if ('secret' in task) task.secret.fill(0);
  }
});
