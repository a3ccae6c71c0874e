import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFile } from './journal-file.ts';

describe('INV-5: the journal of a scan', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'qv-journal-'));
    file = join(folder, 'scan.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const resume = (path = file) => {
    const lines: string[] = [];
    new JournalFile(path, { isResumed: true, onLine: (line) => lines.push(line) }).close();
    return lines;
  };

  it('goes on behind its last whole line, and gives up only a piece of a line of its own', () => {
    writeFileSync(file, '{"a":1}\n{"b":2}\n{"c":');
    expect(resume()).toEqual(['{"a":1}', '{"b":2}']);
    expect(readFileSync(file, 'utf8')).toBe('{"a":1}\n{"b":2}\n');
  });

  it('attack: the text of somebody else is refused and stays as it is, also through a link', () => {
    const precious = 'precious data without a line feed';
    writeFileSync(file, precious);
    expect(() => resume()).toThrow(expect.objectContaining({ code: 'CLI_FILE_UNREADABLE' }));
    const link = join(folder, 'link');
    symlinkSync(file, link);
    expect(() => resume(link)).toThrow(expect.objectContaining({ code: 'CLI_FILE_UNWRITABLE' }));
    expect(readFileSync(file, 'utf8')).toBe(precious);
  });

  it('writes over no file that exists', () => {
    writeFileSync(file, '');
    const open = () => new JournalFile(file, { isResumed: false, onLine: () => {} });
    expect(open).toThrow(expect.objectContaining({ code: 'CLI_FILE_EXISTS' }));
  });
});
