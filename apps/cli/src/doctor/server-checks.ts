import { healthSchema } from '@quantumvault/api';
import type { Cli } from '../cli.ts';
import { findServer } from '../connection/server-address.ts';
import { CliError, systemCode } from '../errors.ts';
import type { RunFile } from '../local/run-file.ts';
import { type Check, fail, ok, warn } from './check.ts';

const results = { ok, degraded: warn, unavailable: fail };

/** Whether the server answers, and what each of its parts says. Health needs no API key. */
export async function checkServer(cli: Cli): Promise<Check[]> {
  const name = 'server';
  let url: string;
  try {
    ({ url } = findServer(cli));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [fail(name, error.message, 'Correct the setting.')];
  }
  let status: number;
  let text: string;
  try {
    const response = await cli.http(`${url}/health/ready`, { method: 'GET', headers: { accept: 'application/json' } });
    status = response.status;
    text = await response.text();
  } catch (error) {
    return [fail(name, `${url} does not answer (${systemCode(error)})`, 'Start it with npm start, or set QV_URL.')];
  }
  const health = healthSchema.safeParse(parseJson(text));
  if (!health.success) {
    return [
      fail(
        name,
        `${url} answers, but not like QuantumVault (${status})`,
        'Check QV_URL: something else listens there.',
      ),
    ];
  }
  const remedy = 'See the log of the server.';
  const parts = Object.entries(health.data.parts).map(([part, { status: state, message }]) =>
    results[state](`server: ${part}`, message, remedy),
  );
  return [results[health.data.status](name, `${url} is ${health.data.status}`, 'Look at its parts below.'), ...parts];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The embedded PostgreSQL, as its supervisor wrote it down. */
export function checkDatabase(run: RunFile | undefined): Check {
  const name = 'database';
  if (run === undefined) return warn(name, 'nothing runs on this data folder', 'Start the server with npm start.');
  if (run.postgres === null) return ok(name, 'outside (DATABASE_URL); the server says below how it is');
  const { pid, isAlive, version } = run.postgres;
  const remedy = 'The launcher starts it again by itself; when it does not, see its log and restart with npm start.';
  return isAlive
    ? ok(name, `embedded PostgreSQL ${version ?? ''} runs, process ${pid}`)
    : fail(name, `embedded PostgreSQL has ended (was process ${pid})`, remedy);
}
