import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApprovalView } from '@quantumvault/api';
import { formatLogKeys, formatProofFile, leafHash, proveInclusion } from '@quantumvault/tlog';
import { expect, it } from 'vitest';
import { sampleEvent, sampleLog, tenants } from '../../../../packages/tlog/test/sample-log.ts';
import { Refusal } from '../../test/contract-server.ts';
import { openWorkplace, transcriptOf } from '../../test/run-qv.ts';
import { idOf, page, sampleApproval, sampleAuditEvent } from '../../test/samples.ts';

const events = [
  sampleAuditEvent(3, { action: 'job.failed', outcome: 'failed', reason: { code: 'JOBS_FAILED', text: null } }),
  sampleAuditEvent(2),
  sampleAuditEvent(1, { outcome: 'refused' }),
];

it('IFC-4: tail reads like a terminal, oldest event first', async () => {
  await using workplace = await openWorkplace({ listAudit: () => ({ value: page(events) }) });
  await expect(await transcriptOf(workplace, ['audit tail'])).toMatchFileSnapshot(
    '../../test/transcripts/audit-tail.txt',
  );
});

it('tail --follow prints each event once, however many come at once', async () => {
  const log = Array.from({ length: 3 }, (_, at) => sampleAuditEvent(at));
  await using workplace = await openWorkplace({
    listAudit: ({ query: { limit, cursor } }) => {
      const newestFirst = [...log].reverse();
      const from = cursor === undefined ? 0 : Number(cursor);
      const items = newestFirst.slice(from, from + Number(limit));
      const end = from + items.length;
      return { value: { items, nextCursor: end < newestFirst.length ? String(end) : null } };
    },
  });
  let rounds = 0;
  const stop = new Error('stopped by the test');
  const onSleep = (): void => {
    rounds += 1;
    if (rounds === 2) log.push(sampleAuditEvent(3));
    if (rounds === 3) for (let at = 4; at < 59; at += 1) log.push(sampleAuditEvent(at));
    if (rounds === 5) throw stop;
  };
  const { out } = await workplace.qv('audit tail --follow --json -n 2', { onSleep });
  const seen = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).logIndex);
  expect(seen).toEqual(Array.from({ length: 58 }, (_, at) => at + 1));
});

it('AUD-6: export writes a complete private file', async () => {
  const text = await (await sampleLog(20)).export('all');
  await using workplace = await openWorkplace({
    exportAudit: () => ({ stream: [text.slice(0, 1000), text.slice(1000)] }),
  });
  const { exitCode, out } = await workplace.qv('audit export --out log.jsonl --all --json');
  const file = join(workplace.folder, 'log.jsonl');
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ lines: 23, bytes: Buffer.byteLength(text) });
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(workplace.server.asked[0]?.query).toEqual({ scope: 'all' });
  expect(await workplace.qv('audit export --out log.jsonl')).toMatchObject({ exitCode: 2 });
  expect(workplace.server.asked).toHaveLength(1);
});

it.each([
  ['breaks off', { stream: ['{"format":1}\n{"index":'], isCut: true }, 4],
  ['ends within a line', { stream: ['{"format":1}\n{"index":'] }, 4],
  ['is empty', { stream: [] }, 4],
])('an export that %s leaves no file', async (_, answer, exitCode) => {
  await using workplace = await openWorkplace({ exportAudit: () => answer });
  const before = readdirSync(workplace.folder);
  expect(await workplace.qv('audit export --out log.jsonl')).toMatchObject({ exitCode });
  expect(readdirSync(workplace.folder)).toEqual(before);
});

it('ACC-9: an export that others must approve ends with 6, or waits for them and is made once', async () => {
  const text = await (await sampleLog(20)).export('all');
  let status: ApprovalView['status'] = 'pending';
  let exports = 0;
  await using workplace = await openWorkplace({
    exportAudit: () => {
      if (status !== 'approved') throw new Refusal(403, 'APPROVALS_REQUIRED', 'Others.', { approvalId: idOf(60) });
      exports += 1;
      return { stream: [text] };
    },
    getApproval: () => ({ value: sampleApproval({ operation: 'audit.export', status }) }),
  });
  const told = await workplace.qv('audit export --out log.jsonl');
  expect(told).toMatchObject({ exitCode: 6, err: expect.stringContaining(`qv approvals wait ${idOf(60)}`) });
  expect(await workplace.qv('audit export --out log.jsonl --wait 1')).toMatchObject({ exitCode: 6 });
  const decide = (to: ApprovalView['status']) => ({
    onSleep: () => {
      status = to;
    },
  });
  expect(await workplace.qv('audit export --out log.jsonl --wait 5', decide('rejected'))).toMatchObject({
    exitCode: 1,
  });
  expect(readdirSync(workplace.folder)).not.toContain('log.jsonl');
  status = 'pending';
  expect(await workplace.qv('audit export --out log.jsonl --wait 5', decide('approved'))).toMatchObject({
    exitCode: 0,
  });
  expect(exports).toBe(1);
  expect(readFileSync(join(workplace.folder, 'log.jsonl'), 'utf8')).toBe(text);
});

it('a refused export leaves no file', async () => {
  await using workplace = await openWorkplace({
    exportAudit: () => {
      throw new Refusal(403, 'ACCESS_DENIED', 'Not permitted');
    },
  });
  expect(await workplace.qv('audit export --out log.jsonl --all')).toMatchObject({ exitCode: 3 });
  expect(readdirSync(workplace.folder)).toEqual(['bootstrap-admin.json']);
});

const index = 5;
async function proof() {
  const log = await sampleLog(20);
  const trusted = await log.trusted();
  const leaf = log.leaves[index] ?? new Uint8Array(0);
  const path = await proveInclusion(trusted, BigInt(index), log.edge.size);
  const text = formatProofFile({ index: BigInt(index), leaf, proof: path, checkpoint: log.latest });
  return { text, leaf: Buffer.from(leaf).toString('base64'), keys: formatLogKeys(log.keys), hash: leafHash(leaf) };
}
const { id } = sampleEvent(index, tenants[0]);

it('prove keeps the proof and checks it by the pinned keys', async () => {
  const { text, leaf, keys } = await proof();
  await using workplace = await openWorkplace({
    proveAuditEvent: ({ params }) => ({ value: { eventId: params.id, logIndex: index, leaf, proof: text } }),
  });
  writeFileSync(join(workplace.folder, 'log.vkey'), keys);
  const commands = [
    `audit prove ${id}`,
    `audit prove ${id} --key log.vkey --out event.tlog-proof`,
    `audit prove ${idOf(500)} --key log.vkey`,
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../test/transcripts/audit-prove.txt');
  expect(readFileSync(join(workplace.folder, 'event.tlog-proof'), 'utf8')).toBe(text);
});

it('prove does not believe another log, another place or a changed leaf', async () => {
  const { text, leaf, keys } = await proof();
  const other = await proof();
  const answers = [
    { proof: text, logIndex: index, keys: other.keys },
    { proof: text, logIndex: index + 1, keys },
    { proof: text.replace(/^index 5$/m, 'index 6'), logIndex: index + 1, keys },
  ];
  for (const { keys: pinned, ...given } of answers) {
    await using workplace = await openWorkplace({
      proveAuditEvent: () => ({ value: { eventId: id, leaf, ...given } }),
    });
    writeFileSync(join(workplace.folder, 'log.vkey'), pinned);
    const { exitCode, out } = await workplace.qv(`audit prove ${id} --key log.vkey --json`);
    expect({ exitCode, valid: JSON.parse(out).check.valid }).toEqual({ exitCode: 1, valid: false });
  }
});
