import type { AssetFindingView } from '@quantumvault/api';
import { expect, it } from 'vitest';
import { openWorkplace } from '../../test/run-qv.ts';
import { idOf } from '../../test/samples.ts';

const finding = (changes: Partial<AssetFindingView> = {}): AssetFindingView => ({
  id: idOf(5),
  assetId: idOf(1),
  environmentId: idOf(90),
  rule: 'tls-old-version',
  severity: 'high',
  message: 'TLS 1.0 is accepted.\u001b[2J',
  evidence: 'TLSv1.0',
  remedy: 'Switch it off.',
  state: 'open',
  firstSeenAt: '2026-11-24T11:59:58.123Z',
  lastSeenAt: '2026-11-24T11:59:58.123Z',
  goneAt: null,
  acceptance: null,
  ...changes,
});
const acceptance = {
  acceptedAt: '2026-11-24T12:00:00.000Z',
  acceptedBy: idOf(7),
  reason: 'Behind a firewall',
  until: '2026-12-24T12:00:00.000Z',
};

it('INV-5: lists findings by what is asked for, and shows nothing that commands a terminal', async () => {
  await using workplace = await openWorkplace({
    listFindings: () => ({ value: { items: [finding()], nextCursor: null } }),
  });
  const { exitCode, out } = await workplace.qv(`findings --severity high --state open`);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/high +open +- +tls-old-version +TLS 1.0 is accepted/);
  expect(out).not.toContain('\u001b[2J');
  expect(workplace.server.asked).toMatchObject([{ route: 'listFindings' }]);
});

it('INV-5: accepts with reason and time, and takes it back', async () => {
  await using workplace = await openWorkplace({
    acceptFinding: () => ({ value: finding({ state: 'accepted', acceptance }) }),
    unacceptFinding: () => ({ value: finding() }),
  });
  const { out } = await workplace.qv(`findings accept ${idOf(5)} --reason Firewalled --days 30`);
  expect(out).toMatch(/accepted +2026-12-24/);
  expect(workplace.server.asked).toMatchObject([{ body: { reason: 'Firewalled', days: 30 } }]);
  expect(await workplace.qv(`findings unaccept ${idOf(5)}`)).toMatchObject({ exitCode: 0 });
});

it.each([
  `findings accept ${idOf(5)} --days 30`,
  `findings accept ${idOf(5)} --reason x`,
  `findings accept ${idOf(5)} --reason x --days 0`,
  'findings accept tls-old-version --reason x --days 3',
  'findings list --severity awful',
  'findings list --state closed',
])('wrong use ends with 2: %s', async (command) => {
  await using workplace = await openWorkplace();
  expect(await workplace.qv(command)).toMatchObject({ exitCode: 2, out: '' });
});
