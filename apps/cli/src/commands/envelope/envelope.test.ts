import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace, type Workplace } from '../../../test/run-qv.ts';

const content = new TextEncoder().encode('what only two may read\n');

interface Keys extends AsyncDisposable {
  readonly workplace: Workplace;
  readonly alice: string;
  readonly bob: string;
  path(name: string): string;
  read(name: string): Buffer;
}

/** A folder with the keys of two people, and a file. */
async function twoPeople(): Promise<Keys> {
  const workplace = await openWorkplace();
  const path = (name: string): string => join(workplace.folder, name);
  const keygen = async (name: string): Promise<string> => (await workplace.qv(`keygen -o ${name}`)).out.trim();
  const [alice, bob] = [await keygen('alice.key'), await keygen('bob.key')];
  writeFileSync(path('in'), content);
  return {
    workplace,
    alice,
    bob,
    path,
    read: (name) => readFileSync(path(name)),
    [Symbol.asyncDispose]: () => workplace[Symbol.asyncDispose](),
  };
}

it('ENV-4: keygen prints the recipient, and keeps the secret in a private file', async () => {
  await using workplace = await openWorkplace();
  const { exitCode, out, err } = await workplace.qv('keygen -o my.key');
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect(out).toMatch(/^qv1[02-9ac-hj-np-z]+\n$/);
  const file = join(workplace.folder, 'my.key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(`# recipient: ${out}`);
  expect(await workplace.qv('keygen -o my.key')).toMatchObject({ exitCode: 2, out: '' });
  expect(await workplace.qv('keygen -o -')).toMatchObject({ exitCode: 2, out: '' });
  const again = JSON.parse((await workplace.qv('keygen -o my.key --force --json')).out);
  expect(again).toMatchObject({ keyId: expect.stringMatching(/^[0-9a-f]{32}$/), suite: expect.any(String) });
  expect(`${again.recipient}\n`).not.toBe(out);
});

it('ENV-4: each recipient opens the file, nobody else does', async () => {
  await using people = await twoPeople();
  const { workplace, alice, bob } = people;
  writeFileSync(people.path('team'), `# the team\n${bob}\n\n`);
  const { exitCode, out, all } = await workplace.qv(`encrypt -r ${alice} -R team -o out.qv in`);
  expect({ exitCode, out }).toEqual({
    exitCode: 0,
    out: expect.stringMatching(/^wrote <folder>\/out.qv: .* for 2 recipients\n$/),
  });
  expect(all).not.toContain('SECRET');
  await workplace.qv('keygen -o eve.key');
  for (const name of ['alice', 'bob']) {
    expect(await workplace.qv(`decrypt -i ${name}.key -o ${name}.txt out.qv`)).toMatchObject({ exitCode: 0, err: '' });
    expect(people.read(`${name}.txt`)).toEqual(Buffer.from(content));
    expect(statSync(people.path(`${name}.txt`)).mode & 0o777).toBe(0o600);
  }
  expect(await workplace.qv('decrypt -i eve.key -i bob.key -o both.txt out.qv')).toMatchObject({ exitCode: 0 });
  const eve = await workplace.qv('decrypt -i eve.key -o eve.txt out.qv');
  expect(eve).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining('[KEY_NOT_FOUND]') });
  expect(readdirSync(workplace.folder).filter((name) => name.startsWith('eve'))).toEqual(['eve.key']);
});

it('ENV-2: streams more than a segment through standard input and output', async () => {
  await using people = await twoPeople();
  const { workplace, alice } = people;
  const big = Uint8Array.from({ length: 3_500_001 }, (_, index) => (index * 31 + (index >> 12)) & 0xff);
  writeFileSync(people.path('big'), big);
  const fromFile = await workplace.qv(`encrypt -r ${alice} -o - big`);
  const fromInput = await workplace.qv(`encrypt -r ${alice} -o -`, { input: big });
  for (const { exitCode, all, bytes } of [fromFile, fromInput]) {
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' });
    const opened = await workplace.qv('decrypt -i alice.key -o - -', { input: bytes });
    expect({ exitCode: opened.exitCode, all: opened.all }).toEqual({ exitCode: 0, all: '' });
    expect(Buffer.compare(opened.bytes, big)).toBe(0);
  }
  writeFileSync(people.path('big.qv'), fromInput.bytes);
  expect(await workplace.qv('decrypt -i alice.key -o big.txt big.qv --json')).toMatchObject({ exitCode: 0 });
  expect(Buffer.compare(people.read('big.txt'), big)).toBe(0);
});

it('ENV-5: context, organization and purpose must be given again', async () => {
  await using people = await twoPeople();
  const { workplace, alice } = people;
  const place =
    '--context table=orders --context row=7=8 --purpose token --organization 019A0000-0000-7000-8000-00000000000b';
  expect(await workplace.qv(`encrypt -r ${alice} ${place} -o out.qv in`)).toMatchObject({ exitCode: 0 });
  const ordered =
    '--context row=7=8 --context table=orders --purpose token --organization 019a0000-0000-7000-8000-00000000000b';
  expect(await workplace.qv(`decrypt -i alice.key ${ordered} -o back in`)).toMatchObject({ exitCode: 1 });
  expect(await workplace.qv(`decrypt -i alice.key ${ordered} -o back out.qv`)).toMatchObject({ exitCode: 0 });
  for (const wrong of [
    '',
    ordered.replace('row=7=8', 'row=7'),
    ordered.replace('--context row=7=8 ', ''),
    ordered.replace('token', 'data-at-rest'),
    ordered.replace('00b', '00c'),
  ]) {
    const { exitCode, err, all } = await workplace.qv(`decrypt -i alice.key ${wrong} -o bad out.qv`);
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: expect.stringContaining('[CONTEXT_MISMATCH]') });
    expect(all).not.toContain('orders');
  }
  expect(readdirSync(workplace.folder)).not.toContain('bad');
});

it('ENV-5: a changed or cut file leaves nothing behind', async () => {
  await using people = await twoPeople();
  const { workplace, alice } = people;
  const big = new Uint8Array(2_500_000).fill(7);
  const { bytes } = await workplace.qv(`encrypt -r ${alice} -o -`, { input: big });
  const flipped = bytes.with(bytes.length - 20, (bytes.at(-20) ?? 0) ^ 1);
  for (const [bad, kind] of [
    [flipped, 'AUTHENTICATION_FAILED'],
    [bytes.subarray(0, 2_000_000), 'TRUNCATED'],
    [new Uint8Array([...bytes, 0]), 'AUTHENTICATION_FAILED'],
    [new Uint8Array(0), 'TRUNCATED'],
    [new TextEncoder().encode('%PDF-1.7\n%and so on'), 'MALFORMED'],
    [bytes.with(2, 0x32), 'UNSUPPORTED'],
  ] as const) {
    writeFileSync(people.path('bad.qv'), bad);
    const before = readdirSync(workplace.folder);
    const { exitCode, out, err } = await workplace.qv('decrypt -i alice.key -o back bad.qv');
    expect({ exitCode, out, err }).toEqual({ exitCode: 1, out: '', err: expect.stringContaining(`[${kind}]`) });
    expect(readdirSync(workplace.folder)).toEqual(before);
  }
});

it('ENV-4: a passphrase, asked for twice or read from a file', async () => {
  await using people = await twoPeople();
  const { workplace } = people;
  const secrets = ['correct horse', 'correct horse'];
  const made = await workplace.qv('encrypt --passphrase -o out.qv in', { secrets });
  expect(made).toMatchObject({ exitCode: 0, out: expect.stringMatching(/ for a passphrase\n$/) });
  expect(made.all).not.toContain('correct');
  writeFileSync(people.path('pass'), 'correct horse\r\nignored\n');
  expect(await workplace.qv('decrypt --passphrase-file pass -o back out.qv')).toMatchObject({ exitCode: 0 });
  expect(people.read('back')).toEqual(Buffer.from(content));
  expect(await workplace.qv('decrypt --passphrase -o bad out.qv', { secrets: ['battery'] })).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('[AUTHENTICATION_FAILED]'),
  });
  for (const [command, typed] of [
    ['encrypt --passphrase -o bad in', ['one', 'two']],
    ['encrypt --passphrase -o bad in', ['', '']],
    ['encrypt --passphrase -o bad in', []],
    ['encrypt --passphrase --passphrase-file pass -o bad in', []],
    ['encrypt --passphrase-file - -o bad in', []],
    [`encrypt --passphrase-file pass -r ${people.alice} -o bad in`, []],
  ] as const) {
    expect(await workplace.qv(command, { secrets: typed })).toMatchObject({ exitCode: 2, out: '' });
  }
});

it('CRY-2: the profile cnsa-2.0 is demanded when encrypting and when decrypting', async () => {
  await using people = await twoPeople();
  const { workplace, alice } = people;
  const carol = (await workplace.qv('keygen --profile cnsa-2.0 -o carol.key')).out.trim();
  const made = await workplace.qv(`encrypt --profile cnsa-2.0 -r ${carol} -o carol.qv in`);
  expect(made).toMatchObject({ exitCode: 0 });
  const shown = JSON.parse((await workplace.qv('inspect carol.qv --json')).out);
  expect(shown.recipients).toMatchObject([{ suite: 'HPKE-ML-KEM-1024-HKDF-SHA384-AES-256-GCM' }]);
  expect(await workplace.qv('decrypt --profile cnsa-2.0 -i carol.key -o back carol.qv')).toMatchObject({ exitCode: 0 });
  expect(people.read('back')).toEqual(Buffer.from(content));
  await workplace.qv(`encrypt -r ${alice} -r ${carol} -o mixed.qv in`);
  expect(await workplace.qv('decrypt --profile cnsa-2.0 -i carol.key -o bad mixed.qv')).toMatchObject({
    ...{ exitCode: 1, err: expect.stringContaining('[UNSUPPORTED]') },
  });
  for (const refused of [
    `encrypt --profile cnsa-2.0 -r ${carol} -r ${alice} -o bad in`,
    `rewrap --profile cnsa-2.0 -i carol.key -r ${alice} -o bad carol.qv`,
  ]) {
    expect(await workplace.qv(refused)).toMatchObject({
      ...{ exitCode: 2, err: expect.stringMatching(/cnsa-2\.0 allows recipients of ML-KEM-1024 alone.*X-WING/) },
    });
  }
  for (const wrong of ['--profile fips', '--suite rsa', '--profile standard --suite x-wing']) {
    expect(await workplace.qv(`keygen ${wrong} -o bad`)).toMatchObject({ exitCode: 2, out: '' });
  }
  const dave = (await workplace.qv('keygen --suite mlkem1024-p384 -o dave.key')).out.trim();
  expect(await workplace.qv(`encrypt -r ${dave} -o dave.qv in`)).toMatchObject({ exitCode: 0 });
  expect(await workplace.qv('decrypt -i dave.key -o dave.txt dave.qv')).toMatchObject({ exitCode: 0 });
  expect(readdirSync(workplace.folder)).not.toContain('bad');
});

it('ENV-4: rewrap changes who can open and says that it revokes nothing', async () => {
  await using people = await twoPeople();
  const { workplace, alice, bob } = people;
  const big = new Uint8Array(3_000_000).fill(5);
  writeFileSync(people.path('big'), big);
  await workplace.qv(`encrypt -r ${alice} --context table=orders -o old.qv big`);
  const { exitCode, err } = await workplace.qv(`rewrap -i alice.key --context table=orders -r ${bob} -o new.qv old.qv`);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: expect.stringContaining('still can') });
  expect(await workplace.qv('decrypt -i alice.key --context table=orders -o no new.qv')).toMatchObject({ exitCode: 1 });
  expect(await workplace.qv('decrypt -i bob.key --context table=orders -o back new.qv')).toMatchObject({ exitCode: 0 });
  expect(Buffer.compare(people.read('back'), big)).toBe(0);
  const json = await workplace.qv(`rewrap -i alice.key --context table=orders -r ${bob} -o two.qv old.qv --json`);
  expect(JSON.parse(json.out)).toMatchObject({ recipients: 1, bytes: people.read('new.qv').length });
  for (const [command, expected] of [
    [`rewrap -i alice.key -r ${bob} -o bad old.qv`, 1],
    [`rewrap -i bob.key --context table=orders -r ${bob} -o bad old.qv`, 1],
    ['rewrap -i alice.key --context table=orders -o bad old.qv', 2],
    [`rewrap --context table=orders -r ${bob} -o bad old.qv`, 2],
  ] as const) {
    expect(await workplace.qv(command)).toMatchObject({ exitCode: expected, out: '' });
  }
  expect(readdirSync(workplace.folder)).not.toContain('bad');
});

it('inspect shows what the file says and that nothing was checked', async () => {
  await using people = await twoPeople();
  const { workplace, alice } = people;
  await workplace.qv(`encrypt -r ${alice} --context table=orders --content-type text/plain -o out.qv in`);
  const shown = JSON.parse((await workplace.qv('inspect out.qv --json')).out);
  const [recipient] = shown.recipients;
  expect(shown).toMatchObject({
    format: 'QV1',
    authenticated: false,
    contentType: 'text/plain',
    context: { table: 'orders' },
    purpose: 'data-at-rest',
    createdAt: '2026-11-24T12:00:00.000Z',
    contentBytes: content.length,
    headerBytes: expect.any(Number),
    recipients: [{ type: 'hpke', suite: 'HPKE-X-WING-HKDF-SHA256-AES-256-GCM', keyVersion: 1 }],
  });
  expect(shown.headerBytes + shown.bodyBytes).toBe(people.read('out.qv').length);
  const { out, err } = await workplace.qv('inspect out.qv');
  expect(out).toContain(recipient.keyId);
  expect(err).toContain('Nothing of this was checked');
  const { out: piped } = await workplace.qv('inspect - --json', { input: people.read('out.qv') });
  expect(JSON.parse(piped)).toEqual({ ...shown, bodyBytes: null, contentBytes: null });
  expect(await workplace.qv('inspect in')).toMatchObject({ exitCode: 1, out: '' });
});

it('wrong use is said before any work and never quotes a key', async () => {
  await using people = await twoPeople();
  const { workplace, alice, path } = people;
  const secret = people.read('alice.key').toString().split('\n')[2] ?? '';
  mkdirSync(path('folder'));
  symlinkSync('/dev/null', path('device'));
  await workplace.qv(`encrypt -r ${alice} -o out.qv in`);
  const before = readdirSync(workplace.folder);
  for (const command of [
    'encrypt -o x in',
    `encrypt -r ${secret} -o x in`,
    `encrypt -r ${alice.slice(0, -1)} -o x in`,
    `encrypt -r ${alice} in`,
    `encrypt -r ${alice} -o out.qv in`,
    `encrypt -r ${alice} -o folder in --force`,
    `encrypt -r ${alice} -o missing/x in`,
    `encrypt -r ${alice} -o x missing`,
    `encrypt -r ${alice} -o x folder`,
    `encrypt -r ${alice} -o - --json in`,
    `encrypt -r ${alice} -o x --context table in`,
    `encrypt -r ${alice} -o x --context =7 in`,
    `encrypt -r ${alice} -o x --context a=1 --context a=2 in`,
    `encrypt -r ${alice} -o x --purpose fun in`,
    'decrypt -o x out.qv',
    'decrypt -i in -o x out.qv',
    'decrypt -i missing -o x out.qv',
    'decrypt -i - -o x -',
    'decrypt -i alice.key -o x missing',
  ]) {
    const { exitCode, out, all } = await workplace.qv(command);
    expect({ command, exitCode, out }).toEqual({ command, exitCode: 2, out: '' });
    expect(all).not.toContain(secret);
  }
  expect(readdirSync(workplace.folder)).toEqual(before);
  const { exitCode } = await workplace.qv('decrypt -i alice.key -o - out.qv', { isTerminal: true });
  expect(exitCode).toBe(2);
});

it('IFC-4: arguments that the format has no place for are wrong use, in words of the command line', async () => {
  await using people = await twoPeople();
  const { workplace, alice, bob } = people;
  await workplace.qv(`encrypt -r ${alice} -o out.qv in`);
  for (const [command, said] of [
    [`encrypt -r ${alice} -r ${alice} -o bad in`, 'is a recipient twice'],
    [`rewrap -i alice.key -r ${bob} -r ${bob} -o bad out.qv`, 'is a recipient twice'],
    [`encrypt -r ${alice} --organization foo -o bad in`, '--organization <id>'],
    ['decrypt -i alice.key --organization foo -o bad out.qv', 'It must be a UUID'],
    [`encrypt -r ${alice} --context ${'a'.repeat(129)}=1 -o bad in`, '128'],
    [`encrypt -r ${alice} --context a=${'b'.repeat(4097)} -o bad in`, '4096'],
  ] as const) {
    const { exitCode, out, err } = await workplace.qv(command);
    expect([exitCode, out, err]).toEqual([2, '', expect.stringContaining(said)]);
    expect(err).not.toMatch(/tenant|\[[A-Z_]+\]/);
  }
  expect(readdirSync(workplace.folder)).not.toContain('bad');
});

it('warns of a key file that others can read', async () => {
  await using people = await twoPeople();
  const { workplace, alice } = people;
  writeFileSync(people.path('open.key'), people.read('alice.key'), { mode: 0o644 });
  await workplace.qv(`encrypt -r ${alice} -o out.qv in`);
  const { exitCode, err } = await workplace.qv('decrypt -i open.key -o back out.qv');
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: expect.stringContaining('mode 0644') });
});

it('ENV-6: shows progress on a terminal', async () => {
  await using people = await twoPeople();
  const { err } = await people.workplace.qv(`encrypt -r ${people.alice} -o out.qv in`, { isTerminal: true });
  expect(err).toContain('100%  23 B of 23 B');
});
