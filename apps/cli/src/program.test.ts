import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Refusal } from '../test/contract-server.ts';
import { apiKey, openWorkplace } from '../test/run-qv.ts';
import { page } from '../test/samples.ts';
import { systemClock } from './clock.ts';
import { buildProgram } from './program.ts';
import { Output } from './terminal/output.ts';

const silent = { write: () => {}, isTerminal: false, columns: 80 };
const http = () => Promise.reject(new Error('no network in this test'));
const standard = {
  input: () => {
    throw new Error('no input in this test');
  },
  write: () => Promise.resolve(),
  askSecret: () => Promise.reject(new Error('no terminal in this test')),
  askLine: () => Promise.reject(new Error('no terminal in this test')),
  canAsk: false,
};

it('IFC-4: every command has --json and a sentence', () => {
  const output = new Output({ out: silent, err: silent, allowsColours: false });
  const environment = { get: () => undefined, folder: '.' };
  const commands = [buildProgram({ output, environment, clock: systemClock, http, standard, exitCode: 0 })];
  const leaves: string[] = [];
  for (const command of commands) {
    commands.push(...command.commands);
    expect(command.description()).not.toBe('');
    if (command.commands.length > 0) continue;
    leaves.push(command.name());
    expect(
      command.options.map(({ long }) => long),
      command.name(),
    ).toContain('--json');
  }
  expect(leaves.length).toBeGreaterThanOrEqual(74);
});

it.each([
  'frobnicate',
  'frobnicate --help',
  'cert frobnicate --help',
  'help frobnicate',
  'help cert frobnicate',
  'assets frobnicate',
  'status --loud',
  'status extra',
  'jobs show',
  '',
])('wrong use ends with 2: "%s"', async (command) => {
  await using workplace = await openWorkplace();
  const { exitCode, out, err } = await workplace.qv(command);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  expect(err).not.toBe('');
});

it.each(['--help', 'audit verify --help', '--version'])('help and version are no errors: %s', async (command) => {
  await using workplace = await openWorkplace();
  expect(await workplace.qv(command)).toMatchObject({ exitCode: 0, err: '' });
});

it.each([
  ['help', 'Usage: qv [options] [command]'],
  ['help encrypt', 'Usage: qv encrypt [options]'],
  ['cert help issue', 'Usage: qv cert issue [options]'],
  ['help cert issue', 'Usage: qv cert issue [options]'],
  ['help cert', 'Usage: qv cert [options]'],
])('IFC-4: "%s" is a request for help', async (command, begin) => {
  await using workplace = await openWorkplace();
  const { exitCode, out, err } = await workplace.qv(command);
  expect([exitCode, out.slice(0, begin.length), err]).toEqual([0, begin, '']);
});

it.each([
  [400, 3],
  [401, 3],
  [403, 3],
  [404, 3],
  [409, 3],
  [412, 3],
  [422, 3],
  [429, 3],
  [500, 5],
  [502, 4],
  [503, 4],
])('IFC-4: an answer of %d ends with %d and names the code', async (status, exitCode) => {
  await using workplace = await openWorkplace({
    listAssets: () => {
      throw new Refusal(status, 'SOME_CODE', 'Why it is so');
    },
  });
  const ran = await workplace.qv('assets');
  expect(ran).toMatchObject({ exitCode, out: '' });
  expect(ran.err).toContain(`Why it is so [SOME_CODE, ${status}]`);
  expect(ran.err).toContain('req-1');
});

it('a server that does not answer ends with 4, one that answers something else with 5', async () => {
  await using workplace = await openWorkplace();
  const gone = await openWorkplace();
  await gone[Symbol.asyncDispose]();
  expect(await workplace.qv('assets', { environment: { QV_URL: gone.server.url } })).toMatchObject({ exitCode: 4 });
  const other = createServer((_, response) =>
    response.setHeader('content-type', 'application/json').end('{"items": 1}'),
  );
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await workplace.qv('assets', { environment: { QV_URL: `http://127.0.0.1:${port}` } })).toMatchObject({
    exitCode: 5,
  });
  await new Promise((resolve) => other.close(resolve));
});

it('gives the API key to no server that it was redirected to', async () => {
  await using thief = await openWorkplace({ listAssets: () => ({ value: page([]) }) });
  const server = createServer((_, response) =>
    response.writeHead(307, { location: `${thief.server.url}/api/assets` }).end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await using workplace = await openWorkplace();
  expect(await workplace.qv('assets', { environment: { QV_URL: `http://127.0.0.1:${port}` } })).toMatchObject({
    exitCode: 4,
  });
  expect(thief.server.asked).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
});

it('gives the key of this machine to no other one', async () => {
  await using workplace = await openWorkplace();
  const { exitCode, err } = await workplace.qv('assets', { environment: { QV_URL: 'https://vault.example.org' } });
  expect(exitCode).toBe(2);
  expect(err).toContain('Nobody is signed in to https://vault.example.org');
});

it('takes the key from QV_API_KEY or from the file in QV_API_KEY_FILE', async () => {
  await using workplace = await openWorkplace({ listAssets: () => ({ value: page([]) }) });
  writeFileSync(join(workplace.folder, 'bootstrap-admin.json'), '{}');
  writeFileSync(join(workplace.folder, 'key'), `${apiKey}\n`);
  const file = join(workplace.folder, 'key');
  expect(await workplace.qv('assets')).toMatchObject({ exitCode: 2 });
  expect(await workplace.qv('assets', { environment: { QV_API_KEY: apiKey } })).toMatchObject({ exitCode: 0 });
  expect(await workplace.qv('assets', { environment: { QV_API_KEY_FILE: file } })).toMatchObject({ exitCode: 0 });
  expect(await workplace.qv('assets', { environment: { QV_API_KEY_FILE: file, QV_API_KEY: apiKey } })).toMatchObject({
    exitCode: 2,
  });
  expect(await workplace.qv('assets', { environment: { QV_API_KEY: 'qv_wrong' } })).toMatchObject({ exitCode: 3 });
  // A key with a line break would be quoted in fetch's own error.
  expect(await workplace.qv('assets', { environment: { QV_API_KEY: `${apiKey}\n1` } })).toMatchObject({ exitCode: 2 });
});

it.each(['ftp://127.0.0.1', 'vault', 'http://user:SSSSSS@127.0.0.1'])(
  'refuses QV_URL %s without quoting it',
  async (url) => {
    await using workplace = await openWorkplace();
    const { exitCode, err } = await workplace.qv('assets', { environment: { QV_URL: url } });
    expect(exitCode).toBe(2);
    expect(err).not.toContain(url);
  },
);

it('does not quote a damaged bootstrap file', async () => {
  await using workplace = await openWorkplace();
  writeFileSync(join(workplace.folder, 'bootstrap-admin.json'), `{"apiKey": "${apiKey}`);
  expect(await workplace.qv('assets')).toMatchObject({ exitCode: 2 });
});
