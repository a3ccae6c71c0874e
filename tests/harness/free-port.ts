import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ports that systems give to connections by themselves (from 32768), so that none of them takes a port between its
// choice and its use; and a part of them for each worker of the tests, so that no two choose the same.
const partSize = 700;
const part = 20_000 + (Number(process.env.VITEST_POOL_ID ?? 0) % 16) * partSize;
let last = randomInt(partSize);

/** A port that was free a moment ago, and that nothing takes by chance. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < partSize; tried += 1) {
    last = (last + 1) % partSize;
    if (await isFree(part + last)) return part + last;
  }
  throw new Error('no port');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
