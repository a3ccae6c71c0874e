import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow } from '../files.ts';
import { runVectors } from '../run.ts';
import { Tally } from '../tally.ts';
import { VectorFile } from '../vector-file.ts';
import { age } from './age.ts';

const kit = join(import.meta.dirname, '..', '..', '..', '..', '..', 'tests', 'vectors', 'cctv-age');

it('ENV-8: every file of the test kit of age ends as it must', async () => {
  const reports = await runVectors(filesBelow(kit), () => {});
  expect(reports.filter(({ passed, source }) => passed !== 1 || source !== 'cctv')).toEqual([]);
  expect(reports).toHaveLength(72);
});

describe('the runner notices', () => {
  async function run(name: string, change: (head: string) => string) {
    const entry = filesBelow(kit).find(({ path }) => path === name);
    if (entry === undefined) throw new Error(`the kit has no ${name}`);
    const bytes = entry.read();
    const end = bytes.findIndex((byte, at) => byte === 0x0a && bytes[at + 1] === 0x0a);
    const head = change(new TextDecoder().decode(bytes.subarray(0, end)));
    const changed = Buffer.concat([Buffer.from(head), bytes.subarray(end)]);
    const file = new VectorFile({ path: name, read: () => changed }, []);
    const tally = new Tally();
    expect(age.recognize(file)).toBe('vectors');
    await age.run(file, tally);
    const { passed, failed, skipped } = tally.report(name, 'cctv');
    return { passed, failed, skipped };
  }
  const failure = { passed: 0, failed: 1, skipped: 0 };

  it.each([
    [
      'a success that should have been a failure',
      'armor_x25519',
      (head: string) => head.replace('success', 'no match'),
    ],
    [
      'a failure that should have been a success',
      'header_crlf',
      (head: string) => head.replace('header failure', 'success'),
    ],
    ['a failure of another kind', 'x25519_bad_tag', (head: string) => head.replace('no match', 'HMAC failure')],
    [
      'content that is not what was encrypted',
      'stream_three_chunks',
      (head: string) => head.replace('payload: 8', 'payload: 9'),
    ],
    [
      'bytes let out before a failure',
      'stream_no_final_two_chunks',
      (head: string) => head.replace(/payload: \w+/, `payload: ${'0'.repeat(64)}`),
    ],
  ])('%s', async (_, name, change) => expect(await run(name, change)).toEqual(failure));

  it('what it does not know, and skips it', async () => {
    const skip = { passed: 0, failed: 0, skipped: 1 };
    expect(await run('armor_x25519', (head) => `${head}\nnew: key`)).toEqual(skip);
    expect(await run('armor_x25519', (head) => head.replace('success', 'a miracle'))).toEqual(skip);
    expect(await run('stream_three_chunks', (head) => head.replace('zlib', 'zstd'))).toEqual(skip);
  });
});
