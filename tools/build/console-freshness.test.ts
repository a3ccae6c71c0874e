import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { consoleHash } from './console-freshness.mjs';

let root = '';
const put = (path: string, content: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qv-console-'));
  for (const folder of ['api', 'tlog', 'cbor', 'crypto']) put(`packages/${folder}/src/index.ts`, 'export {};\n');
  put('apps/console/app/page.tsx', 'export default () => null;\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('what a build writes into the console leaves it fresh', () => {
  const before = consoleHash(root);
  put('apps/console/next-env.d.ts', '/// <reference types="next" />\n');
  put('apps/console/.next/trace', 'x');
  put('apps/console/dist/index.html', 'x');
  expect(consoleHash(root)).toBe(before);
  put('apps/console/app/page.tsx', 'export default () => undefined;\n');
  expect(consoleHash(root)).not.toBe(before);
});
