// Started by login.ts: reads connection facts from standard input, logs in once, prints the outcome as JSON.
import { text } from 'node:stream/consumers';
import pg from 'pg';
import type { ConnectionFacts } from './connection.ts';
import type { LoginResult } from './login.ts';

// 28P01 wrong password, 28000 refused by pg_hba, 3D000 no such database: an answer, and not that of our server.
const REFUSALS = new Set(['28P01', '28000', '3D000']);

async function login(facts: ConnectionFacts): Promise<LoginResult> {
  const client = new pg.Client({ ...facts, connectionTimeoutMillis: 3_000, query_timeout: 3_000 });
  client.on('error', () => {
    // A connection lost after the login is reported by the query itself.
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string; version: string }>(
      "SELECT current_setting('data_directory') AS data_directory, current_setting('server_version') AS version",
    );
    await client.end();
    const row = rows[0];
    return row === undefined
      ? { outcome: 'unavailable' }
      : { outcome: 'ok', dataDirectory: row.data_directory, version: row.version };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { outcome: REFUSALS.has(code) ? 'refused' : 'unavailable' };
  }
}

const facts: ConnectionFacts = JSON.parse(await text(process.stdin));
console.log(JSON.stringify(await login(facts)));
