import { policySimulationSchema } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProtectionWorld, type ProtectionWorld } from './protection.test-support.ts';
import { SimulatePolicy, type SimulatePolicyInput } from './usecases/simulate-policy.ts';

let world: ProtectionWorld;
beforeAll(async () => {
  world = await createProtectionWorld();
});
afterAll(() => world.close());

const ask = async (input: Partial<SimulatePolicyInput> = {}, more: object = {}) => {
  const { spec } = await world.policy('hybrid-default');
  return new SimulatePolicy({ ...world, reachOf: () => null, ...more }).execute(world.actor, {
    name: 'a draft',
    spec,
    filter: {},
    limit: 50,
    ...input,
  });
};

describe('INV-8: a policy is simulated over assets before it is saved', () => {
  it('INV-8: each asset has its outcome, as applying the policy would decide it, and nothing is changed', async () => {
    const store = await world.create({ name: 'Orders' });
    const endpoint = await world.create({ type: 'tls-endpoint', endpoint: 'shop.example.org:443' });
    const library = await world.create({ type: 'library', endpoint: 'openssl' });
    const done = await world.create({ name: 'Protected' });
    await world.protect(done.id, 'hybrid-default');
    const events = await world.eventsOf(store.id);
    const answer = await ask();
    expect(policySimulationSchema.parse(answer)).toEqual(answer);
    const of = (id: string) => answer.items.find(({ assetId }) => assetId === id) ?? expect.fail(id);
    const { simulation } = await world.apply(store.id, 'hybrid-default', true);
    expect(of(store.id)).toMatchObject({
      outcome: 'changes',
      changes: simulation.changes,
      keys: simulation.keys,
      riskBefore: { score: simulation.riskBefore.score },
      riskAfter: { score: simulation.riskAfter.score },
    });
    expect(of(endpoint.id).outcome).toBe('changes');
    expect(of(library.id)).toMatchObject({ outcome: 'unfit', changes: [], reason: expect.stringContaining('library') });
    expect(of(done.id)).toMatchObject({ outcome: 'same', changes: [] });
    expect(answer.counts).toEqual({ changes: 2, same: 1, unfit: 1, 'not-offered': 0 });
    expect(await world.eventsOf(store.id)).toEqual(events);
  });

  it('INV-8: what this release cannot do is said of the asset, and what contradicts itself of the policy', async () => {
    const { spec } = await world.policy('hybrid-default');
    const other = await ask({ spec: { ...spec, kem: ['X25519MLKEM768'] }, filter: { type: 'data-store' } });
    expect(new Set(other.items.map(({ outcome }) => outcome))).toEqual(new Set(['not-offered']));
    expect(other.items[0]?.reason).toContain('X25519MLKEM768');
    await expect(ask({ spec: { ...spec, mode: 'classical' } })).rejects.toMatchObject({
      code: 'PROTECTION_POLICY_INVALID',
      fields: expect.arrayContaining([expect.objectContaining({ path: 'body.spec.kem' })]),
    });
  });

  it('INV-12: riskiest first over pages, each asset once', async () => {
    const whole = await ask();
    const scores = whole.items.map(({ riskBefore }) => riskBefore.score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await ask({ limit: 2, cursor });
      seen.push(...page.items.map(({ assetId }) => assetId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(whole.items.map(({ assetId }) => assetId));
    await expect(ask({ cursor: 'AAAA' })).rejects.toMatchObject({ code: 'REQUEST_CURSOR_INVALID' });
  });

  it('ACC-6: shows of the inventory what the actor may read of it and nothing else', async () => {
    const nothing = { reachOf: () => ({ everywhere: false, allowed: [], denied: [] }) };
    expect(await ask({}, nothing)).toMatchObject({ items: [], nextCursor: null });
  });
});
