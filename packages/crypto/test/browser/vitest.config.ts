import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = path.join(import.meta.dirname, '../../../..');
const source = (folder: string): string => path.join(root, folder);

/** Titles that do not run here: JavaScript takes minutes over every byte, and what Node does by itself is tested in Node. */
const left = [
  'every flipped byte',
  'every truncation',
  'every changed byte of the signature',
  'trap: encapsulate\\(\\)',
  'node:crypto silently ignores',
  'a context turns Ed25519 into another algorithm',
  'a passphrase opens, a wrong one',
  'orders too much work',
];

// The tests of the other folders once more, with the primitives that browsers get. Run by browser-primitives.test.ts.
export default defineConfig({
  root,
  resolve: {
    conditions: ['source'],
    alias: [
      { find: /^@quantumvault\/(cbor|crypto|envelope)$/, replacement: source('packages/$1/src/index.ts') },
      { find: /^#native\/(.+)$/, replacement: source('packages/crypto/src/browser/$1.ts') },
    ],
  },
  test: {
    include: [
      'packages/crypto/test/browser/chosen-primitives.inner.ts',
      'packages/crypto/src/{aead,hash,pkcs8,signature}.test.ts',
      'packages/crypto/src/{floe,hpke}/*.test.ts',
      'packages/crypto/test/*.test.ts',
      'packages/envelope/src/{commitment,envelope}.test.ts',
      'packages/envelope/src/text/*.test.ts',
      'packages/envelope/test/qv1-vectors.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testNamePattern: new RegExp(`^(?!.*(?:${left.join('|')}))`),
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
