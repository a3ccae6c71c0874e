import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace, type Workplace } from '../../../test/run-qv.ts';

const content = new TextEncoder().encode('signed by one, read by many\n');

interface Signers extends AsyncDisposable {
  readonly workplace: Workplace;
  readonly reader: string;
  path(name: string): string;
}

/** A folder with a reader's key, an author's and a stranger's signing keys, and a file. */
async function workplaceWithSigners(): Promise<Signers> {
  const workplace = await openWorkplace();
  const path = (name: string): string => join(workplace.folder, name);
  const reader = (await workplace.qv('keygen -o reader.key')).out.trim();
  for (const name of ['author', 'stranger']) {
    const { out } = await workplace.qv(`keygen --sign -o ${name}.key`);
    writeFileSync(path(`${name}.signer`), `# ${name}\n${out}`);
  }
  writeFileSync(path('in'), content);
  return { workplace, reader, path, [Symbol.asyncDispose]: () => workplace[Symbol.asyncDispose]() };
}

it('ENV-7: keygen --sign prints the signer, and keeps the secret in a private file', async () => {
  await using workplace = await openWorkplace();
  const { exitCode, out, err } = await workplace.qv('keygen --sign -o my.key');
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect(out).toMatch(/^qvs1[02-9ac-hj-np-z]+\n$/);
  expect(statSync(join(workplace.folder, 'my.key')).mode & 0o777).toBe(0o600);
  const made = JSON.parse((await workplace.qv('keygen --sign --algorithm Ed25519 -o ed.key --json')).out);
  expect(made).toMatchObject({ algorithm: 'Ed25519', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
  for (const wrong of ['--sign --algorithm Dilithium3', '--algorithm Ed25519', '--sign --suite x-wing']) {
    expect(await workplace.qv(`keygen ${wrong} -o bad`)).toMatchObject({ exitCode: 2, out: '' });
  }
  expect(readdirSync(workplace.folder)).not.toContain('bad');
});

it('ENV-7: a signed file gets its name only when the expected signer signed it', async () => {
  await using signers = await workplaceWithSigners();
  const { workplace, reader, path } = signers;
  const made = await workplace.qv(`encrypt -r ${reader} --sign author.key -o out.qv in`);
  expect(made).toMatchObject({ exitCode: 0, out: expect.stringMatching(/ for 1 recipient, signed\n$/) });
  const good = await workplace.qv('decrypt -i reader.key --signers-file author.signer -o back out.qv --json');
  expect(JSON.parse(good.out)).toMatchObject({ signature: 'verified', signer: expect.any(String) });
  expect(readFileSync(path('back'))).toEqual(Buffer.from(content));
  // docs/design/envelope.md, QV1-17: with neither a signer nor the word that none is asked for, nothing comes out.
  for (const out of ['no.md', '-']) {
    const unsaid = await workplace.qv(`decrypt -i reader.key -o ${out} out.qv`);
    expect(unsaid).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining('[UNSUPPORTED]') });
    expect(unsaid.err).toContain('--signers-file, or open it unchecked with --ignore-signature');
    expect(unsaid.bytes).toHaveLength(0);
  }
  const both = 'decrypt -i reader.key --signers-file author.signer --ignore-signature -o no.md out.qv';
  expect(await workplace.qv(both)).toMatchObject({ exitCode: 2, out: '' });
  const unchecked = await workplace.qv('decrypt -i reader.key --ignore-signature -o unchecked out.qv');
  expect(unchecked).toMatchObject({ exitCode: 0, err: expect.stringContaining('NOT checked') });

  await workplace.qv(`encrypt -r ${reader} -o plain.qv in`);
  const bytes = readFileSync(path('out.qv'));
  writeFileSync(path('cut.qv'), bytes.subarray(0, -3400));
  writeFileSync(path('flipped.qv'), bytes.with(bytes.length - 9, (bytes.at(-9) ?? 0) ^ 1));
  const before = readdirSync(workplace.folder);
  for (const [words, kind] of [
    ['--signers-file stranger.signer -o bad out.qv', 'AUTHENTICATION_FAILED'],
    ['--signers-file author.signer -o bad plain.qv', 'AUTHENTICATION_FAILED'],
    ['--signers-file author.signer -o bad cut.qv', 'TRUNCATED'],
    ['--signers-file author.signer -o bad flipped.qv', 'AUTHENTICATION_FAILED'],
    ['--ignore-signature -o bad cut.qv', 'TRUNCATED'],
    ['-o bad out.qv', 'UNSUPPORTED'],
  ] as const) {
    const { exitCode, out, err } = await workplace.qv(`decrypt -i reader.key ${words}`);
    expect({ words, exitCode, out, err }).toEqual({ words, exitCode: 1, out: '', err: expect.stringContaining(kind) });
  }
  expect(readdirSync(workplace.folder)).toEqual(before);
});

it('ENV-7: a rewrap keeps the signature, and inspect shows it', async () => {
  await using signers = await workplaceWithSigners();
  const { workplace, reader } = signers;
  const other = (await workplace.qv('keygen -o other.key')).out.trim();
  await workplace.qv(`encrypt -r ${reader} --sign author.key -o out.qv in`);
  expect(await workplace.qv(`rewrap -i reader.key -r ${other} -o moved.qv out.qv`)).toMatchObject({ exitCode: 0 });
  const opened = await workplace.qv('decrypt -i other.key --signers-file author.signer -o back moved.qv --json');
  const { signer } = JSON.parse(opened.out);
  const shown = JSON.parse((await workplace.qv('inspect moved.qv --json')).out);
  expect(shown).toMatchObject({ signed: true, signer, contentBytes: content.length });
  expect(shown.signatureAlgorithm).toMatch(/^ML/);
  const { out } = await workplace.qv('inspect moved.qv');
  expect(out).toContain(signer);
  expect(out).toContain(shown.signatureAlgorithm);
  const piped = await workplace.qv('inspect - --json', { input: readFileSync(signers.path('moved.qv')) });
  expect(JSON.parse(piped.out)).toMatchObject({ signed: true, contentBytes: null, signatureAlgorithm: null });
});

it('ENV-7: signs any file beside it, bound to purpose and context', async () => {
  await using signers = await workplaceWithSigners();
  const { workplace, path } = signers;
  const place = '--purpose release --context version=7';
  const made = await workplace.qv(`sign -k author.key ${place} in`);
  expect(made).toMatchObject({ exitCode: 0, err: '', out: expect.stringContaining('in.qvsig') });
  const good = await workplace.qv(`verify --signers-file author.signer ${place} in`);
  expect(good).toMatchObject({ exitCode: 0, err: '', out: expect.stringContaining('good signature of ') });
  const json = JSON.parse((await workplace.qv(`verify --signers-file author.signer ${place} in --json`)).out);
  expect(json).toMatchObject({ valid: true, bytes: content.length, purpose: 'release', context: { version: '7' } });
  const both = `verify --signers-file stranger.signer --signers-file author.signer -s in.qvsig ${place} -`;
  expect(await workplace.qv(both, { input: content })).toMatchObject({ exitCode: 0 });
  writeFileSync(path('changed'), 'something else\n');
  for (const [words, kind] of [
    [`--signers-file stranger.signer ${place} in`, 'AUTHENTICATION_FAILED'],
    [`--signers-file author.signer -s in.qvsig ${place} changed`, 'AUTHENTICATION_FAILED'],
    ['--signers-file author.signer in', 'CONTEXT_MISMATCH'],
    ['--signers-file author.signer --purpose release in', 'CONTEXT_MISMATCH'],
    [`--signers-file author.signer -s in ${place} in`, 'MALFORMED'],
  ] as const) {
    const { exitCode, out, err } = await workplace.qv(`verify ${words}`);
    expect({ words, exitCode, out, err }).toEqual({ words, exitCode: 1, out: '', err: expect.stringContaining(kind) });
  }
  const shown = JSON.parse((await workplace.qv('inspect in.qvsig --json')).out);
  expect(shown).toMatchObject({ format: 'QVS1', authenticated: false, purpose: 'release', signer: json.signer });
  expect((await workplace.qv('inspect in.qvsig')).out).toContain(json.signer);
});

it('ENV-7: a signature replaces neither the document nor the key, whatever is forced', async () => {
  await using signers = await workplaceWithSigners();
  const { workplace, path } = signers;
  symlinkSync(path('in'), path('link'));
  const key = readFileSync(path('author.key'));
  for (const words of ['-o in --force in', '-o ./in --force in', '-o in --force link', '-o author.key --force in']) {
    const { exitCode, err } = await workplace.qv(`sign -k author.key ${words}`);
    expect({ words, exitCode, err }).toEqual({ words, exitCode: 2, err: expect.stringContaining('that is read') });
  }
  expect([readFileSync(path('in')), readFileSync(path('author.key'))]).toEqual([Buffer.from(content), key]);
});

it('ENV-7: a signature through the standard streams', async () => {
  await using signers = await workplaceWithSigners();
  const { workplace, path } = signers;
  const made = await workplace.qv('sign -k author.key -o - -', { input: content });
  expect({ exitCode: made.exitCode, all: made.all }).toEqual({ exitCode: 0, all: '' });
  writeFileSync(path('sig'), made.bytes);
  expect(await workplace.qv('verify --signers-file author.signer -s sig in')).toMatchObject({ exitCode: 0 });
  const verified = await workplace.qv('verify --signers-file author.signer -s - in', { input: made.bytes });
  expect(verified).toMatchObject({ exitCode: 0 });
});

it('wrong use of signing is said before any work and never quotes a key', async () => {
  await using signers = await workplaceWithSigners();
  const { workplace, reader, path } = signers;
  const secret = readFileSync(path('author.key'), 'utf8').split('\n')[2] ?? '';
  expect(secret).toMatch(/^QV-SIGNING-KEY-1/);
  const two = Buffer.concat([readFileSync(path('author.key')), readFileSync(path('stranger.key'))]);
  writeFileSync(path('two.key'), two, { mode: 0o600 });
  writeFileSync(path('empty'), '# nobody\n');
  await workplace.qv('sign -k author.key in');
  await workplace.qv(`encrypt -r ${reader} --sign author.key -o out.qv in`);
  const before = readdirSync(workplace.folder);
  for (const command of [
    'sign in',
    'sign -k reader.key in',
    'sign -k two.key in',
    'sign -k author.key in',
    'sign -k author.key -',
    'sign -k author.key -o - --json in',
    'sign -k author.key --purpose Release -o x in',
    'sign -k author.key --organization foo -o x in',
    `sign -k author.key --context ${'a'.repeat(129)}=1 -o x in`,
    'verify --signers-file author.signer --purpose Release in',
    'verify in',
    'verify --signers-file empty in',
    `verify --signer ${secret} in`,
    'verify --signers-file author.signer missing',
    'verify --signers-file author.signer -s - -',
    `encrypt -r ${reader} --sign reader.key -o bad in`,
    'decrypt -i reader.key --signers-file empty -o bad out.qv',
    'decrypt -i author.key -o bad out.qv',
  ]) {
    const { exitCode, out, all } = await workplace.qv(command);
    expect({ command, exitCode, out }).toEqual({ command, exitCode: 2, out: '' });
    expect(all).not.toContain(secret);
  }
  expect(readdirSync(workplace.folder)).toEqual(before);
});
