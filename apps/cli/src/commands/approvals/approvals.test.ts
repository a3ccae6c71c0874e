import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApprovalView, RouteOutput, Routes } from '@quantumvault/api';
import { type ApprovalPlan, parseSigner, planHash, verifyApproval } from '@quantumvault/envelope';
import { expect, it } from 'vitest';
import { Refusal } from '../../../test/contract-server.ts';
import { openWorkplace, transcriptOf } from '../../../test/run-qv.ts';
import { idOf, page, sampleApproval } from '../../../test/samples.ts';

const [organization, me] = [idOf(90), idOf(71)];
const whoAmI: RouteOutput<Routes['whoAmI']> = {
  actorId: me,
  organizationId: organization,
  kind: 'user',
  credential: 'api-key',
  roles: ['organization-admin'],
  permissions: [],
};
const planOf = ({ operation, resource, plan }: ApprovalView): ApprovalPlan => ({
  tenant: organization,
  operation,
  resource,
  plan: plan as ApprovalPlan['plan'],
});
const hashed = (approval: ApprovalView): ApprovalView => ({
  ...approval,
  planHash: Buffer.from(planHash(planOf(approval))).toString('hex'),
});
const pending = hashed(sampleApproval());
const bobsVote: ApprovalView['votes'][number] = {
  approver: { id: idOf(72), name: 'bob@example.org' },
  decision: 'approve',
  reason: 'Replaced by another',
  at: '2026-11-24T12:30:00.000Z',
  signed: true,
  counts: true,
};
const done: RouteOutput<Routes['approveApproval']> = {
  approval: { ...pending, status: 'executed', votes: [bobsVote], missing: [], mayDecide: false },
  execution: { outcome: 'executed', code: null, message: null, resultId: null },
};
const waiting = { approval: { ...pending, votes: [bobsVote], missing: ['one approval'] }, execution: null };
const policy = {
  operation: 'asset.archive' as const,
  quorum: 2,
  approverRole: null,
  expiresInSeconds: 86_400,
  signatureRequired: true,
  reasonRequired: true,
  approverNetworks: ['10.0.0.0/8'],
  updatedBy: me,
  updatedAt: '2026-11-24T12:00:00.000Z',
  version: 1,
};

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace({
    whoAmI: () => ({ value: whoAmI }),
    listApprovals: () => ({ value: page([pending].map(summaryOf)) }),
    getApproval: () => ({ value: { ...pending, votes: [bobsVote], missing: ['one approval'] } }),
    approveApproval: () => ({ value: done }),
    rejectApproval: () => ({ value: { approval: { ...pending, status: 'rejected', missing: [] }, execution: null } }),
    cancelApproval: () => ({ value: { ...pending, status: 'cancelled', missing: [] } }),
    executeApproval: () => ({
      value: {
        approval: { ...pending, status: 'approved', missing: [] },
        execution: {
          outcome: 'failed',
          code: 'APPROVALS_PLAN_CHANGED',
          message: 'It is another plan.',
          resultId: null,
        },
      },
    }),
    listApprovalPolicies: () => ({
      value: {
        items: [
          { operation: 'asset.archive', sentence: 'An asset leaves the inventory.', policy },
          { operation: 'job.cancel', sentence: 'A job is cancelled.', policy: null },
        ],
      },
    }),
    setApprovalPolicy: () => ({ value: policy }),
    removeApprovalPolicy: () => {
      throw new Refusal(403, 'APPROVALS_REQUIRED', 'This needs the approval of others.', {
        approvalId: idOf(61),
        planHash: pending.planHash,
      });
    },
  });
  const { id } = pending;
  const digits = pending.planHash.slice(0, 12);
  const commands = [
    'approvals',
    `approvals show ${id}`,
    `approvals approve ${id} --hash ${digits} --reason Agreed`,
    `approvals reject ${id} --hash ${digits} --reason No`,
    `approvals cancel ${id}`,
    `approvals execute ${id}`,
    'approvals policies',
    'approvals policies set asset.archive --quorum 2 --signed --network 10.0.0.0/8',
    'approvals policies free asset.archive',
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../../test/transcripts/approvals.txt');
});

function summaryOf(approval: ApprovalView) {
  const { plan: _, lines: _lines, demands: _demands, votes: _votes, missing: _missing, ...rest } = approval;
  const { mayDecide: _may, whyNot: _why, resultId: _result, ...summary } = rest;
  return summary;
}

it('ACC-9: what waits for approval ends with a code of its own', async () => {
  await using workplace = await openWorkplace({
    removeApprovalPolicy: () => {
      throw new Refusal(403, 'APPROVALS_REQUIRED', 'Others must approve.', { approvalId: idOf(61) });
    },
  });
  const { exitCode, err } = await workplace.qv('approvals policies free asset.archive');
  expect({ exitCode, shows: err.includes(idOf(61)) }).toEqual({ exitCode: 6, shows: true });
});

it('ACC-9: waiting ends with what others decided, and says so in its exit code', async () => {
  let looks: ApprovalView[] = [];
  await using workplace = await openWorkplace({
    getApproval: () => {
      const [next = pending, ...rest] = looks;
      if (rest.length > 0) looks = rest;
      return { value: next };
    },
  });
  const wait = (...seen: ApprovalView['status'][]) => {
    looks = seen.map((status) => ({ ...pending, status }));
    return workplace.qv(`approvals wait ${pending.id} --minutes 1`);
  };
  expect(await wait('pending', 'approved', 'executed')).toMatchObject({ exitCode: 0, err: '' });
  for (const status of ['rejected', 'cancelled', 'expired'] as const)
    expect(await wait('pending', status)).toMatchObject({ exitCode: 1, out: expect.stringContaining(status) });
  expect(await wait('approved')).toMatchObject({ exitCode: 0, out: expect.stringContaining('once more') });
  expect(await wait('pending')).toMatchObject({ exitCode: 6, out: expect.stringContaining('waits for 2 approvals') });
});

it('ACC-9: a plan that is not the one of its hash, or not the one that was seen, is not decided about', async () => {
  let shown: ApprovalView = { ...pending, plan: { ...pending.plan, name: 'Another' } };
  await using workplace = await openWorkplace({
    whoAmI: () => ({ value: whoAmI }),
    getApproval: () => ({ value: shown }),
    approveApproval: () => ({ value: done }),
  });
  const approve = (hash: string) => workplace.qv(`approvals approve ${pending.id} --hash ${hash}`);
  const lying = await approve(pending.planHash.slice(0, 12));
  expect(lying).toMatchObject({ exitCode: 4, err: expect.stringContaining('Nothing was sent') });
  shown = pending;
  expect(await approve('f'.repeat(12))).toMatchObject({ exitCode: 2 });
  for (const short of ['', '3f', 'not-a-hash-at-all']) expect((await approve(short)).exitCode).toBe(2);
  expect(workplace.server.asked.map(({ route }) => route)).not.toContain('approveApproval');
  expect(await approve(pending.planHash.slice(0, 12))).toMatchObject({ exitCode: 0 });
});

it('ACC-9: a key is registered with a proof, signs what was seen, and an outsider verifies it without a server', async () => {
  let signature = '';
  let signer = '';
  await using workplace = await openWorkplace({
    whoAmI: () => ({ value: whoAmI }),
    getApproval: () => ({ value: pending }),
    registerApproverKey: ({ body }) => {
      signer = String(Reflect.get(Object(body), 'signer'));
      const { algorithm, fingerprint } = parseSigner(signer);
      const hex = Buffer.from(fingerprint).toString('hex');
      const createdAt = '2026-11-24T12:00:00.000Z';
      return { value: { id: idOf(80), signer, algorithm, fingerprint: hex, createdAt, withdrawnAt: null } };
    },
    approveApproval: ({ body }) => {
      signature = String(Reflect.get(Object(body), 'signature'));
      return { value: waiting };
    },
    getApprovalEvidence: () => ({
      value: {
        format: 'quantumvault-approval/1',
        tenant: organization,
        requestId: pending.id,
        operation: pending.operation,
        resource: pending.resource,
        plan: pending.plan,
        planHash: pending.planHash,
        requester: { kind: 'user', id: pending.requester.id },
        status: 'pending',
        statements: [{ approverId: me, decision: 'approve', at: '2026-11-24T12:00:01.000Z', signer, signature }],
      },
    }),
  });
  const path = (name: string) => join(workplace.folder, name);
  const printed = (await workplace.qv('keygen --sign --algorithm Ed25519 -o me.key')).out.trim();
  expect(await workplace.qv('approvals keys register me.key')).toMatchObject({ exitCode: 0 });
  expect(signer).toBe(printed);
  const digits = pending.planHash.slice(0, 16);
  expect(await workplace.qv(`approvals approve ${pending.id} --hash ${digits} --key me.key`)).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('waits for one approval'),
  });
  const { requester } = pending;
  const statement = {
    plan: planOf(pending),
    requestId: pending.id,
    requester: { kind: requester.kind, id: requester.id },
    approverId: me,
    decision: 'approve' as const,
  };
  const bytes = new Uint8Array(Buffer.from(signature, 'base64'));
  await verifyApproval(statement, { signature: bytes, signers: [parseSigner(printed)] });

  await workplace.qv(`approvals evidence ${pending.id} -o evidence.json`);
  writeFileSync(path('signers'), `# who is who\n${me} ${printed}\n`);
  const good = await workplace.qv('approvals verify evidence.json --signers-file signers --json');
  expect({ exitCode: good.exitCode, ...JSON.parse(good.out) }).toMatchObject({
    exitCode: 0,
    valid: true,
    approvers: 1,
  });
  const evidence = JSON.parse(readFileSync(path('evidence.json'), 'utf8'));
  const changed = { ...evidence, plan: { ...evidence.plan, name: 'Another' } };
  writeFileSync(path('changed.json'), JSON.stringify(changed));
  writeFileSync(path('others'), `${idOf(72)} ${printed}\n`);
  for (const words of [
    'changed.json --signers-file signers',
    'evidence.json --signers-file others',
    'evidence.json --signers-file signers --quorum 2',
  ]) {
    const { exitCode, out } = await workplace.qv(`approvals verify ${words}`);
    expect({ words, exitCode, says: out.includes('NOT valid') }).toEqual({ words, exitCode: 1, says: true });
  }
});

it('ACC-9: tells who could approve, for each demand, in names that no terminal obeys', async () => {
  const person = (name: string, email: string) => ({ id: idOf(90), name, email });
  await using workplace = await openWorkplace({
    listApprovers: () => ({
      value: {
        thresholds: [
          {
            quorum: 2,
            approverRole: null,
            approvers: [person('Bob', 'bob@example.org'), person('x\u001b[2J@example.org', 'x\u001b[2J@example.org')],
            truncated: true,
          },
          { quorum: 1, approverRole: 'auditor', approvers: [], truncated: false },
        ],
      },
    }),
  });
  const shown = await workplace.qv(`approvals approvers ${pending.id}`);
  expect(shown).toMatchObject({ exitCode: 0 });
  expect(shown.out.trimEnd().split('\n')).toEqual([
    '2 people who may decide approvals; now these could:',
    '  Bob (bob@example.org)',
    '  x\\u{1b}[2J@example.org',
    '  and more people',
    '1 person of the role auditor; now these could:',
    '  nobody but the one who asks: an administrator must give the role.',
  ]);
});
