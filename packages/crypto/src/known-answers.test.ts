import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generateKemKey } from './hpke/kems.ts';
import { encapsulateWithRandomness } from './known-answers.ts';

const sizes = {
  'ML-KEM-512': 32,
  'ML-KEM-768': 32,
  'ML-KEM-1024': 32,
  'X-Wing': 64,
  'MLKEM768-P256': 160,
  'MLKEM1024-P384': 80,
};

it.each(Object.entries(sizes))('CRY-2: %s opens what the library for browsers encapsulates', (kem, length) => {
  const { key } = generateKemKey(kem);
  const randomness = new Uint8Array(length).fill(7);
  const { enc, sharedSecret } = encapsulateWithRandomness({ kem, publicKey: key.publicKey, randomness });
  expect(key.decapsulate(enc).equals(sharedSecret)).toBe(true);
  const again = encapsulateWithRandomness({ kem, publicKey: key.publicKey, randomness });
  expect(again.enc).toEqual(enc);
  const invalid = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });
  for (const publicKey of [key.publicKey.subarray(1), key.publicKey.map((byte, at) => (at < 384 ? 0xff : byte))]) {
    expect(() => encapsulateWithRandomness({ kem, publicKey, randomness })).toThrow(invalid);
  }
  const short = { kem, publicKey: key.publicKey, randomness: randomness.subarray(1) };
  expect(() => encapsulateWithRandomness(short)).toThrow(invalid);
});

it('given randomness is reached by its own import alone, and only where vectors are run', () => {
  const root = join(import.meta.dirname, '..', '..', '..');
  // Built folders are left out: they may be written while this reads.
  const exclude = ['**/node_modules', '**/dist', '**/.next', '**/*.test.ts'];
  const users = globSync('{apps,packages,providers}/**/*.ts', { cwd: root, exclude }).filter((path) =>
    /known-answers(?:\.ts)?'/.test(readFileSync(join(root, path), 'utf8')),
  );
  expect(users.every((path) => path.startsWith(join('apps', 'cli', 'src', 'vectors')))).toBe(true);
  expect(users.length).toBeGreaterThan(0);
});
