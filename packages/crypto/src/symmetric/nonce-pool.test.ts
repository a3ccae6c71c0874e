import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { nextNonce } from './nonce-pool.ts';

const nonce = (length: number): string => Buffer.from(nextNonce(length)).toString('hex');

it('attack 11: no nonce is handed out twice, whatever lengths are asked for', () => {
  const seen = Array.from({ length: 5000 }, (_, at) => nonce(at % 3 === 0 ? 32 : 12).slice(0, 24));
  expect(new Set(seen).size).toBe(seen.length);
  expect(() => nextNonce(65)).toThrow(expect.objectContaining({ code: 'CRYPTO_LIMIT' }));
  const kept = nextNonce(12);
  const before = kept.slice();
  for (let at = 0; at < 2000; at += 1) nextNonce(12);
  expect(kept).toEqual(before);
});

it('attack 11: a worker draws nonces of its own', async () => {
  const here = Array.from({ length: 700 }, () => nonce(12));
  const source = `
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(new URL('./nonce-pool.ts', import.meta.url).href)}).then(({ nextNonce }) => {
      const all = Array.from({ length: 700 }, () => Buffer.from(nextNonce(12)).toString('hex'));
      parentPort.postMessage(all);
    });`;
  const worker = new Worker(source, { eval: true, execArgv: ['--conditions=source'] });
  const there = await new Promise<readonly string[]>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  await worker.terminate();
  expect(new Set([...here, ...there]).size).toBe(1400);
});
