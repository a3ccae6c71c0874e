import type { AccessNoticeView, AccessRequestView, BreakGlassView } from '@quantumvault/api';
import { expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../../test/run-qv.ts';
import { idOf, page } from '../../../test/samples.ts';

const request: AccessRequestView = {
  id: idOf(84),
  subjectId: idOf(71),
  role: 'auditor',
  place: null,
  durationSeconds: 14_400,
  reason: 'audit',
  status: 'pending',
  lapsesAt: '2026-12-01T12:00:00.000Z',
  decidedBy: null,
  decidedAt: null,
  decisionReason: null,
  grantId: null,
  createdAt: '2026-11-24T12:00:00.000Z',
};
const approved: AccessRequestView = {
  ...request,
  status: 'approved',
  decidedBy: idOf(70),
  decidedAt: '2026-11-24T12:05:00.000Z',
  decisionReason: 'agreed',
  grantId: idOf(85),
};
const broken: BreakGlassView = {
  grantId: idOf(86),
  subjectId: idOf(71),
  role: 'organization-admin',
  place: null,
  reason: 'fire',
  createdAt: '2026-11-24T12:00:00.000Z',
  expiresAt: '2026-11-24T12:30:00.000Z',
  revokedAt: null,
  reviewDueAt: '2026-11-27T12:00:00.000Z',
  overdue: false,
  reviewedBy: null,
  reviewedAt: null,
  verdict: null,
  note: null,
};
const reviewed: BreakGlassView = {
  ...broken,
  reviewedBy: idOf(70),
  reviewedAt: '2026-11-25T08:00:00.000Z',
  verdict: 'justified',
  note: 'burned',
};
const notice: AccessNoticeView = {
  id: idOf(87),
  kind: 'break-glass',
  resourceId: idOf(86),
  createdAt: '2026-11-24T12:00:00.000Z',
  readAt: null,
};

const handlers = {
  requestAccess: () => ({ status: 201, value: request }),
  listAccessRequests: () => ({ value: page([approved, request]) }),
  approveAccessRequest: () => ({ value: approved }),
  denyAccessRequest: () => ({ value: { ...approved, status: 'denied', grantId: null, decisionReason: 'no' } }),
  withdrawAccessRequest: () => ({ value: { ...request, status: 'withdrawn' } }),
  breakGlass: () => ({ status: 201, value: broken }),
  listBreakGlass: () => ({ value: page([{ ...broken, overdue: true }, reviewed]) }),
  reviewBreakGlass: () => ({ value: reviewed }),
  listAccessNotices: () => ({ value: page([notice]) }),
  readAccessNotice: () => ({ status: 204 }),
};

it('ACC-8: reads like a terminal', async () => {
  await using workplace = await openWorkplace(handlers);
  const commands = [
    'access request auditor --for 4h --reason audit',
    'access list',
    `access approve ${idOf(84)} --reason agreed`,
    'access break-glass organization-admin --for 30m --reason fire',
    'access emergencies',
    `access review ${idOf(86)} --verdict justified --note burned`,
    'access notices',
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot(
    '../../../test/transcripts/access-temporary.txt',
  );
});

it('sends what was asked for, and marks the notices that were shown as read', async () => {
  await using workplace = await openWorkplace(handlers);
  await workplace.qv(`access request auditor --for 7d --service ${idOf(4)} --reason audit`);
  await workplace.qv('access break-glass operator --reason fire');
  await workplace.qv(`access deny ${idOf(84)} --reason no`);
  await workplace.qv(`access withdraw ${idOf(84)}`);
  await workplace.qv('access notices');
  expect(workplace.server.asked.map(({ route, body }) => [route, body])).toEqual([
    ['requestAccess', { role: 'auditor', reason: 'audit', durationSeconds: 604_800, place: { serviceId: idOf(4) } }],
    ['breakGlass', { role: 'operator', reason: 'fire', durationSeconds: 3_600 }],
    ['denyAccessRequest', { reason: 'no' }],
    ['withdrawAccessRequest', undefined],
    ['listAccessNotices', undefined],
    ['readAccessNotice', undefined],
  ]);
});

it.each([
  ['access request auditor --for 4h', '--reason'],
  ['access request auditor --for long --reason audit', '--for'],
  ['access request auditor --for 31d --reason audit', '--for'],
  ['access break-glass operator --for 5h --reason fire', '--for'],
  ['access approve yesterday', 'not the id of a request'],
  [`access review ${idOf(86)} --verdict maybe --note x`, '--verdict'],
])('%s is wrong use', async (command, named) => {
  await using workplace = await openWorkplace(handlers);
  const { exitCode, err } = await workplace.qv(command);
  expect(exitCode).toBe(2);
  expect(err).toContain(named);
});
