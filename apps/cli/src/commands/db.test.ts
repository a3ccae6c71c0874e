import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace } from '../../test/run-qv.ts';

const stat = process.platform === 'linux' ? readFileSync(`/proc/${process.pid}/stat`, 'latin1') : '';
const identity = stat === '' ? 'alive' : `ticks:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
const postgres = {
  pid: process.pid,
  identity,
  socketDir: '/tmp/qv run',
  port: 5432,
  database: 'quantumvault',
  cluster: '/x',
  version: '18.4',
};
const search = 'options=-c%20search_path%3Dqv%2Cpg_temp';

function install(folder: string, running: object | null): void {
  const write = (name: string, value: object) =>
    writeFileSync(join(folder, name), JSON.stringify(value), { mode: 0o600 });
  write('run.json', { version: 1, startedAt: 'now', launcher: null, server: null, url: null, postgres: running });
  write('database-roles.json', { qv_app: 'app/pass', qv_audit: 'audit-pass' });
  write('database-owner.json', { qv_owner: 'owner-pass' });
  write('postgres.json', { role: 'qv_bootstrap', password: 'boot-pass', place: '/x', isCreated: true });
}

it.each([
  ['qv_app', 'qv_app:app%2Fpass'],
  ['qv_owner', 'qv_owner:owner-pass'],
  ['bootstrap', 'qv_bootstrap:boot-pass'],
])('gives the socket URL of %s', async (role, user) => {
  await using workplace = await openWorkplace();
  install(workplace.folder, postgres);
  const { out, exitCode } = await workplace.qv(`db url --role ${role}`);
  expect({ out, exitCode }).toEqual({
    out: `postgres://${user}@/quantumvault?host=%2Ftmp%2Fqv%20run&port=5432&${search}\n`,
    exitCode: 0,
  });
});

it('takes host and TLS settings of DATABASE_URL, and leaves its user behind', async () => {
  await using workplace = await openWorkplace();
  install(workplace.folder, null);
  const environment = { DATABASE_URL: 'postgres://maker:secret@db.internal:6432/vault?sslmode=verify-full' };
  const { out } = await workplace.qv('db url --role qv_audit', { environment });
  expect(out).toBe(`postgres://qv_audit:audit-pass@db.internal:6432/vault?sslmode=verify-full&${search}\n`);
});

it.each([
  ['qv_app', { ...postgres, pid: 4_000_000 }, 4],
  ['qv_app', null, 2],
  ['qv_worker', postgres, 3],
  ['postgres', postgres, 2],
])('ends without a URL: %s', async (role, running, exitCode) => {
  await using workplace = await openWorkplace();
  install(workplace.folder, running);
  expect(await workplace.qv(`db url --role ${role}`)).toMatchObject({ exitCode, out: '' });
});

it('does not quote a damaged file', async () => {
  await using workplace = await openWorkplace();
  install(workplace.folder, postgres);
  writeFileSync(join(workplace.folder, 'database-roles.json'), '{"qv_app": "SSSSSS');
  expect(await workplace.qv('db url --role qv_app')).toMatchObject({ exitCode: 2 });
});
