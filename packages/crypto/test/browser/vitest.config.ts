import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { innerTests, leftOut } from './inner-run.ts';

const root = path.join(import.meta.dirname, '../../../..');
const source = (folder: string): string => path.join(root, folder);

// The tests of the other folders once more, with the primitives that browsers get. Run by browser-primitives.test.ts.
export default defineConfig({
  root,
  resolve: {
    conditions: ['source'],
    alias: [
      { find: /^@quantumvault\/([a-z0-9]+)$/, replacement: source('packages/$1/src/index.ts') },
      { find: /^#native\/(.+)$/, replacement: source('packages/crypto/src/browser/$1.ts') },
    ],
  },
  test: {
    include: [...innerTests],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testNamePattern: new RegExp(`^(?!.*(?:${leftOut.join('|')}))`),
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
