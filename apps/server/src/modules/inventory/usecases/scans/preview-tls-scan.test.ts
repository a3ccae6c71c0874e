import { parseCidr } from '@quantumvault/inventory';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../../kernel/actor.ts';
import type { Transaction } from '../../../../kernel/unit-of-work.ts';
import { createIsInternalScan } from '../../internal-scan.ts';
import { PreviewTlsScan } from './preview-tls-scan.ts';

const actor = { tenantId: '01920000-0000-7000-8000-000000000000' } as Actor;

describe('INV-7: what a scan would do, before it is asked for', () => {
  let isGated = false;
  const preview = (targets: readonly string[], scanAllow: readonly string[] = [], more: object = {}) =>
    new PreviewTlsScan({
      authorize: async () => undefined,
      uow: { read: (_tenantId, work) => work({} as Transaction) },
      approvals: { isDemanded: async (_tx, operation) => isGated && operation === 'scan.internal' },
      isInternalScan: createIsInternalScan(scanAllow.map(parseCidr)),
      guard: { mode: 'server', allow: scanAllow.map(parseCidr) },
    }).execute(actor, { targets, ports: [443], profile: 'quick', internal: false, ...more });

  it('INV-7: names wait for their address, private addresses are refused unless the operator opened them', async () => {
    const targets = ['www.example.org', '192.0.2.7:8443', '[::1]:443', 'metadata.google.internal', '9.9.9.9'];
    expect(await preview(targets)).toEqual({
      targets: ['www.example.org:443', '9.9.9.9:443'],
      named: 1,
      refused: [
        { target: '192.0.2.7:8443', code: 'not-public' },
        { target: '[::1]:443', code: 'not-public' },
        { target: 'metadata.google.internal:443', code: 'metadata-address' },
      ],
      unreadable: [],
      needsApproval: false,
      publicOnly: false,
      connections: 4,
    });
    expect((await preview(targets, ['192.0.2.0/24', '::1/128'])).targets).toEqual([
      'www.example.org:443',
      '192.0.2.7:8443',
      '[::1]:443',
      '9.9.9.9:443',
    ]);
  });

  it('INV-7: a network is expanded at each port within what is open, each target once, 4096 at most', async () => {
    const some = await preview(['10.0.0.0/30', '10.0.0.1:443'], ['10.0.0.0/8'], { ports: [443, 8443] });
    expect(some.targets).toEqual(['10.0.0.1:443', '10.0.0.1:8443', '10.0.0.2:443', '10.0.0.2:8443']);
    const closed = await preview(['10.0.0.0/30', '10.0.0.0/8', '10.0.0.1/24', 'a b'], ['10.0.0.0/24']);
    expect(closed.targets).toEqual(['10.0.0.1:443', '10.0.0.2:443']);
    expect(closed.unreadable.map(({ target }) => target)).toEqual(['10.0.0.0/8', '10.0.0.1/24', 'a b']);
    const full = await preview(['10.0.0.0/20', '10.1.0.1'], ['10.0.0.0/8'], { ports: [443, 8443] });
    expect(full.targets).toHaveLength(4096);
    expect(full.unreadable.map(({ target }) => target)).toEqual(['10.0.0.0/20', '10.1.0.1']);
    const many = await preview(['10.0.0.1'], ['10.0.0.0/8'], { profile: 'full' });
    expect(many.connections).toBe(63);
  });

  it('ACC-9: says whether others have to approve it, and when it reaches public addresses alone without that', async () => {
    isGated = true;
    const of = async (targets: readonly string[], more: object = {}) => {
      const { needsApproval, publicOnly } = await preview(targets, ['10.0.0.0/24'], more);
      return { needsApproval, publicOnly };
    };
    expect(await of(['10.0.0.1'])).toEqual({ needsApproval: true, publicOnly: false });
    expect(await of(['www.example.org'])).toEqual({ needsApproval: false, publicOnly: true });
    expect(await of(['www.example.org'], { internal: true })).toEqual({ needsApproval: true, publicOnly: false });
    isGated = false;
    expect(await of(['10.0.0.1'])).toEqual({ needsApproval: false, publicOnly: false });
  });
});
