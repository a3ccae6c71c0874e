import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asksPerWorld, world } from '../../../../../packages/access/test/generate.ts';
import { compileAccess, type Grant, type SecondFactorState } from '../../kernel/access.ts';
import { type Actor, type Credential, internalRequest, noCredential } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/app-error.ts';
import { type ActorId, idFrom, type TenantId } from '../../kernel/ids.ts';
import { isPermission, type Permission } from '../../kernel/permissions.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { createAuthorize } from './authorize.ts';
import { explain } from './domain/decide.ts';
import { answerOf, proofOf } from './domain/proof.ts';

// The generated worlds know four permissions; two of them become such as demand a fresh proof, one of those of every member.
const renamed: Readonly<Record<string, Permission>> = {
  'user.suspend': 'credential.reset',
  'grant.request': 'identity.secure',
};
const permissionOf = (name: string): Permission => {
  const permission = renamed[name] ?? name;
  if (!isPermission(permission)) throw new Error(`${permission} is no permission`);
  return permission;
};
const demanding: readonly string[] = ['user.suspend', 'grant.request'];

interface Shown {
  readonly kind: 'user' | 'service-account';
  readonly credential: 'session' | 'api-key';
  readonly isApproved: boolean;
  readonly signedInAgo: number;
}
const shown: fc.Arbitrary<Shown> = fc.record({
  kind: fc.constantFrom('user' as const, 'user' as const, 'user' as const, 'service-account' as const),
  credential: fc.constantFrom('session' as const, 'session' as const, 'api-key' as const),
  isApproved: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  signedInAgo: fc.constantFrom(0, 600, 601, 90_000),
});
const secondFactor: fc.Arbitrary<SecondFactorState> = fc.record({
  isRequired: fc.boolean(),
  isEnrolled: fc.boolean(),
  stepUpMaxAgeSeconds: fc.constantFrom(300, 600),
});

/** What must be shown and was not, from docs/design/second-factors.md alone: it shares no code with the product. */
function oracleDemands(
  name: string,
  given: Shown & { readonly mfaAgo: number | null },
  { isRequired, isEnrolled, stepUpMaxAgeSeconds }: SecondFactorState,
): 'MFA_REQUIRED' | 'STEP_UP_REQUIRED' | null {
  const { mfaAgo } = given;
  if (given.kind !== 'user' || given.isApproved) return null;
  const leadsToFactor = name === 'grant.request';
  const isKey = given.credential === 'api-key';
  const hasShownFactor = mfaAgo !== null;
  if (isRequired && !leadsToFactor && (!isEnrolled || (!isKey && !hasShownFactor))) return 'MFA_REQUIRED';
  if (!demanding.includes(name)) return null;
  if (isKey && !isRequired && !leadsToFactor) return null;
  const wantsFactor = isEnrolled || (isRequired && !leadsToFactor);
  const age = wantsFactor ? mfaAgo : isKey ? null : given.signedInAgo;
  return age !== null && age <= stepUpMaxAgeSeconds ? null : 'STEP_UP_REQUIRED';
}

it('ACC-5, ACC-6: explain says what authorize answers, step-up included, on 100,000 generated cases', async () => {
  let refused = '';
  const uow = {
    write: async (_: Actor, work: (tx: object) => Promise<unknown>) =>
      work({
        audit: async ({ reason }: { reason: { code: string } }) => {
          refused = reason.code;
          return 'event';
        },
      }),
  } as unknown as UnitOfWork;
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      world,
      fc.array(shown, { minLength: asksPerWorld, maxLength: asksPerWorld }),
      secondFactor,
      async (made, all, factor) => {
        const grants: Grant[] = made.grants.map((grant) => ({
          ...grant,
          permissions: new Set([...grant.permissions].map(permissionOf)),
        }));
        const access = compileAccess(grants, factor);
        for (const [at, ask] of made.asks.entries()) {
          const given = all[at] ?? expect.fail();
          const { now, mfaAt, address, country, purpose, deviceId, macAddresses } = ask.facts;
          const isKey = given.credential === 'api-key';
          const credential: Credential = {
            ...noCredential,
            kind: given.credential,
            permissions: ask.restriction === null ? null : new Set([...ask.restriction].map(permissionOf)),
            authenticatedAt: isKey ? null : new Date(now.getTime() - given.signedInAgo * 1000),
            mfaAt: isKey ? null : mfaAt,
            deviceId,
            macAddresses,
          };
          const actor: Actor = {
            kind: given.kind,
            id: idFrom<ActorId>('01920000-0000-7000-8000-000000000001'),
            tenantId: idFrom<TenantId>('01920000-0000-7000-8000-000000000002'),
            access,
            credential,
            request: { ...internalRequest('test'), sourceAddress: address, country, purpose },
            approval: given.isApproved ? { id: 'approval', planHash: new Uint8Array(32) } : null,
          };
          const action = permissionOf(ask.permission);
          const authorize = createAuthorize({ uow, clock: { now: () => now } });
          refused = 'allowed';
          await authorize(actor, action, {
            type: 'thing',
            id: 'id',
            ...(ask.place === null ? {} : { place: ask.place }),
          }).then(
            () => undefined,
            (error: unknown) => {
              if (!(error instanceof AppError)) throw error;
            },
          );

          const explanation = explain(actor, { action, place: ask.place, now });
          const answer = answerOf(explanation, proofOf(actor, { action, now, isKnown: true }));
          expect(answer.allowed ? 'allowed' : answer.reason).toBe(refused);

          const mfaAgo = credential.mfaAt === null ? null : (now.getTime() - credential.mfaAt.getTime()) / 1000;
          const demand = oracleDemands(ask.permission, { ...given, mfaAgo }, factor);
          // That the decision by grants is right is shown in packages/access, by an oracle of its own.
          const { decision } = explanation;
          const byGrants = decision.isAllowed ? (demand ?? 'allowed') : decision.reason;
          expect(refused).toBe(demand === 'MFA_REQUIRED' ? demand : byGrants);
          // Of somebody else's sign-in only what holds for every one of it is said.
          const unknown = proofOf(actor, { action, now, isKnown: false });
          if (unknown.standing === 'missing') expect(demand).not.toBeNull();
          if (unknown.standing === 'not-demanded') expect(demand).toBeNull();
          seen.set(refused, (seen.get(refused) ?? 0) + 1);
        }
      },
    ),
    { numRuns: 10_000 },
  );
  const total = [...seen.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `[access] with proofs, ${total} cases: ${[...seen].map(([code, count]) => `${code} ${count}`).join(', ')}`,
  );
  expect(total).toBe(10_000 * asksPerWorld);
  for (const code of ['allowed', 'MFA_REQUIRED', 'STEP_UP_REQUIRED', 'DENIED', 'CONDITIONS_NOT_MET', 'NO_PERMISSION'])
    expect(seen.get(code) ?? 0, code).toBeGreaterThan(1_000);
}, 300_000);
