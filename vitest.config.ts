import path from 'node:path';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const source = (folder: string): string => path.join(import.meta.dirname, folder);

// Which part of the tests a run is of: set by the runner (tools/test/run-vitest.ts), since projects take no overrides.
const part = process.env.VITEST_PART;
const names = part === 'integration' ? '*.integration.test.ts' : '*.test.ts';

// Tests and build share one compiler (swc), so that decorator metadata is the same in both. Tests read our packages from
// their sources, in the global setup too, so that no build can be stale.
export default defineConfig({
  plugins: [swc.vite()],
  resolve: {
    conditions: ['source'],
    alias: [
      { find: /^@quantumvault\/providers\/(.+)$/, replacement: source('providers/src/$1/index.ts') },
      {
        find: /^@quantumvault\/(access|age|bech32|cbor|cms|crypto|envelope|tlog|inventory|pki|ports|api)$/,
        replacement: source('packages/$1/src/index.ts'),
      },
      {
        find: /^@quantumvault\/crypto\/(bench|known-answers|legacy)$/,
        replacement: source('packages/crypto/src/$1.ts'),
      },
      // What the package's own `imports` say for the condition `source`; the global setup resolves without conditions.
      { find: /^#native\/(.+)$/, replacement: source('packages/crypto/src/native/$1.ts') },
    ],
  },
  test: {
    projects: [
      // Importing the same parts anew for each file took a sixth of the time. Such a test must leave nothing behind in its worker.
      {
        extends: true,
        test: { name: 'parts', include: [`{packages,providers,apps}/**/${names}`], isolate: false },
      },
      { extends: true, test: { name: 'wholes', include: [`{tools,tests}/**/${names}`] } },
    ],
    exclude: [
      ...['**/node_modules/**', '**/dist/**', 'tools/lint/fixtures/**'],
      ...(part === 'unit' ? ['**/*.integration.test.ts'] : []),
    ],
    // One more than the two cores that it is measured on: a third of the time is waiting for processes, disks and clocks.
    maxWorkers: 3,
    globalSetup: ['tests/harness/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
