// Started by embedded-postgres.test.ts: serves a data folder and writes rows until it is killed.
// Prints one JSON line when the database serves, one when it is back after a crash, and one per acknowledged row.
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres } from '../../tools/launcher/postgres/index.ts';

const [dataDir = '', first = '0'] = process.argv.slice(2);
const WRITERS = 4;

// Synchronous: what was printed is in the pipe even if the next instruction is never reached.
const print = (line: unknown): void => {
  writeSync(1, `${JSON.stringify(line)}\n`);
};

const postgres = await startPostgres({ dataDir, log: (line) => writeSync(2, `${line}\n`) });
const facts = (): unknown => ({ pid: postgres.pid, adopted: postgres.adopted, startMs: postgres.startMs });
postgres.onRestart(() => print({ restarted: facts() }));

async function connect(): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client({ ...postgres.connection(), connectionTimeoutMillis: 2_000 });
    client.on('error', () => {
      // Lost between two statements: the next statement fails and a new connection is made.
    });
    try {
      await client.connect();
      return client;
    } catch {
      await sleep(20);
    }
  }
}

const setup = await connect();
await setup.query('CREATE TABLE IF NOT EXISTS acknowledged (id bigint PRIMARY KEY)');
await setup.end();
print({ started: facts() });

let next = Number(first);
async function write(): Promise<never> {
  let client = await connect();
  for (;;) {
    const id = next;
    next += 1;
    try {
      await client.query('INSERT INTO acknowledged VALUES ($1)', [id]);
      print({ id });
    } catch {
      // Not acknowledged: the row may or may not exist, and nobody was told that it does.
      await client.end().catch(() => {});
      client = await connect();
    }
  }
}
await Promise.all(Array.from({ length: WRITERS }, write));
