import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { absent, absentInBrowsers } from './absent.ts';

const names = (folder: string): string[] =>
  readdirSync(join(import.meta.dirname, '..', folder)).filter(
    (name) => name.endsWith('.ts') && !name.includes('.test.'),
  );
const isListed = (name: string): name is keyof typeof absentInBrowsers => Object.hasOwn(absentInBrowsers, name);

describe('the primitives of browsers', () => {
  // vetted-worker is the file that a thread of Node starts with; nothing imports it.
  const native = names('native')
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => name !== 'vetted-worker');

  it.each(native)('%s: exports what src/native exports', async (name) => {
    const [ours, theirs]: Record<string, unknown>[] = await Promise.all([
      import(`../native/${name}.ts`),
      import(`./${name}.ts`),
    ]);
    expect(Object.keys(theirs ?? {}).sort()).toEqual(Object.keys(ours ?? {}).sort());
  });

  it('are absent where the list says so, and nowhere else', async () => {
    const modules: Record<string, unknown>[] = await Promise.all(native.map((name) => import(`./${name}.ts`)));
    const missing = modules.flatMap((module) =>
      Object.entries(module).flatMap(([name, value]) =>
        typeof value === 'function' && value.toString() === absent('verifyWith').toString() ? [name] : [],
      ),
    );
    expect([...new Set(missing)].sort()).toEqual(Object.keys(absentInBrowsers).sort());
  });

  it('are reached by #native alone: a path would bring OpenSSL into a page', () => {
    const source = join(import.meta.dirname, '..');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !/^(?:native|browser)[/\\]/.test(path),
    );
    expect(files.length).toBeGreaterThan(40);
    const byPath = files.filter((path) => /from '[./]+native\//.test(readFileSync(join(source, path), 'utf8')));
    expect(byPath).toEqual([]);
  });

  it('say by name and reason that they are absent', () => {
    for (const name of Object.keys(absentInBrowsers)) {
      if (!isListed(name)) throw new Error(name);
      expect(absent(name)).toThrow(
        expect.objectContaining({ code: 'CRYPTO_RUNTIME_UNSUPPORTED', message: expect.stringContaining(name) }),
      );
    }
  });

  it('take and give what those of src/native do', async () => {
    // Each line is checked by the compiler.
    const hash: typeof import('../native/hash.ts') = await import('./hash.ts');
    const aead: typeof import('../native/aead.ts') = await import('./aead.ts');
    const bulk: typeof import('../native/bulk.ts') = await import('./bulk.ts');
    const random: typeof import('../native/random.ts') = await import('./random.ts');
    const argon2: typeof import('../native/argon2.ts') = await import('./argon2.ts');
    expect([hash, aead, bulk, random, argon2].every((module) => Object.keys(module).length > 0)).toBe(true);
  });
});

describe('keys of browsers', () => {
  it('CRY-8: a private key prints, serializes and copies without its secret', async () => {
    const { privateKeyFromRaw } = await import('./asymmetric.ts');
    const secret = new Uint8Array(32).fill(0xa5);
    const key = privateKeyFromRaw('x25519', secret);
    const { inspect } = await import('node:util');
    expect(`${JSON.stringify(key)} ${inspect(key, { depth: 9, showHidden: true })}`).not.toMatch(/165, ?165|:165,/);
  });

  it('fill memory larger than one call of the browser gives, all of it', async () => {
    const { fillRandom } = await import('./random.ts');
    const bytes = new Uint8Array(200_000);
    fillRandom(bytes.subarray(1, 199_999));
    expect([bytes[0], bytes[199_999]]).toEqual([0, 0]);
    for (const at of [1, 65_000, 131_000, 196_700])
      expect(new Set(bytes.subarray(at, at + 3000)).size).toBeGreaterThan(200);
  });

  it('PKCS#8 of a curve is what OpenSSL writes and reads, with and without its point, and no other', async () => {
    const ours = await import('./asymmetric.ts');
    const theirs = await import('../native/asymmetric.ts');
    for (const curve of ['P-256', 'P-384', 'P-521'] as const) {
      const [mine, other] = [ours.generateEcPkcs8(curve), theirs.generateEcPkcs8(curve)];
      expect(mine.length).toBe(other.length);
      for (const der of [mine, other]) {
        expect(theirs.rawPublicKey(theirs.privateKeyFromPkcs8(der))).toEqual(
          ours.rawPublicKey(ours.privateKeyFromPkcs8(der)),
        );
      }
      for (const at of [0, 10, mine.length - 1]) {
        const changed = mine.slice();
        changed[at] = (changed[at] ?? 0) + 1;
        expect(() => ours.privateKeyFromPkcs8(changed)).toThrow();
      }
      expect(() => ours.privateKeyFromPkcs8(mine.subarray(0, -1))).toThrow();
    }
  });
});
