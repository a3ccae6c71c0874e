import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace, type Workplace } from '../../test/run-qv.ts';
import { checkServerMemory, checkSwap, judgeDisk } from '../doctor/machine-checks.ts';

const healthy = { status: 'ok' as const, parts: { database: { status: 'ok' as const, message: 'ok' } } };

async function installed(): Promise<Workplace> {
  const workplace = await openWorkplace({ healthReady: () => ({ value: healthy }) });
  for (const name of ['seal.key', 'database-roles.json', 'database-owner.json', 'postgres.json']) {
    const content = name === 'seal.key' ? `quantumvault-seal-key-1\n${'0'.repeat(64)}\n` : '{}';
    writeFileSync(join(workplace.folder, name), content, { mode: 0o600 });
  }
  return workplace;
}

async function examine(workplace: Workplace) {
  const { out, exitCode } = await workplace.qv('doctor --json');
  const { checks, ok }: { ok: boolean; checks: { name: string; result: string; remedy: string | null }[] } =
    JSON.parse(out);
  return { exitCode, ok, checks, results: Object.fromEntries(checks.map(({ name, result }) => [name, result])) };
}

it('IFC-4: warns while the first credentials lie there, and passes', async () => {
  await using workplace = await installed();
  const { exitCode, results, checks } = await examine(workplace);
  expect(exitCode).toBe(0);
  expect(results).toMatchObject({
    node: 'ok',
    algorithms: 'ok',
    'post-quantum TLS': 'ok',
    'data folder': 'ok',
    'seal key': 'ok',
    'secret files': 'ok',
    'first credentials': 'warn',
    server: 'ok',
    'server: database': 'ok',
  });
  // Whatever is not well says what to do.
  for (const check of checks) expect(check.remedy === null).toBe(check.result === 'ok');
});

it.each([
  ['a data folder that others may write', '', 0o777, 'data folder'],
  ['a seal key that others may read', 'seal.key', 0o644, 'seal key'],
  ['database passwords that others may read', 'database-roles.json', 0o640, 'secret files'],
  ['first credentials that others may read', 'bootstrap-admin.json', 0o604, 'first credentials'],
])('fails on %s', async (_, file, mode, name) => {
  await using workplace = await installed();
  chmodSync(join(workplace.folder, file), mode);
  const { exitCode, ok, results } = await examine(workplace);
  expect({ exitCode, ok, result: results[name] }).toEqual({ exitCode: 1, ok: false, result: 'fail' });
});

it('fails on a seal key that is gone, and on a server that does not answer', async () => {
  await using workplace = await installed();
  const { qv } = workplace;
  expect((await qv('doctor', { environment: { QV_KEY_FILE: join(workplace.folder, 'gone.key') } })).out).toMatch(
    /fail {2}seal key/,
  );
  await workplace.server[Symbol.asyncDispose]();
  const { exitCode, out } = await qv('doctor');
  expect(exitCode).toBe(1);
  expect(out).toMatch(/fail {2}server .*\n *-> Start it with npm start/);
});

it('shows a server that answers 503 with its parts', async () => {
  const sick = {
    status: 'unavailable' as const,
    parts: { database: { status: 'unavailable' as const, message: 'no answer' } },
  };
  await using workplace = await openWorkplace({ healthReady: () => ({ status: 503, value: sick }) });
  expect((await examine(workplace)).results).toMatchObject({ server: 'fail', 'server: database': 'fail' });
});

it('fails when the embedded database has ended', async () => {
  await using workplace = await installed();
  const postgres = { pid: 4_000_000, identity: 'ticks:1', socketDir: '/x', port: 5432, database: 'quantumvault' };
  writeFileSync(join(workplace.folder, 'run.json'), JSON.stringify({ version: 1, postgres }));
  expect((await examine(workplace)).results).toMatchObject({ database: 'fail' });
});

it.each([
  ['no swap', '', 'ok'],
  ['a plain partition', '/dev/sda2 partition 1 0 -2', 'warn'],
  ['compressed memory', '/dev/zram0 partition 1 0 -2', 'ok'],
  ['an encrypted volume', '/dev/dm-1 partition 1 0 -2', 'ok'],
  ['a plain volume', '/dev/dm-2 partition 1 0 -2', 'warn'],
  ['an encrypted volume and a file', '/dev/dm-1 partition 1 0 -2\n/swapfile file 1 0 -3', 'warn'],
])('judges swap: %s', async (_, lines, result) => {
  await using workplace = await openWorkplace();
  for (const [name, uuid] of [
    ['dm-1', 'CRYPT-PLAIN-swap'],
    ['dm-2', 'LVM-abc'],
  ] as const) {
    mkdirSync(join(workplace.folder, name, 'dm'), { recursive: true });
    writeFileSync(join(workplace.folder, name, 'dm', 'uuid'), uuid);
  }
  const swaps = join(workplace.folder, 'swaps');
  writeFileSync(swaps, `Filename Type Size Used Priority\n${lines}\n`);
  expect(checkSwap(swaps, workplace.folder).result).toBe(result);
});

it.each([
  [50 * 2 ** 20, 'fail'],
  [500 * 2 ** 20, 'warn'],
  [50 * 2 ** 30, 'ok'],
])('judges %d free bytes: %s', (free, result) => {
  expect(judgeDisk('free disk', free).result).toBe(result);
});

it.each([
  ['0', 'core', ['node', '--disable-sigusr1', 'main.ts'], ['ok', 'ok']],
  ['unlimited', 'core', ['node', '--disable-sigusr1', 'main.ts'], ['warn', 'ok']],
  ['1048576', 'core', ['node', 'main.ts'], ['warn', 'warn']],
  ['0', '|/usr/lib/systemd/systemd-coredump %P', ['node', '--disable-sigusr1', 'main.ts'], ['warn', 'ok']],
] as const)('CRY-8: judges a core limit of %s with the pattern %s', async (limit, pattern, command, expected) => {
  await using workplace = await openWorkplace();
  const file = (name: string, content: string): string => {
    const path = join(workplace.folder, name);
    writeFileSync(path, content);
    return path;
  };
  const files = {
    limits: file('limits', `Limit Soft Hard Units\nMax core file size        ${limit}        ${limit}        bytes\n`),
    commandLine: file('cmdline', `${command.join('\0')}\0`),
    corePattern: file('core_pattern', `${pattern}\n`),
  };
  expect(checkServerMemory(1, files).map(({ result }) => result)).toEqual(expected);
});

it('CRY-8: says nothing of a server that does not run, and little where the system does not tell', () => {
  expect(checkServerMemory(undefined)).toEqual([]);
  const missing = { limits: '/no/limits', commandLine: '/no/cmdline', corePattern: '/no/pattern' };
  expect(checkServerMemory(1, missing).map(({ result }) => result)).toEqual(['ok']);
});
