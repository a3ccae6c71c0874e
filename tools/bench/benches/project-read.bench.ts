/** ACC-1, QUA-9: one project read over the API, with API key, limits, tenant, authorisation and audit on, per core. */

import { percentile } from '../access/http-load.ts';
import { type Measured, ProjectServer } from '../access/project-server.ts';
import type { Bench, Measurement } from '../bench.ts';

let opened: Promise<ProjectServer> | undefined;

/** Both sides of one round one after the other: on one core they would otherwise take it from each other. */
function compared(pick: (measured: Measured) => number): () => Promise<Measurement> {
  return async () => {
    opened ??= ProjectServer.open();
    const server = await opened;
    return { baseline: pick(await server.bare()), value: pick(await server.product()) };
  };
}

const name = 'Project read';

export const benches: readonly Bench[] = [
  {
    id: 'project-read.rate',
    name: `${name}, 64 clients, one core`,
    unit: 'req/s',
    target: { value: 1_000 },
    run: compared(({ requests, seconds }) => requests / seconds),
  },
  // What the rate would be if nobody else were on the machine.
  {
    id: 'project-read.cpu',
    name: `${name}, processor time`,
    unit: 'us',
    target: { atMost: 1_000 },
    run: compared(({ cpuMicros }) => cpuMicros),
  },
  {
    id: 'project-read.p95',
    name: `${name}, p95 at 64 clients`,
    unit: 'ms',
    target: null,
    run: compared(({ latencies }) => percentile(latencies, 0.95)),
  },
];

export async function close(): Promise<void> {
  await (await opened)?.close();
}
