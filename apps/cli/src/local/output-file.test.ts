import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OutputFile, writeOutputFile } from './output-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qv-out-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = { force: false, mode: 0o600 } as const;
const bytes = new TextEncoder().encode('content');

it('has its name only when it is complete', () => {
  const path = join(folder, 'a');
  const file = new OutputFile(path, options);
  file.write(bytes);
  expect(existsSync(path)).toBe(false);
  // What grows under another name is as private as what it becomes.
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  file.finish();
  expect(readdirSync(folder)).toEqual(['a']);
  expect(readFileSync(path, 'utf8')).toBe('content');
});

it('leaves nothing behind when it is given up', () => {
  const file = new OutputFile(join(folder, 'a'), options);
  file.write(bytes);
  file.discard();
  file.discard();
  expect(readdirSync(folder)).toEqual([]);
});

it('never replaces a file that came in the meantime', () => {
  const path = join(folder, 'a');
  const file = new OutputFile(path, options);
  file.write(bytes);
  writeFileSync(path, 'mine');
  expect(() => file.finish()).toThrow(expect.objectContaining({ code: 'CLI_FILE_EXISTS' }));
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect(readdirSync(folder)).toEqual(['a']);
});

it('replaces with force, mode included', () => {
  const path = join(folder, 'a');
  writeFileSync(path, 'mine', { mode: 0o644 });
  writeOutputFile(path, 'content', { force: true, mode: 0o600 });
  expect(readFileSync(path, 'utf8')).toBe('content');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('says when a folder cannot be written', () => {
  const missing = join(folder, 'none', 'a');
  expect(() => writeOutputFile(missing, 'x', options)).toThrow(
    expect.objectContaining({ code: 'CLI_FILE_UNWRITABLE' }),
  );
});
