// ENV-8: the age tool itself, in Go, opens what we write, and we open what it writes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openWorkplace } from '../../apps/cli/test/run-qv.ts';
import { goProgram } from '../../tools/services/go-program.ts';

const built = goProgram({
  path: 'filippo.io/age/cmd/...',
  version: 'v1.3.2',
  programs: ['age', 'age-keygen', 'age-plugin-batchpass'],
});
const folder = mkdtempSync(join(tmpdir(), 'qv-age-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sizes = [0, 1, 65_535, 65_536, 65_537, 131_072, 10 * 1024 * 1024];
const pattern = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 13 + (index >> 10)) & 0xff));

/** Runs one of the programs of age in a folder of its own. */
function run(programs: string, cwd: string, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const path = `${programs}:${process.env.PATH ?? ''}`;
  const { status, stderr, stdout } = spawnSync(join(programs, program), args, {
    cwd,
    env: { PATH: path, ...env },
    encoding: 'utf8',
  });
  return { status, stderr, stdout };
}

describe('ENV-8: the age tool', { timeout: 300_000 }, () => {
  it('is the version that was meant', (ctx) => {
    if ('missing' in built) return ctx.skip(built.missing);
    const { stdout } = run(built.folder, folder, 'age', ['--version']);
    console.log(`age ${stdout.trim()}`);
    expect(stdout.trim()).toBe('v1.3.2');
  });

  const kinds = [
    ['post-quantum', '', ['-pq']],
    ['X25519', '--suite x25519', []],
  ] as const;

  it.for(kinds)(
    'and qv open the files of each other for %s keys, binary and armored',
    async ([, suite, keygenOptions], ctx) => {
      if ('missing' in built) return ctx.skip(built.missing);
      await using workplace = await openWorkplace();
      const age = (...args: readonly string[]) => run(built.folder, workplace.folder, 'age', args);
      const path = (name: string): string => join(workplace.folder, name);
      const ours = (await workplace.qv(`keygen --format age ${suite} -o ours.key`)).out.trim();
      expect(run(built.folder, workplace.folder, 'age-keygen', [...keygenOptions, '-o', 'theirs.key']).status).toBe(0);
      const theirs = run(built.folder, workplace.folder, 'age-keygen', ['-y', 'theirs.key']).stdout.trim();
      // Their program reads our key, and derives the recipient that we print.
      expect(run(built.folder, workplace.folder, 'age-keygen', ['-y', 'ours.key']).stdout.trim()).toBe(ours);
      for (const size of sizes) {
        const content = pattern(size);
        writeFileSync(path('in'), content);
        for (const isArmored of [false, true]) {
          const armor = isArmored ? '--armor' : '';
          expect(
            await workplace.qv(`encrypt --format age ${armor} -r ${theirs} -r ${ours} --force -o ours.age in`),
          ).toMatchObject({ exitCode: 0 });
          const sealed = age('-e', ...(isArmored ? ['-a'] : []), '-r', ours, '-r', theirs, '-o', 'theirs.age', 'in');
          expect(sealed).toMatchObject({ status: 0, stderr: '' });
          for (const key of ['ours.key', 'theirs.key']) {
            expect(age('-d', '-i', key, '-o', 'back', 'ours.age')).toMatchObject({ status: 0, stderr: '' });
            expect(Buffer.compare(readFileSync(path('back')), content)).toBe(0);
            expect(await workplace.qv(`decrypt -i ${key} --force -o back theirs.age`)).toMatchObject({
              exitCode: 0,
              err: '',
            });
            expect(Buffer.compare(readFileSync(path('back')), content)).toBe(0);
          }
        }
      }
    },
  );

  it('and qv share a passphrase', async (ctx) => {
    if ('missing' in built) return ctx.skip(built.missing);
    await using workplace = await openWorkplace();
    const path = (name: string): string => join(workplace.folder, name);
    const content = pattern(100_000);
    writeFileSync(path('in'), content);
    writeFileSync(path('words'), 'correct horse battery staple\n');
    const age = (...args: readonly string[]) =>
      run(built.folder, workplace.folder, 'age', [...args], { AGE_PASSPHRASE: 'correct horse battery staple' });
    expect(await workplace.qv('encrypt --format age --passphrase-file words -o ours.age in')).toMatchObject({
      exitCode: 0,
    });
    expect(age('-d', '-j', 'batchpass', '-o', 'back', 'ours.age')).toMatchObject({ status: 0 });
    expect(Buffer.compare(readFileSync(path('back')), content)).toBe(0);
    expect(age('-e', '-j', 'batchpass', '-o', 'theirs.age', 'in')).toMatchObject({ status: 0 });
    expect(await workplace.qv('decrypt --passphrase-file words --force -o back theirs.age')).toMatchObject({
      exitCode: 0,
      err: '',
    });
    expect(Buffer.compare(readFileSync(path('back')), content)).toBe(0);
  });

  it('refuses a changed file of ours, as we refuse one of its', async (ctx) => {
    if ('missing' in built) return ctx.skip(built.missing);
    await using workplace = await openWorkplace();
    const path = (name: string): string => join(workplace.folder, name);
    writeFileSync(path('in'), pattern(100_000));
    const ours = (await workplace.qv('keygen --format age -o ours.key')).out.trim();
    await workplace.qv(`encrypt --format age -r ${ours} -o good.age in`);
    const file = readFileSync(path('good.age'));
    file[file.length - 1] = (file.at(-1) ?? 0) ^ 1;
    writeFileSync(path('bad.age'), file);
    expect(run(built.folder, workplace.folder, 'age', ['-d', '-i', 'ours.key', '-o', 'back', 'bad.age']).status).toBe(
      1,
    );
    expect(await workplace.qv('decrypt -i ours.key -o other bad.age')).toMatchObject({ exitCode: 1 });
  });
});
