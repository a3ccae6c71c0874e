import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asksPerWorld, world } from '../test/generate.ts';
import { type OracleAsk, oracleDecides } from '../test/oracle.ts';
import {
  type Asking,
  CompiledAccess,
  decide,
  type Explanation,
  explain,
  type Grant,
  pathTo,
  reachOf,
} from './index.ts';

const worlds = 10_000;

/** What a reader concludes from the list of grants alone, without the verdict beside it. */
function conclusionOf({ grants }: Explanation): string {
  const applying = grants.filter(({ isApplying }) => isApplying);
  if (applying.some(({ grant }) => grant.effect === 'deny')) return 'DENIED';
  if (applying.length > 0) return 'allowed';
  const isWithheld = grants.some(({ grant, isReaching }) => isReaching && grant.effect === 'allow');
  return isWithheld ? 'CONDITIONS_NOT_MET' : 'NO_PERMISSION';
}

const askingWith = (access: CompiledAccess, { isMember, restriction }: OracleAsk): Asking => ({
  isMember,
  restriction,
  access,
});
const askingOf = (grants: readonly Grant[], ask: OracleAsk): Asking => askingWith(new CompiledAccess(grants), ask);

it('ACC-6, ACC-7: decision, explanation and an independent oracle agree on 100,000 generated cases', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(world, ({ grants, asks }) => {
      // Compiled once, as for somebody who asks often.
      const access = new CompiledAccess(grants);
      for (const ask of asks) {
        const expected = oracleDecides(grants, ask);
        const asking = askingWith(access, ask);
        const decision = decide(asking, ask);
        const outcome = decision.isAllowed ? 'allowed' : decision.reason;
        expect(outcome).toBe(expected.allowed ? 'allowed' : expected.reason);
        const explanation = explain(asking, ask);
        expect(explanation.decision).toEqual(decision);
        // Membership and the key's scope are no grants: the list says nothing about them.
        const isAboutGrants = outcome !== 'CREDENTIAL_TOO_NARROW' && !(decision.isAllowed && decision.by === null);
        if (isAboutGrants) expect(conclusionOf(explanation)).toBe(outcome);
        seen.set(expected.reason, (seen.get(expected.reason) ?? 0) + 1);
      }
    }),
    { numRuns: worlds },
  );
  const total = [...seen.values()].reduce((sum, count) => sum + count, 0);
  console.log(`[access] ${total} cases: ${[...seen].map(([reason, count]) => `${reason} ${count}`).join(', ')}`);
  expect(total).toBe(worlds * asksPerWorld);
  // A generator that never refuses, or never allows, would prove nothing.
  for (const reason of ['grant', 'member', 'DENIED', 'CONDITIONS_NOT_MET', 'NO_PERMISSION', 'CREDENTIAL_TOO_NARROW'])
    expect(seen.get(reason) ?? 0, reason).toBeGreaterThan(1_000);
}, 300_000);

it('ACC-6: what a listing shows is what the decision allows at each place', () => {
  fc.assert(
    fc.property(world, ({ grants, asks }) => {
      const access = new CompiledAccess(grants);
      for (const ask of asks) {
        const asking = { ...askingWith(access, ask), isMember: false };
        const { everywhere, allowed, denied } = reachOf(asking, ask);
        const path = pathTo(ask.place);
        const isListed =
          (everywhere || path.some((id) => allowed.includes(id))) && !path.some((id) => denied.includes(id));
        expect(isListed).toBe(decide(asking, ask).isAllowed);
      }
    }),
    { numRuns: 2_000 },
  );
}, 120_000);

it('ACC-6: a grant less never allows more, and a denial more never does', () => {
  fc.assert(
    fc.property(world, ({ grants, asks: [ask] }) => {
      if (ask === undefined || !decide(askingOf(grants, ask), ask).isAllowed) {
        for (const grant of grants.filter(({ effect }) => effect === 'allow')) {
          const fewer = grants.filter((other) => other !== grant);
          if (ask !== undefined) expect(decide(askingOf(fewer, ask), ask).isAllowed).toBe(false);
        }
        return;
      }
      const denial: Grant = {
        id: 'denial',
        effect: 'deny',
        role: 'made',
        permissions: new Set([ask.permission]),
        place: null,
        conditions: {},
      };
      const decision = decide({ ...askingOf([...grants, denial], ask), isMember: false }, ask);
      expect(decision).toMatchObject({ isAllowed: false, reason: 'DENIED' });
    }),
    { numRuns: 2_000 },
  );
}, 120_000);
