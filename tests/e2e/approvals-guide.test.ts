import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ApprovalWorld, type Person } from '../security/approval-world.ts';
import { type QvPlace, runQv } from './run-qv.ts';

// docs/operating/approvals.md as it is written: every command of the page, in its order, by two administrators.

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/operating/approvals.md'), 'utf8');
const commands = page.split('\n').flatMap((line) => (/^ {4}\S/.test(line) ? [line.trim()] : []));

/** As a shell takes it apart, as far as the page needs one. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|\S+/g)].map(([whole, quoted]) => quoted ?? whole).slice(2);

let world: ApprovalWorld;
let home = '';
let [alice, bob, dora] = [] as unknown as [Person, Person, Person];
beforeAll(async () => {
  world = await ApprovalWorld.start();
  home = mkdtempSync(path.join(tmpdir(), 'qv-approvals-'));
  [alice, bob, dora] = [await world.person('alice'), await world.person('bob'), await world.person('dora')];
  for (const [who, { apiKey }] of Object.entries({ alice, bob }))
    expect(await runQv(['login', '--api-key'], { ...placeOf(who), input: apiKey })).toMatchObject({ exitCode: 0 });
});
afterAll(async () => {
  await world?.stop();
  rmSync(home, { recursive: true, force: true });
});

const placeOf = (who: string): QvPlace => ({
  cwd: home,
  dataDir: path.join(home, 'none'),
  url: world.server.url,
  configDir: path.join(home, who),
});

it('ACC-9: every command of docs/operating/approvals.md does what the page says', { timeout: 240_000 }, async () => {
  const left = [...commands];
  let request = '';
  let digits = '';
  /** The next command of the page, with what a person fills in. */
  const next = (beginning: string): string[] => {
    const command = left.shift() ?? '';
    expect(command.startsWith(`npx qv ${beginning}`), `${command} is ${beginning}`).toBe(true);
    const filled: Readonly<Record<string, string>> = { REQUEST: request, DIGITS: digits, SUBJECT: dora.userId };
    return wordsOf(command).map((word) => filled[word] ?? word);
  };
  const run = async (who: string, words: readonly string[], exitCode = 0): Promise<string> => {
    const ran = await runQv(words, placeOf(who));
    expect({ words, ...ran }).toMatchObject({ exitCode });
    return ran.out + ran.err;
  };
  /** Keeps what a person reads from the screen for the next commands. */
  const noted = (screen: string): string => {
    request = /^ *approval +(\S{36})$/m.exec(screen)?.[1] ?? expect.fail(screen);
    digits = (/^ *plan hash +([0-9a-f]{64})$/m.exec(screen)?.[1] ?? expect.fail(screen)).slice(0, 12);
    return screen;
  };
  const waits = async (words: readonly string[]): Promise<void> => void noted(await run('alice', words, 6));

  expect(await run('alice', next('approvals policies'))).toMatch(/^scan\.internal +free /m);
  expect(await run('alice', next('approvals policies set audit.export'))).toMatch(/expires +8 h/);
  await waits(next('approvals policies set scan.internal'));
  expect(await run('bob', next('approvals --mine to-decide'))).toContain(request);
  expect(noted(await run('bob', next('approvals show')))).toContain('You may decide.');
  expect(await run('bob', next('approvals approve'))).toContain('It was carried out.');
  expect(await run('alice', next('approvals wait'))).toContain('is executed');

  const exporting = runQv(next('audit export'), placeOf('alice'));
  await vi.waitFor(
    async () => {
      const { items } = await bob.client.listApprovals({ query: { mine: 'to-decide' } });
      const [item] = items;
      if (item === undefined) throw new Error('nothing to decide yet');
      [request, digits] = [item.id, item.planHash.slice(0, 12)];
    },
    { timeout: 20_000, interval: 200 },
  );
  expect(await run('bob', next('approvals approve'))).toContain('Whoever asked does it now');
  expect(await exporting).toMatchObject({ exitCode: 0 });
  expect(readFileSync(path.join(home, 'log.jsonl'), 'utf8')).toMatch(/^\{"format"/);

  await waits(next('scan tls'));
  expect(await run('bob', next('approvals reject'))).toContain('is rejected');
  expect(await run('alice', ['approvals', 'wait', request], 1)).toContain('is rejected');
  await waits(next('scan tls'));
  expect(await run('alice', next('approvals cancel'))).toContain('is cancelled');

  const signer = /^qvs1\S+$/m.exec(await run('bob', next('keygen')))?.[0] ?? expect.fail('no signer was printed');
  expect(await run('bob', next('approvals keys register'))).toContain('is registered');
  await waits(next('approvals policies set grant.create'));
  await run('bob', next('approvals approve'));
  await waits(next('grants create'));
  // Without a signature it is not accepted.
  const bare = ['approvals', 'approve', request, '--hash', digits, '--reason', 'x'];
  expect(await run('bob', bare, 3)).toContain('APPROVALS_SIGNATURE_REQUIRED');
  expect(await run('bob', next('approvals approve'))).toContain('It was carried out');
  await run('alice', next('approvals evidence'));
  writeFileSync(path.join(home, 'signers'), `${bob.userId} ${signer}\n`);
  expect(await run('nobody', next('approvals verify'))).toContain('valid: 1 of 1 approvals are signed');
  const explained = await run('alice', next('access explain'));
  expect(explained).toMatch(/then grant\.create waits for one other, signed; who may: .*bob/);
  expect(await run('alice', next('approvals approvers'))).toMatch(
    /who may decide approvals; now these could:.*bob@example\.org/s,
  );
  expect(left).toEqual([]);
});
