/**
 * `npm test [-- PATH...]`, `npm run test:integration`, `npm test -- --all`.
 *
 * The last line is `N passed, N failed, N skipped`, alone, and the exit code is 0 only when something passed and
 * nothing failed.
 */
import { relative, resolve } from 'node:path';
import { describeServices, type ServiceTable } from '../services/availability.ts';
import { Postgres15 } from '../services/postgres15.ts';
import type { Service } from '../services/service.ts';
import { parseArguments } from './arguments.ts';
import { type Counts, closingLine, exitCodeOf } from './counts.ts';
import { runVitest } from './run-vitest.ts';

const root = resolve(import.meta.dirname, '../..');

/** Starts what integration tests share. What cannot be had is named, and its tests skip with that reason. */
async function startServices(): Promise<Service[]> {
  const postgres = new Postgres15();
  const table: Record<string, ServiceTable[string]> = {};
  const running: Service[] = [];
  const reason = postgres.missing();
  if (reason === undefined) {
    running.push(postgres);
    await postgres.start();
    await postgres.ready();
    table.postgres15 = { available: true, url: postgres.url, superuserUrl: postgres.superuserUrl };
    console.log('service postgres15 is ready');
  } else {
    table.postgres15 = { available: false, reason };
    console.log(`service postgres15 is missing: ${reason}`);
  }
  describeServices(table);
  return running;
}

async function main(): Promise<number> {
  const parsed = parseArguments(process.argv.slice(2), root, root);
  process.chdir(root);
  const services: Service[] = [];
  let counts: Counts = { passed: 0, failed: 1, skipped: 0 };
  try {
    if (parsed.part !== 'unit') services.push(...(await startServices()));
    counts = await runVitest({ root, ...parsed });
  } finally {
    for (const service of services) await service.stop();
  }
  if (counts.passed + counts.failed + counts.skipped === 0) {
    console.log(`no test matches ${parsed.paths.map((path) => relative(root, resolve(path))).join(' ')}`);
  }
  console.log(closingLine(counts));
  return exitCodeOf(counts);
}

let code = 1;
try {
  code = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log(closingLine({ passed: 0, failed: 1, skipped: 0 }));
}
// A broken setup may leave a connection open behind it; the verdict is out, so nothing is worth waiting for.
process.exit(code);
