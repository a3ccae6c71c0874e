import type { JobView } from '@quantumvault/api';
import type { Cli } from '../cli.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { Progress } from '../terminal/progress.ts';
import type { Connection } from './connect.ts';
import { isPassing } from './failures.ts';

const ended: ReadonlySet<JobView['status']> = new Set(['succeeded', 'failed', 'cancelled']);
// Most jobs end within a second or two; for the long ones a look per second is enough.
const eagerPollMs = 200;
const calmPollMs = 1_000;
const eagerForMs = 5_000;
// A server that is restarted, even after kill -9, is back well within this.
const absenceMaxMs = 60_000;

/** Follows a job to its end with live progress. A server that goes away for a moment does not end the watching. */
export async function waitForJob(cli: Cli, { client }: Connection, id: string): Promise<JobView> {
  const progress = new Progress(cli.output);
  const begun = cli.clock.now();
  let seenAt = begun;
  let isAbsent = false;
  try {
    for (;;) {
      const job = await look();
      if (job !== undefined) {
        seenAt = cli.clock.now();
        isAbsent = false;
        progress.update(job.progress, describe(job));
        if (ended.has(job.status)) return job;
      }
      await cli.clock.sleep(cli.clock.now() - begun < eagerForMs ? eagerPollMs : calmPollMs);
    }
  } finally {
    progress.end();
  }

  async function look(): Promise<JobView | undefined> {
    try {
      return await client.getJob({ params: { id } });
    } catch (error) {
      if (!isPassing(error) || cli.clock.now() - seenAt > absenceMaxMs) throw error;
      if (!isAbsent) progress.note('The server does not answer; waiting for it ...');
      isAbsent = true;
      return undefined;
    }
  }
}

function describe({ kind, status, attempts }: JobView): string {
  return `${kind} ${status}${attempts > 1 ? ` (attempt ${attempts})` : ''}`;
}

/** A job that did not succeed is a negative answer. */
export const exitOfJob = ({ status }: JobView): ExitCode =>
  status === 'failed' || status === 'cancelled' ? exitCodes.negative : exitCodes.done;
