import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace } from '../../../test/run-qv.ts';

const names = ['one', 'two', 'three'];

/** A folder with a key, three files, and folders for the results. */
async function threeFiles() {
  const workplace = await openWorkplace();
  const path = (name: string): string => join(workplace.folder, name);
  const alice = (await workplace.qv('keygen -o alice.key')).out.trim();
  for (const name of names) writeFileSync(path(name), `content of ${name}\n`);
  for (const name of ['sealed', 'plain']) mkdirSync(path(name));
  return { workplace, alice, path, [Symbol.asyncDispose]: () => workplace[Symbol.asyncDispose]() };
}

it('encrypts and decrypts many files at once, each into a file of its own', async () => {
  await using files = await threeFiles();
  const { workplace, alice, path } = files;
  const made = await workplace.qv(`encrypt -r ${alice} --out-dir sealed one two three`);
  expect(made).toMatchObject({ exitCode: 0, err: '' });
  expect(made.out.split('\n')).toHaveLength(4);
  expect(readdirSync(path('sealed')).sort()).toEqual(['one.qv', 'three.qv', 'two.qv']);
  const sealed = names.map((name) => `sealed/${name}.qv`).join(' ');
  const opened = await workplace.qv(`decrypt -i alice.key --out-dir plain ${sealed} --json`);
  expect(JSON.parse(opened.out)).toMatchObject({
    done: 3,
    failed: 0,
    files: names.map((name) => ({ input: `sealed/${name}.qv`, bytes: 12 + name.length, signature: 'none' })),
  });
  for (const name of names) expect(readFileSync(path(`plain/${name}`), 'utf8')).toBe(`content of ${name}\n`);
});

it('a file that fails is named and does not stop the others', async () => {
  await using files = await threeFiles();
  const { workplace, alice, path } = files;
  await workplace.qv(`encrypt -r ${alice} --out-dir sealed one two three`);
  const bytes = readFileSync(path('sealed/two.qv'));
  writeFileSync(path('sealed/two.qv'), bytes.subarray(0, -1));
  const words = 'decrypt -i alice.key --out-dir plain sealed/one.qv sealed/two.qv sealed/missing.qv sealed/three.qv';
  const { exitCode, out, err } = await workplace.qv(words);
  expect({ exitCode, lines: out.trim().split('\n').length }).toEqual({ exitCode: 1, lines: 2 });
  expect(err).toContain('sealed/two.qv: ');
  expect(err).toContain('[TRUNCATED]');
  expect(err).toContain('2 of 4 files failed');
  expect(readdirSync(path('plain')).sort()).toEqual(['one', 'three']);
  const again = await workplace.qv(`${words} --force --json`);
  expect(JSON.parse(again.out)).toMatchObject({
    done: 2,
    failed: 2,
    files: [{}, { error: expect.any(String) }, {}, {}],
  });
});

it('wrong use of many files is said before the first is begun', async () => {
  await using files = await threeFiles();
  const { workplace, alice, path } = files;
  mkdirSync(path('other'));
  writeFileSync(path('other/one'), '');
  writeFileSync(path('sealed/three.qv'), 'already there');
  for (const words of [
    `encrypt -r ${alice} --out-dir missing one two`,
    `encrypt -r ${alice} --out-dir sealed one other/one`,
    `encrypt -r ${alice} --out-dir sealed one two three`,
    `encrypt -r ${alice} --out-dir sealed one -`,
    `encrypt -r ${alice} --out-dir sealed`,
    `encrypt -r ${alice} --out-dir sealed -o out one`,
    `encrypt -r ${alice} -o out one two`,
    `encrypt -r ${alice} -o one one --force`,
    'decrypt -i alice.key --out-dir plain one',
  ]) {
    const { exitCode, out } = await workplace.qv(words);
    expect({ words, exitCode, out }).toEqual({ words, exitCode: 2, out: '' });
  }
  expect(readdirSync(path('sealed'))).toEqual(['three.qv']);
  expect(readFileSync(path('one'), 'utf8')).toBe('content of one\n');
});

it('ENV-4: 64 recipients from one file can each open, and a 65th is refused', async () => {
  await using files = await threeFiles();
  const { workplace, path } = files;
  const keys = Array.from({ length: 65 }, (_, at) => `key-${at}`);
  const recipients: string[] = [];
  for (const key of keys) recipients.push((await workplace.qv(`keygen -o ${key}`)).out.trim());
  writeFileSync(path('team'), `# the team\n${recipients.slice(0, 64).join('\n')}\n`);
  expect(await workplace.qv('encrypt -R team -o out.qv one')).toMatchObject({ exitCode: 0 });
  for (const key of ['key-0', 'key-63']) {
    expect(await workplace.qv(`decrypt -i ${key} -o ${key}.txt out.qv`)).toMatchObject({ exitCode: 0 });
  }
  expect(await workplace.qv(`encrypt -R team -r ${recipients[64]} -o bad one`)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('at most 64 recipients'),
  });
  expect(readdirSync(workplace.folder)).not.toContain('bad');
});

it('ENV-6: progress says which of the files it is', async () => {
  await using files = await threeFiles();
  const { workplace, alice } = files;
  const { err } = await workplace.qv(`encrypt -r ${alice} --out-dir sealed one two`, { isTerminal: true });
  expect(err).toContain('100%  15 B of 15 B (1 of 2)');
  expect(err).toContain('(2 of 2)');
});
