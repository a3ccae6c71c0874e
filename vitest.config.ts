import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

// Tests and build share one compiler (swc), so that decorator metadata is the same in both.
export default defineConfig({
  plugins: [swc.vite()],
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/**/*.test.ts', 'providers/**/*.test.ts', 'apps/**/*.test.ts', 'tools/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'tools/lint/fixtures/**'],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
