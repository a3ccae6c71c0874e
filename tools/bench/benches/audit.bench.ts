/** Offline verification of the audit log (QUA-5): a whole export, from its bytes to the verdict. */
import { hash } from 'node:crypto';
import { verifyExport } from '@quantumvault/tlog';
import { sampleLog } from '../../../packages/tlog/test/sample-log.ts';
import type { Bench } from '../bench.ts';

const events = 20_000;

async function prepare() {
  const log = await sampleLog(events);
  return { log, bytes: Buffer.from(await log.export('all')) };
}
let prepared: ReturnType<typeof prepare> | undefined;

/**
 * The baseline is what no verifier can avoid: per leaf one SHA-256 of the leaf, one of a tree node and one SHA3-256 of
 * the event, without reading, decoding or comparing anything.
 */
function hashOnly(leaves: readonly Uint8Array[]): number {
  const node = new Uint8Array(65);
  const started = performance.now();
  for (const leaf of leaves) {
    hash('sha256', leaf, 'buffer');
    hash('sha256', node, 'buffer');
    hash('sha3-256', leaf, 'buffer');
  }
  return leaves.length / ((performance.now() - started) / 1000);
}

export const benches: readonly Bench[] = [
  {
    id: 'audit.verify-export',
    name: `Audit export verified, ${events.toLocaleString('en-US')} events`,
    unit: 'events/s',
    target: { value: 100_000 },
    run: async () => {
      prepared ??= prepare();
      const { log, bytes } = await prepared;
      const started = performance.now();
      const verdict = await verifyExport([bytes], { keys: log.keys, checkpoint: log.latest });
      const seconds = (performance.now() - started) / 1000;
      if (!verdict.valid || verdict.events < events)
        throw new Error(`the sample log does not verify: ${verdict.reason}`);
      return { value: verdict.events / seconds, baseline: hashOnly(log.leaves) };
    },
  },
];
