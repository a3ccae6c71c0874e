/** Protection jobs (INV-9): from the claim to the durable event, on the product as it is started. */
import type { Bench } from '../bench.ts';
import { JobServer, type JobType } from '../jobs/job-server.ts';

const jobsPerRound = 1_000;
// As many as the jobs' transactions use at once: one that states starts, two that hold effects.
const baselineConnections = 3;

let opened: Promise<JobServer> | undefined;
const types: readonly { readonly type: JobType; readonly target: Bench['target'] }[] = [
  { type: 'data-store', target: { value: 200 } },
  { type: 'tls-endpoint', target: null },
];

/**
 * The baseline is the same number of transactions that do nothing but insert one row and wait for the disk. A job is
 * two transactions with four events, a dozen rows and its cryptography, and its sequencer works in the same process.
 */
export const benches: readonly Bench[] = types.map(({ type, target }) => ({
  id: `jobs.${type}`,
  name: `Protection jobs, ${type}`,
  unit: 'jobs/s',
  target,
  run: async () => {
    opened ??= JobServer.open();
    const server = await opened;
    await server.prepare(type, jobsPerRound);
    const { jobs, seconds } = await server.run();
    return { value: jobs / seconds, baseline: await server.bareCommits(jobsPerRound, baselineConnections) };
  },
}));

/** The server is shared by all benches of this file. */
export async function close(): Promise<void> {
  await (await opened)?.close();
}
