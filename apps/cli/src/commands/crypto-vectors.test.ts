import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openWorkplace, type Workplace } from '../../test/run-qv.ts';
import type { FileReport } from '../vectors/tally.ts';

const kept = join(import.meta.dirname, '..', '..', '..', '..', 'tests', 'vectors');

interface Report {
  readonly files: readonly FileReport[];
  readonly totals: {
    readonly cases: number;
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
  };
}

async function run(workplace: Workplace): Promise<Report & { readonly exitCode: number }> {
  const { exitCode, out } = await workplace.qv('crypto vectors vectors --json');
  const report: Report = JSON.parse(out);
  return { exitCode, ...report };
}

function copy(workplace: Workplace, ...names: readonly string[]): string {
  const folder = join(workplace.folder, 'vectors');
  mkdirSync(folder);
  for (const name of names) cpSync(join(kept, name), join(folder, name), { recursive: true });
  return folder;
}

it('runs published vectors and counts what ran and what was skipped, with the reason', async () => {
  await using workplace = await openWorkplace();
  copy(workplace, 'wycheproof', 'acvp', 'xwing', 'cfrg-hybrid-kems', 'hpke-pq', 'floe');
  const { exitCode, files, totals } = await run(workplace);
  expect(files.filter(({ failed }) => failed > 0)).toEqual([]);
  expect(exitCode).toBe(0);
  expect(totals.passed).toBeGreaterThan(450);
  expect(totals.cases).toBe(totals.passed + totals.failed + totals.skipped);
  for (const { skipped, reasons } of files) expect(skipped > 0).toBe(reasons.length > 0);
  const passedOf = (name: string) => files.find(({ file }) => file.endsWith(name))?.passed;
  expect(passedOf('MLKEM1024P384.json')).toBe(5);
  expect(passedOf('ed25519_test.json')).toBe(76);
  expect(files.filter(({ source, passed }) => source === 'floe' && passed === 1).length).toBeGreaterThan(5);
});

it('a wrong answer fails, in every kind of set, and the exit code is 1', async () => {
  await using workplace = await openWorkplace();
  const folder = copy(workplace, 'wycheproof', 'acvp', 'xwing', 'floe');
  const edit = (name: string, change: (text: string) => string): void => {
    const file = join(folder, name);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  };
  const flipAll = (field: string) => (text: string) =>
    text.replaceAll(
      new RegExp(`("${field}": ?")([0-9a-fA-F])`, 'g'),
      (_, head: string, digit: string) => `${head}${digit === '0' ? '1' : '0'}`,
    );
  edit('wycheproof/ed25519_test.json', flipAll('sig'));
  edit('wycheproof/hkdf_sha256_test.json', flipAll('okm'));
  edit('wycheproof/mlkem_768_test.json', flipAll('K'));
  edit('acvp/ML-KEM-keyGen-FIPS203.json', flipAll('ek'));
  edit('acvp/ML-DSA-sigVer-FIPS204.json', (text) => text.replaceAll(/"testPassed": ?true/g, '"testPassed": false'));
  edit('xwing/draft-connolly-cfrg-xwing-kem.json', flipAll('ss'));
  edit('floe/go_rotation_pt.txt', (text) => `00${text.slice(2)}`);
  const { exitCode, files } = await run(workplace);
  const failing = files.filter(({ failed }) => failed > 0).map(({ file }) => file);
  expect({ exitCode, failing }).toEqual({
    exitCode: 1,
    failing: [
      'acvp/ML-DSA-sigVer-FIPS204.json',
      'acvp/ML-KEM-keyGen-FIPS203.json',
      'floe/go_rotation_ct.txt',
      'wycheproof/ed25519_test.json',
      'wycheproof/hkdf_sha256_test.json',
      'wycheproof/mlkem_768_test.json',
      'xwing/draft-connolly-cfrg-xwing-kem.json',
    ],
  });
});

it('reads compressed files, and counts what it does not know as skipped', async () => {
  await using workplace = await openWorkplace();
  const folder = copy(workplace, 'xwing');
  const packed = gzipSync(readFileSync(join(folder, 'xwing', 'draft-connolly-cfrg-xwing-kem.json')));
  const unknown: Readonly<Record<string, Uint8Array | string>> = {
    'broken.json': '{"something": ',
    'cut.json.gz': packed.subarray(0, 100),
    'empty.txt': '',
    'new.json': '{"something": "else"}',
    'noise.bin': new Uint8Array(3000).map((_, index) => (index * 89) % 251),
    'null.json': '[null, 1]',
    stanza: 'expect: success\nof a later kit: yes\n\nage-encryption.org/v1\n',
  };
  for (const [name, content] of Object.entries(unknown)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'again.json.gz'), packed);
  writeFileSync(join(folder, 'README.md'), '# prose');
  const { files, exitCode } = await run(workplace);
  expect({ exitCode, seen: files.map(({ file, passed, skipped }) => [file, passed, skipped]) }).toEqual({
    exitCode: 0,
    seen: [
      ['again.json.gz', 1, 0],
      ...Object.keys(unknown).map((name) => [name, 0, 1]),
      ['xwing/draft-connolly-cfrg-xwing-kem.json', 1, 0],
    ],
  });
});

it('a set that is recognized and then broken has failed', async () => {
  await using workplace = await openWorkplace();
  const folder = copy(workplace, 'wycheproof');
  writeFileSync(
    join(folder, 'wycheproof', 'broken.json'),
    '{"algorithm": "AES-GCM", "schema": "", "testGroups": [{}]}',
  );
  const { exitCode, files } = await run(workplace);
  expect(exitCode).toBe(1);
  const [broken] = files.filter(({ failed }) => failed > 0);
  expect(broken).toMatchObject({ file: 'wycheproof/broken.json', failed: 1 });
  expect(broken?.reasons).toEqual([expect.stringContaining('VectorFormatError')]);
});

it('a folder without vectors proves nothing', async () => {
  await using workplace = await openWorkplace();
  mkdirSync(join(workplace.folder, 'vectors'));
  const empty = await workplace.qv('crypto vectors vectors');
  expect(empty).toMatchObject({ exitCode: 2, err: expect.stringContaining('nothing was checked') });
  writeFileSync(join(workplace.folder, 'vectors', 'unknown.json'), '{"something": "else"}');
  const unknown = await workplace.qv('crypto vectors vectors --json');
  expect(unknown).toMatchObject({ exitCode: 2, err: expect.stringContaining('nothing was checked') });
  expect(JSON.parse(unknown.out).totals).toEqual({ cases: 1, passed: 0, failed: 0, skipped: 1 });
  expect(await workplace.qv('crypto vectors missing')).toMatchObject({ exitCode: 2 });
});
