import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build } from './build.ts';
import { checkFreshness } from './freshness.mjs';

const repository = join(import.meta.dirname, '../..');
let root = '';

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qv-build-'));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  put('.swcrc', readFileSync(join(repository, '.swcrc'), 'utf8'));
  put('packages/a/src/index.ts', "export { two } from './two.ts';\n");
  put('packages/a/src/two.ts', 'export const two: number = 2;\n');
  put('packages/a/src/two.test.ts', "throw new Error('tests are not shipped');\n");
  put('apps/server/src/migrations/0001_first.sql', 'SELECT 1;\n');
  put('apps/server/src/main.ts', 'export const main = 1;\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the build', () => {
  it('compiles with working imports, copies what is not TypeScript, leaves tests out', async () => {
    expect(await build(root)).toMatchObject({ compiled: 3, copied: 1, total: 4 });
    const built: { two: unknown } = await import(
      /* @vite-ignore */ pathToFileURL(join(root, 'packages/a/dist/index.js')).href
    );
    expect(built.two).toBe(2);
    expect(read('apps/server/dist/migrations/0001_first.sql')).toBe('SELECT 1;\n');
    expect(existsSync(join(root, 'packages/a/dist/two.test.js'))).toBe(false);
    expect(JSON.parse(read('packages/a/dist/two.js.map'))).toMatchObject({ sources: ['../src/two.ts'] });
  });

  it('keeps decorator metadata, without which validation fails open', async () => {
    put(
      'apps/server/src/dto.ts',
      'const d = (..._: unknown[]): void => {};\nexport class Dto { @d name: string = ""; }\n',
    );
    await build(root);
    expect(read('apps/server/dist/dto.js')).toMatch(/design:type"?, String/);
  });

  it('writes nothing when nothing changed, and says so in under 100 ms', async () => {
    await build(root);
    const before = read('.cache/build.json');
    const times: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      const report = await build(root);
      expect(report).toMatchObject({ compiled: 0, copied: 0, removed: 0 });
      times.push(report.ms);
    }
    // The fastest: in the others the machine may have done something else.
    expect(Math.min(...times)).toBeLessThan(100);
    expect(read('.cache/build.json')).toBe(before);
  });

  it('recognises a copied checkout by content', async () => {
    await build(root);
    const later = new Date(Date.now() + 60_000);
    for (const name of ['index.ts', 'two.ts']) utimesSync(join(root, 'packages/a/src', name), later, later);
    expect(checkFreshness(root)).toMatchObject({ fresh: true, touched: true });
  });

  it('compiles only what changed, and removes what lost its source', async () => {
    await build(root);
    put('packages/a/src/two.ts', 'export const two: number = 3;\n');
    rmSync(join(root, 'apps/server/src/migrations'), { recursive: true });
    expect(await build(root)).toMatchObject({ compiled: 1, copied: 0, removed: 1 });
    expect(existsSync(join(root, 'apps/server/dist/migrations'))).toBe(false);
    expect(read('packages/a/dist/two.js')).toContain('two = 3');
  });

  it('makes a deleted output again', async () => {
    await build(root);
    rmSync(join(root, 'packages/a/dist/two.js'));
    expect(checkFreshness(root).fresh).toBe(false);
    expect(await build(root)).toMatchObject({ compiled: 1 });
  });

  it('compiles everything again when the compiler settings change', async () => {
    await build(root);
    put('.swcrc', read('.swcrc').replace('es2024', 'es2022'));
    expect(await build(root)).toMatchObject({ compiled: 3 });
  });

  it('names the file that does not compile, and stays stale', async () => {
    put('packages/a/src/two.ts', 'export const two: = 2;\n');
    await expect(build(root)).rejects.toMatchObject({
      code: 'BUILD_COMPILE_FAILED',
      message: expect.stringContaining('packages/a/src/two.ts'),
    });
    expect(checkFreshness(root).fresh).toBe(false);
  });

  it('lets two builds at once take turns and leaves no temporary file', async () => {
    const reports = await Promise.all([build(root), build(root)]);
    expect(reports.map((report) => report.compiled).sort()).toEqual([0, 3]);
    const left = readdirSync(root, { recursive: true })
      .map(String)
      .filter((name) => !name.startsWith('node_modules') && name.includes('.tmp-'));
    expect(left).toEqual([]);
  });
});
