import { execFile } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SecretBytes } from '../src/secret-bytes.ts';
import { wrapKey } from '../src/symmetric/key-wrap.ts';

const run = promisify(execFile);
const runtime = async (flags: readonly string[], script: string): Promise<string> =>
  (await run(process.execPath, [...flags, '-e', script])).stdout.trim();

const hash = `
  const { argon2 } = require('node:crypto');
  const how = { message: Buffer.alloc(8), nonce: Buffer.alloc(16), memory: 19456, passes: 2, parallelism: 1, tagLength: 32 };
  argon2('argon2id', how, (error) => console.log(error ? 'failed' : 'done'));
`;

// What the runtime does, measured, and what we do about it. A new runtime that behaves otherwise fails here first.
describe('traps of the runtime', () => {
  it('CRY-8: Argon2 allocates in the secure heap and fails when that is small, so the server refuses the flag', async () => {
    expect(await runtime([], hash)).toBe('done');
    expect(await runtime(['--secure-heap=65536', '--secure-heap-min=32'], hash)).toBe('failed');
  });

  it('setFips(true) succeeds without a validated module, so nothing here calls it or calls itself FIPS', async () => {
    const script = `
      const { setFips, getFips } = require('node:crypto');
      setFips(true);
      console.log(getFips());
    `;
    expect(await runtime([], script)).toBe('1');
    const root = join(import.meta.dirname, '..', '..', '..');
    // Built folders are left out: they may be written while this reads.
    const exclude = ['**/node_modules', '**/dist', '**/.next', '**/*.test.ts'];
    const files = globSync('{apps,packages,providers}/**/src/**/*.ts', { cwd: root, exclude });
    expect(files.length).toBeGreaterThan(300);
    expect(
      files.filter((path) => /setFips|enable-fips|fips\s*=\s*true/.test(readFileSync(join(root, path), 'utf8'))),
    ).toEqual([]);
  });

  it('AES key wrap of nothing is answered with nothing, as if it had been wrapped; ours refuses it', () => {
    const cipher = createCipheriv('id-aes256-wrap', new Uint8Array(32), new Uint8Array(8).fill(0xa6));
    expect(Buffer.concat([cipher.update(new Uint8Array(0)), cipher.final()])).toHaveLength(0);
    using kek = SecretBytes.random(32);
    using key = SecretBytes.random(0);
    for (const algorithm of ['AES-256-KW', 'AES-256-KWP'] as const) {
      expect(() => wrapKey({ algorithm, kek, key })).toThrow(expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }));
    }
  });
});
