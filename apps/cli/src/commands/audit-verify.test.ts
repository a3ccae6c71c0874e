import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepLog } from '../../test/kept-log.ts';
import { openWorkplace, transcriptOf, type Workplace } from '../../test/run-qv.ts';

const anchors = '--key checkpoints/log.vkey --checkpoint checkpoints/latest --tiles checkpoints/tiles';

async function keptLog(): Promise<Workplace> {
  const workplace = await openWorkplace();
  await keepLog(workplace.folder, 300);
  return workplace;
}

/** The export with some of its lines changed; line 0 is the header, line n + 1 is leaf n. */
function change(workplace: Workplace, edit: (lines: string[]) => string[]): void {
  const lines = readFileSync(join(workplace.folder, 'log.jsonl'), 'utf8').trimEnd().split('\n');
  writeFileSync(join(workplace.folder, 'bad.jsonl'), `${edit(lines).join('\n')}\n`);
}

it('AUD-6: reads like a terminal', async () => {
  await using workplace = await keptLog();
  change(workplace, (lines) => lines.with(71, (lines[71] ?? '').replace('"success"', '"refused"')));
  const commands = [
    `audit verify log.jsonl ${anchors}`,
    'audit verify log.jsonl',
    `audit verify bad.jsonl ${anchors}`,
    'audit verify missing.jsonl',
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../test/transcripts/audit-verify.txt');
});

it('AUD-6: prints exactly the agreed verdict, and exit code 0 only when it is valid', async () => {
  await using workplace = await keptLog();
  const { exitCode, out } = await workplace.qv(`audit verify log.jsonl ${anchors} --json`);
  const verdict = { valid: true, events: 303, firstBadLeaf: null, firstBadRange: null, reason: null };
  expect({ exitCode, verdict: JSON.parse(out) }).toEqual({ exitCode: 0, verdict });
});

it('AUD-6: without a pinned key nothing is valid', async () => {
  await using workplace = await keptLog();
  const { exitCode, out } = await workplace.qv(
    'audit verify log.jsonl --checkpoint checkpoints/latest --tiles checkpoints/tiles --json',
  );
  expect({ exitCode, verdict: JSON.parse(out) }).toMatchObject({
    exitCode: 1,
    verdict: { valid: false, reason: 'NO_TRUST_ANCHOR' },
  });
});

it.each([
  ['an event that is gone', (lines: string[]) => lines.toSpliced(101, 1), 100, 'LEAF_MISSING'],
  [
    'events in another order',
    (lines: string[]) => lines.with(51, lines[52] ?? '').with(52, lines[51] ?? ''),
    50,
    'ORDER',
  ],
  ['a tail that is cut', (lines: string[]) => lines.slice(0, -10), 293, 'TAIL_MISSING'],
])('AUD-6: names the first bad leaf of %s', async (_, edit, firstBadLeaf, reason) => {
  await using workplace = await keptLog();
  change(workplace, edit);
  for (const tiles of ['checkpoints/tiles', 'checkpoints']) {
    const given = anchors.replace('--tiles checkpoints/tiles', `--tiles ${tiles}`);
    const { exitCode, out } = await workplace.qv(`audit verify bad.jsonl ${given} --json`);
    expect({ exitCode, ...JSON.parse(out) }).toMatchObject({
      exitCode: 1,
      valid: false,
      firstBadLeaf,
      firstBadRange: null,
      reason,
    });
  }
});

it.each([
  'log.jsonl --key missing',
  'log.jsonl --key log.jsonl',
  'log.jsonl --checkpoint missing',
  'log.jsonl --tiles missing',
  'log.jsonl --tiles log.jsonl',
  'checkpoints',
])('a file that cannot be read is wrong use: %s', async (given) => {
  await using workplace = await keptLog();
  expect(await workplace.qv(`audit verify ${given} --json`)).toMatchObject({ exitCode: 2, out: '' });
});
