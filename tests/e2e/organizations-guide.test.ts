import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { runQv } from './run-qv.ts';

// docs/operating/organizations.md as it is written: every command of the page, in its order.

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/operating/organizations.md'), 'utf8');
const commands = page.split('\n').flatMap((line) => (/^ {4}\S/.test(line) ? [line.trim()] : []));

let server: TestServer;
let home = '';
beforeAll(async () => {
  server = await startTestServer();
  home = mkdtempSync(path.join(tmpdir(), 'qv-organizations-'));
});
afterAll(async () => {
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

it('ACC-1, ACC-13: every command of docs/operating/organizations.md does what the page says', {
  timeout: 120_000,
}, async () => {
  const said: string[] = [];
  let organization = '';
  for (const command of commands) {
    const words = command.split(' ').map((word) => (word === 'ORGANIZATION' ? organization : word));
    expect(words.slice(0, 2)).toEqual(['npx', 'qv']);
    const ran = await runQv(words.slice(2), { cwd: home, dataDir: server.dataDir, url: server.url });
    expect({ command, ...ran }).toMatchObject({ command, exitCode: 0 });
    said.push(ran.out);
    organization ||= /^organization +(\S{36})$/m.exec(ran.out)?.[1] ?? '';
  }
  const saidTo = (beginning: string): string =>
    said[commands.findIndex((command) => command.startsWith(beginning))] ?? '';
  expect(saidTo('npx qv org create')).toMatch(/^api key +qv_/m);
  expect(saidTo('npx qv projects list')).toContain('Shop');
  expect(saidTo('npx qv org quota ORGANIZATION --set assets=1000')).toMatch(/^assets +1000 +\d+ +platform$/m);
  expect(saidTo('npx qv org quota ORGANIZATION --set assets=default')).toMatch(/^assets +\d+ +\d+ +settings$/m);
  expect(saidTo('npx qv org suspend')).toMatch(/^status +suspended$/m);
  expect(saidTo('npx qv org resume')).toMatch(/^status +active$/m);
  expect((await server.client.listProjects({ query: {} })).items).toEqual([]);
});
