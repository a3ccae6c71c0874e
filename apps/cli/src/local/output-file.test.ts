import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

it('says when the folder is not there', () => {
  for (const missing of [join(folder, 'none', 'a'), join(folder, 'file', 'a')]) {
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeOutputFile(missing, 'x', options)).toThrow(
      expect.objectContaining({ code: 'CLI_FILE_UNWRITABLE', message: expect.stringContaining('There is no folder') }),
    );
  }
});

it('never replaces what is no file, nor a link to it, with force neither', () => {
  mkdirSync(join(folder, 'folder'));
  symlinkSync('folder', join(folder, 'to-folder'));
  symlinkSync('/dev/null', join(folder, 'to-device'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  symlinkSync('pipe', join(folder, 'to-pipe'));
  const before = readdirSync(folder);
  const names = ['folder', 'to-folder', 'to-device', 'pipe', 'to-pipe'].map((name) => join(folder, name));
  // The last two may lead to files in this process, and are streams for whoever names them.
  for (const path of [...names, '/dev/null', '/dev/stdout', '/dev/fd/1']) {
    for (const force of [false, true]) {
      expect(() => writeOutputFile(path, 'x', { force, mode: 0o600 })).toThrow(
        expect.objectContaining({ code: 'CLI_FILE_UNWRITABLE', message: expect.stringContaining('not a file') }),
      );
    }
  }
  expect(readdirSync(folder)).toEqual(before);
  expect(lstatSync(join(folder, 'to-device')).isSymbolicLink()).toBe(true);
});

it('replaces a link with force, and not what it leads to', () => {
  writeFileSync(join(folder, 'theirs'), 'theirs');
  symlinkSync('theirs', join(folder, 'a'));
  symlinkSync('nothing', join(folder, 'b'));
  for (const name of ['a', 'b']) {
    const path = join(folder, name);
    expect(() => writeOutputFile(path, 'mine', options)).toThrow(expect.objectContaining({ code: 'CLI_FILE_EXISTS' }));
    writeOutputFile(path, 'mine', { force: true, mode: 0o600 });
    expect([lstatSync(path).isFile(), readFileSync(path, 'utf8')]).toEqual([true, 'mine']);
  }
  expect(readFileSync(join(folder, 'theirs'), 'utf8')).toBe('theirs');
  expect(existsSync(join(folder, 'nothing'))).toBe(false);
});
