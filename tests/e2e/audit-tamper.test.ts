import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from '@quantumvault/api';
import {
  chainNext,
  chainStart,
  decodeEvent,
  encodeEvent,
  encodeLeaf,
  headDetails,
  leafHash,
  tenantHeadAction,
} from '@quantumvault/tlog';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadSettings } from '../../apps/server/src/config/load-settings.ts';
import { startServer } from '../../apps/server/src/main.start.ts';
import { createLogger } from '../../apps/server/src/platform/logging/logger.ts';
import { freePort, startTestServer, type TestServer } from '../harness/server.ts';
import { addOrganization } from './organizations.ts';
import { runQv } from './run-qv.ts';

// AUD-6, attack case 13: a database superuser changes the log of a real server in every way there is. What was kept
// outside (checkpoint, tiles, keys) and `qv audit verify`, a program without server and database, find each of them.

const tables = ['audit_event', 'audit_pending', 'audit_leaf', 'audit_head', 'audit_tenant_head', 'audit_checkpoint'];

interface Verdict {
  readonly valid: boolean;
  readonly events: number;
  readonly firstBadLeaf: number | null;
  readonly firstBadRange: readonly [number, number] | null;
  readonly reason: string | null;
}

let server: TestServer;
/** What an outsider keeps, on another machine. */
let outside: string;
let work: string;
let size = 0;
/** Size of the log when `yesterday_*` was copied. */
let sizeYesterday = 0;
/** Log indices of the leaves of the first organization. */
let own: number[] = [];
/** What was said of a part that was exported while the log was written. */
let written: unknown;
let exports = 0;

/** Another process of the installation, on the same database and data folder, while something happens. */
async function withProcess<T>(role: 'worker' | 'web', action: (url: string) => Promise<T>): Promise<T> {
  const settings = loadSettings(
    {
      QV_ROLE: role,
      QV_DATA_DIR: server.dataDir,
      QV_PORT: String(await freePort()),
      QV_DATABASE: JSON.stringify(server.database.facts),
    },
    server.dataDir,
  );
  const other = await startServer({ settings, logger: createLogger('silent'), onSignIn: () => {} });
  try {
    return await action(other.url);
  } finally {
    // Stopping is an event too; a worker drains the log after it.
    await other.stop('test');
  }
}

async function asSuperuser(...statements: readonly string[]): Promise<void> {
  const client = await server.database.superuser();
  try {
    // Triggers and foreign keys are no obstacle to a superuser.
    await client.query('SET session_replication_role = replica');
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function logSize(): Promise<number> {
  const client = await server.database.superuser();
  const rows = await client.query<{ size: bigint }>('SELECT size FROM audit_head');
  await client.end();
  return Number(rows.rows[0]?.size ?? -1);
}

/** Every organization's head is a leaf of the log: the log is at rest. */
async function headsStated(): Promise<void> {
  const client = await server.database.superuser();
  const rows = await client.query(
    'SELECT tenant_id FROM audit_tenant_head WHERE unannounced_since IS NOT NULL UNION ALL SELECT tenant_id FROM audit_pending',
  );
  await client.end();
  expect(rows.rows).toEqual([]);
}

const copyTables = (name: string): Promise<void> =>
  asSuperuser(...tables.map((table) => `CREATE TABLE ${name}_${table} AS TABLE ${table}`));
const restoreTables = (name: string): Promise<void> =>
  asSuperuser(`TRUNCATE ${tables.join(', ')}`, ...tables.map((table) => `INSERT INTO ${table} TABLE ${name}_${table}`));

async function verify(file: string, words: readonly string[]): Promise<Verdict & { exitCode: number | null }> {
  // No data folder and no server: what lies outside is all that the verifier has.
  const end = await runQv(['audit', 'verify', file, ...words, '--json'], { cwd: work, dataDir: work });
  if (end.out === '') throw new Error(`no verdict: ${end.err}`);
  return { ...JSON.parse(end.out), exitCode: end.exitCode };
}

const anchors = (): string[] => [
  '--checkpoint',
  path.join(outside, 'latest'),
  '--tiles',
  path.join(outside, 'tiles'),
  '--key',
  path.join(outside, 'log.vkey'),
];

async function exportLog(scope: 'all' | 'tenant', url = server.url): Promise<string> {
  exports += 1;
  const file = path.join(work, `${scope}-${exports}.jsonl`);
  const end = await runQv(['audit', 'export', '--out', file, ...(scope === 'all' ? ['--all'] : [])], {
    cwd: work,
    dataDir: server.dataDir,
    url,
  });
  // A damaged table is never refused.
  expect(end).toMatchObject({ exitCode: 0, err: '' });
  return file;
}

const judge = async (scope: 'all' | 'tenant', url = server.url) => verify(await exportLog(scope, url), anchors());

beforeAll(async () => {
  server = await startTestServer({ QV_ROLE: 'web' });
  work = mkdtempSync(path.join(tmpdir(), 'qv-tamper-'));
  const stranger = await addOrganization(server, { name: 'Strangers', role: 'platform-admin' });
  const clients = [server.client, createClient({ url: server.url, apiKey: stranger.apiKey, http: fetch })];
  const doSomething = async (name: string): Promise<void> => {
    for (let at = 0; at < 24; at += 1) {
      const client = at % 3 === 0 ? clients[1] : clients[0];
      const asset = { name: `${name} ${at}`, type: 'data-store', endpoint: `postgres://${name}/${at}` } as const;
      await client?.createAsset({ body: asset });
    }
    await vi.waitFor(headsStated, { timeout: 15_000, interval: 100 });
  };
  await withProcess('worker', () => doSomething('yesterday'));
  await copyTables('yesterday');
  cpSync(path.join(server.dataDir, 'checkpoints'), path.join(work, 'yesterday'), { recursive: true });
  sizeYesterday = await logSize();
  await withProcess('worker', async () => {
    await doSomething('today');
    const file = await exportLog('tenant', server.url);
    const live = path.join(server.dataDir, 'checkpoints');
    const words = ['--checkpoint', path.join(live, 'latest'), '--tiles', path.join(live, 'tiles')];
    written = await verify(file, [...words, '--key', path.join(live, 'log.vkey')]);
  });
  // From here on nobody writes the log. An export waits for its own event to be in it, which could only take time now.
  await asSuperuser(
    "CREATE FUNCTION nobody_writes() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    'CREATE TRIGGER nobody_writes BEFORE INSERT ON audit_pending FOR EACH ROW EXECUTE FUNCTION nobody_writes()',
    'UPDATE audit_tenant_head SET unannounced_since = NULL',
  );
  await copyTables('kept');
  outside = path.join(work, 'outside');
  cpSync(path.join(server.dataDir, 'checkpoints'), outside, { recursive: true });
  size = await logSize();
  const client = await server.database.superuser();
  const rows = await client.query<{ log_index: bigint }>(
    'SELECT log_index FROM audit_leaf WHERE tenant_id = $1 ORDER BY log_index',
    [server.signIn.organizationId],
  );
  await client.end();
  own = rows.rows.map((row) => Number(row.log_index));
  expect(sizeYesterday).toBeGreaterThan(30);
  expect(size).toBeGreaterThan(sizeYesterday + 24);
}, 120_000);
beforeEach(() => restoreTables('kept'));
afterAll(async () => {
  await server.stop();
  rmSync(work, { recursive: true, force: true });
});

/** The n-th leaf of the first organization, from the middle of the log on. */
const leaf = (n: number): number => own[Math.floor(own.length / 2) + n] ?? -1;
const eventAt = (index: number): string => `(SELECT event_id FROM audit_leaf WHERE log_index = ${index})`;
const freeConstraints = [
  'ALTER TABLE audit_leaf DROP CONSTRAINT IF EXISTS audit_leaf_log_index_check',
  'ALTER TABLE audit_leaf DROP CONSTRAINT IF EXISTS audit_leaf_event_id_key',
  'ALTER TABLE audit_leaf DROP CONSTRAINT IF EXISTS audit_leaf_tenant_id_tenant_sequence_key',
];

/** Everything from `first` on is made anew with all hashes right: what somebody does who has read this very code. */
async function rewriteFrom(first: number): Promise<void> {
  const client = await server.database.superuser();
  const heads = new Map<string, { sequence: number; hash: Uint8Array; chain: Uint8Array }>();
  try {
    await client.query('SET session_replication_role = replica');
    const leaves = await client.query<{ log_index: bigint; tenant_id: string; event_id: string; event: Buffer }>(
      'SELECT l.log_index, l.tenant_id, l.event_id, e.event FROM audit_leaf l JOIN audit_event e ON e.id = l.event_id ORDER BY l.log_index',
    );
    for (const row of leaves.rows) {
      const index = Number(row.log_index);
      const before = heads.get(row.tenant_id);
      const event = decodeEvent(new Uint8Array(row.event));
      const sequence = (before?.sequence ?? 0) + 1;
      const states = before === undefined ? {} : headDetails({ tenantSequence: sequence - 1, leafHash: before.hash });
      const details = event.action === tenantHeadAction ? states : event.details;
      const bytes = encodeEvent({ ...event, details: index === first ? { forged: true } : details });
      const made = encodeLeaf({
        tenant: row.tenant_id,
        tenantSequence: sequence,
        event: bytes,
        ...(before === undefined ? {} : { previousTenantLeaf: before.hash }),
      });
      const hash = leafHash(made);
      const chain = chainNext(before?.chain ?? chainStart(row.tenant_id), bytes);
      heads.set(row.tenant_id, { sequence, hash, chain });
      if (index < first) continue;
      await client.query('UPDATE audit_event SET event = $2 WHERE id = $1', [row.event_id, bytes]);
      await client.query(
        'UPDATE audit_leaf SET previous_leaf = coalesce($2, previous_leaf), leaf_hash = $3, chain_value = $4 WHERE log_index = $1',
        [row.log_index, before?.hash ?? null, hash, chain],
      );
    }
  } finally {
    await client.end();
  }
}

/**
 * What is done, and the first bad leaf in the export of the whole log and in that of the one organization. A cut tail of
 * one organization's part can be seen but not be told from others' leaves, which are there as hashes only: then the range
 * that holds the first missing leaf is named.
 */
interface Attack {
  readonly name: string;
  readonly statements: () => readonly string[];
  readonly all: () => number;
  /** null: that organization's own part is untouched. */
  readonly tenant: () => number | null;
}

const onLeaf = (name: string, n: number, statements: (index: number) => readonly string[]): Attack => ({
  name,
  statements: () => statements(leaf(n)),
  all: () => leaf(n),
  tenant: () => leaf(n),
});

const foreignLeaf = (): number =>
  Array.from({ length: size }, (_, at) => at).find((at) => at > 40 && !own.includes(at)) ?? -1;

const attacks: readonly Attack[] = [
  onLeaf('edits one byte of an event', 0, (index) => [
    `UPDATE audit_event SET event = set_byte(event, 40, get_byte(event, 40) # 1) WHERE id = ${eventAt(index)}`,
  ]),
  onLeaf('edits who did it, in the column that queries use', 1, (index) => [
    `UPDATE audit_event SET actor_id = gen_random_uuid() WHERE id = ${eventAt(index)}`,
  ]),
  onLeaf('edits when it was, by a microsecond', 2, (index) => [
    `UPDATE audit_event SET occurred_at = occurred_at + interval '1 microsecond' WHERE id = ${eventAt(index)}`,
  ]),
  onLeaf('deletes a leaf', 3, (index) => [`DELETE FROM audit_leaf WHERE log_index = ${index}`]),
  onLeaf('deletes an event', 4, (index) => [`DELETE FROM audit_event WHERE id = ${eventAt(index)}`]),
  {
    name: 'inserts a leaf and moves all later ones up',
    statements: () => [
      ...freeConstraints,
      `UPDATE audit_leaf SET log_index = log_index + 100000 WHERE log_index >= ${leaf(5)}`,
      'UPDATE audit_leaf SET log_index = log_index - 99999 WHERE log_index >= 100000',
      `INSERT INTO audit_leaf SELECT ${leaf(5)}, tenant_id, 900000, event_id, previous_leaf, leaf_hash, chain_value FROM audit_leaf WHERE log_index = ${own[3]}`,
    ],
    all: () => leaf(5),
    tenant: () => leaf(5),
  },
  {
    name: 'swaps two leaves of one organization',
    statements: () => [
      ...freeConstraints,
      `UPDATE audit_leaf SET log_index = -1 - log_index WHERE log_index IN (${leaf(6)}, ${leaf(8)})`,
      `UPDATE audit_leaf SET log_index = ${leaf(6)} + ${leaf(8)} + 1 + log_index WHERE log_index < 0`,
    ],
    all: () => leaf(6),
    tenant: () => leaf(6),
  },
  {
    name: 'puts an event of another organization in the place of an own one',
    statements: () => [
      ...freeConstraints,
      `UPDATE audit_leaf SET event_id = (SELECT event_id FROM kept_audit_leaf WHERE log_index = ${foreignLeaf()}) WHERE log_index = ${leaf(1)}`,
    ],
    all: () => leaf(1),
    tenant: () => leaf(1),
  },
  {
    name: 'edits a leaf of another organization',
    statements: () => [
      `UPDATE audit_event SET event = set_byte(event, 40, get_byte(event, 40) # 1) WHERE id = ${eventAt(foreignLeaf())}`,
    ],
    all: foreignLeaf,
    tenant: () => null,
  },
  {
    name: 'truncates the leaves',
    statements: () => ['TRUNCATE audit_leaf'],
    all: () => 0,
    tenant: () => own[0] ?? -1,
  },
  {
    name: 'truncates every table of the log',
    statements: () => [`TRUNCATE ${tables.join(', ')}`, 'INSERT INTO audit_head (size) VALUES (0)'],
    all: () => 0,
    tenant: () => own[0] ?? -1,
  },
];

/** Not valid, and the first bad leaf named exactly or by the range that holds it. */
function expectFound(verdict: Verdict & { exitCode: number | null }, index: number): void {
  expect(verdict).toMatchObject({ valid: false, exitCode: 1 });
  const { firstBadLeaf, firstBadRange } = verdict;
  const [start, end] = firstBadRange ?? [firstBadLeaf ?? -1, (firstBadLeaf ?? -2) + 1];
  expect({ start, end, holds: start <= index && index < end }).toEqual({ start, end, holds: true });
}

describe('a log changed by a database superuser', { timeout: 60_000 }, () => {
  it('AUD-6: untouched, it passes: all of it, and one organization’s part', async () => {
    const clean = { valid: true, exitCode: 0, firstBadLeaf: null, firstBadRange: null, reason: null };
    expect(await judge('all')).toEqual({ ...clean, events: size });
    expect(written).toMatchObject({ valid: true, exitCode: 0, firstBadLeaf: null, firstBadRange: null, reason: null });
    // Nobody writes the log any more: a part whose own export is not in it is told from one that is whole.
    expect(await judge('tenant')).toMatchObject({ valid: false, exitCode: 1, reason: 'TAIL_MISSING' });
  });

  it('AUD-6: without a pinned key nothing is believed, not even an untouched log', async () => {
    const file = await exportLog('all');
    for (const words of [[], anchors().slice(0, 4)])
      expect(await verify(file, words)).toMatchObject({ valid: false, reason: 'NO_TRUST_ANCHOR', exitCode: 1 });
  });

  it('AUD-4: both keys are required: with one of the two lines of log.vkey nothing is believed', async () => {
    const file = await exportLog('all');
    const lines = readFileSync(path.join(outside, 'log.vkey'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    for (const [at, line] of lines.entries()) {
      const one = path.join(work, `one-key-${at}.vkey`);
      writeFileSync(one, `${line}\n`);
      const end = await runQv(['audit', 'verify', file, ...anchors().slice(0, 4), '--key', one, '--json'], {
        cwd: work,
      });
      expect(end.exitCode).toBe(1);
      expect(JSON.parse(end.out)).toMatchObject({ valid: false });
    }
  });

  it.each(attacks)('AUD-6: who $name is found, with the exact first bad leaf', async ({ statements, all, tenant }) => {
    await asSuperuser(...statements());
    const [whole, part] = await Promise.all([judge('all'), judge('tenant')]);
    expect(whole).toMatchObject({ valid: false, exitCode: 1, firstBadLeaf: all() });
    const wanted = tenant();
    // Its own part is untouched; only that this export was not recorded is told.
    if (wanted === null) expect(part).toMatchObject({ valid: false, reason: 'TAIL_MISSING' });
    else expectFound(part, wanted);
  });

  it('AUD-6: a cut tail is found at the first missing leaf, also when the head says that nothing is missing', async () => {
    await asSuperuser(
      `DELETE FROM audit_leaf WHERE log_index >= ${size - 5}`,
      `UPDATE audit_head SET size = ${size - 5}`,
      `DELETE FROM audit_checkpoint WHERE size > ${size - 5}`,
    );
    expect(await judge('all')).toMatchObject({
      valid: false,
      exitCode: 1,
      reason: 'TAIL_MISSING',
      firstBadLeaf: size - 5,
    });
  });

  it('AUD-6: who rewrites the whole chain, with every hash made anew, is found at the first changed leaf', async () => {
    await rewriteFrom(leaf(0));
    const [all, tenant] = await Promise.all([judge('all'), judge('tenant')]);
    expect(all).toMatchObject({ valid: false, exitCode: 1, firstBadLeaf: leaf(0) });
    expect(tenant).toMatchObject({ valid: false, exitCode: 1, firstBadLeaf: leaf(0) });
  });

  it('AUD-6: who rewrites it from the very first leaf is found there', async () => {
    await rewriteFrom(0);
    expect(await judge('all')).toMatchObject({ valid: false, exitCode: 1, firstBadLeaf: 0 });
  });

  it('AUD-6: who restores yesterday’s tables is found at the first leaf that yesterday had not', async () => {
    await restoreTables('yesterday');
    expect(await judge('all')).toMatchObject({ valid: false, exitCode: 1, firstBadLeaf: sizeYesterday });
  });

  it('AUD-6: one organization that exports its own part after yesterday’s tables came back finds its tail missing', async () => {
    await restoreTables('yesterday');
    expectFound(await judge('tenant'), own.find((index) => index >= sizeYesterday) ?? -1);
  });

  it('AUD-6: one organization whose newest leaves were deleted finds its tail missing', async () => {
    const gone = own.at(-4) ?? -1;
    await asSuperuser(
      `DELETE FROM audit_leaf WHERE log_index >= ${gone} AND tenant_id = '${server.signIn.organizationId}'`,
    );
    const [all, tenant] = await Promise.all([judge('all'), judge('tenant')]);
    expect(all).toMatchObject({ valid: false, exitCode: 1, firstBadLeaf: gone });
    expectFound(tenant, gone);
  });

  it('AUD-6: who restores yesterday’s checkpoint folder as well is found by the copy kept elsewhere', async () => {
    await restoreTables('yesterday');
    const folder = path.join(server.dataDir, 'checkpoints');
    rmSync(folder, { recursive: true });
    cpSync(path.join(work, 'yesterday'), folder, { recursive: true });
    try {
      // A process that starts on them knows nothing else: what it exports is whole, as of yesterday.
      await withProcess('web', async (url) => {
        expect(await judge('all', url)).toMatchObject({
          valid: false,
          exitCode: 1,
          reason: 'TAIL_MISSING',
          firstBadLeaf: sizeYesterday,
        });
        // Against yesterday's own checkpoint the same file is whole: only what was kept elsewhere can tell.
        const old = path.join(work, 'yesterday');
        const inside = ['--checkpoint', path.join(old, 'latest'), '--tiles', path.join(old, 'tiles')];
        const verdict = await verify(await exportLog('all', url), [...inside, '--key', path.join(old, 'log.vkey')]);
        expect(verdict).toMatchObject({ valid: true, exitCode: 0, events: sizeYesterday });
      });
    } finally {
      rmSync(folder, { recursive: true });
      cpSync(outside, folder, { recursive: true });
    }
  });

  it('AUD-6: keys of another installation are not trusted here', async () => {
    const other = await startTestServer();
    try {
      const file = await exportLog('all');
      const key = path.join(other.dataDir, 'checkpoints', 'log.vkey');
      expect(await verify(file, ['--key', key])).toMatchObject({
        valid: false,
        exitCode: 1,
        reason: 'CHECKPOINT_SIGNATURE_INVALID',
      });
    } finally {
      await other.stop();
    }
  });
});
