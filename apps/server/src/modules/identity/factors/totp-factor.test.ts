import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noAccess } from '../../../kernel/access.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { newId } from '../../jobs/world.test-support.ts';
import { PostgresCredentialResets } from '../resets/postgres-credential-resets.ts';
import { ResetGuard } from '../resets/reset-guard.ts';
import { bindingOf } from './domain/ceremony.ts';
import { recoveryCodeHash } from './domain/recovery-codes.ts';
import { appCode, createFactorWorld, type FactorWorld, wrongAppCode } from './factor-world.test-support.ts';
import type { FactorProof, ProofOutcome } from './prove-factor.ts';
import { ConfirmTotp } from './usecases/confirm-totp.ts';
import { CreateRecoveryCodes } from './usecases/create-recovery-codes.ts';
import { ReadSecondFactors } from './usecases/read-second-factors.ts';
import { RemoveTotp } from './usecases/remove-totp.ts';
import { ResetUserFactors } from './usecases/reset-user-factors.ts';
import { StartTotp } from './usecases/start-totp.ts';

let world: FactorWorld;
beforeAll(async () => {
  world = await createFactorWorld();
});
afterAll(() => world.close());

const prove = (actor: Actor, proof: FactorProof): Promise<ProofOutcome> =>
  world.uow.writeUnaudited({ tenantId: actor.tenantId, reason: 'test' }, (tx) =>
    world.parts.prove.prove(tx, actor.id, proof, { purpose: 'step-up', binding: bindingOf('step-up', actor.id) }),
  );
const totp = (actor: Actor, code: string) => prove(actor, { method: 'totp', code });
const recovery = (actor: Actor, code: string) => prove(actor, { method: 'recovery-code', code });
const wrongCode = (secret: string): string => wrongAppCode(secret, world.now());
const proven = (outcomes: readonly ProofOutcome[]) => outcomes.filter(({ isProven }) => isProven).length;

describe('ACC-2: authenticator apps', () => {
  it('ACC-2: are enrolled in two steps, and the first factor comes with ten recovery codes', async () => {
    const actor = await world.person();
    const started = await new StartTotp(world.parts).execute(actor);
    expect(started.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(started.uri).toContain(`secret=${started.secret}&`);
    expect(await totp(actor, appCode(started.secret, world.now()))).toMatchObject({ isProven: false });
    const { recoveryCodes } = await new ConfirmTotp(world.parts).execute(actor, {
      code: appCode(started.secret, world.now()),
    });
    expect(recoveryCodes).toHaveLength(10);
    expect(world.raised.at(-1)).toEqual({ id: actor.credential.id, mfaAt: world.now() });
    const shown = await new ReadSecondFactors(world.parts).execute(actor);
    expect(shown).toMatchObject({ isEnrolled: true, recoveryCodesLeft: 10, passkeys: [] });
    expect((await world.eventsOf(actor.id)).map(({ action }) => action)).toEqual([
      'second-factor.enrolment-started',
      'second-factor.enrolled',
      'recovery-codes.created',
    ]);
  });

  it('ACC-2: the secret is stored under the key of the tenant, and no answer gives it back', async () => {
    const { actor, secret } = await world.enrolTotp(await world.person());
    const [row] = await world.sql<{ wrapped: Buffer; suite: string }>(
      'SELECT wrapped, suite FROM totp_factor WHERE subject_id = $1',
      [actor.id],
    );
    expect(row?.suite).toContain('AES-256-GCM');
    expect(row?.wrapped.length).toBeGreaterThan(20);
    expect(JSON.stringify(await new ReadSecondFactors(world.parts).execute(actor))).not.toContain(secret);
  });

  it('ACC-2: a code is good once, and the ones before it no more', async () => {
    const { actor, secret } = await world.enrolTotp(await world.person());
    const [before, present, after] = [-1, 0, 1].map((steps) => appCode(secret, world.now(), steps));
    expect(await totp(actor, present ?? '')).toMatchObject({ isProven: true, method: 'totp' });
    expect(await totp(actor, present ?? '')).toMatchObject({ isProven: false, reason: 'WRONG' });
    expect(await totp(actor, before ?? '')).toMatchObject({ isProven: false, reason: 'WRONG' });
    expect(await totp(actor, after ?? '')).toMatchObject({ isProven: true });
  });

  it('ACC-2: the code that confirmed an app does not sign in', async () => {
    const actor = await world.person();
    const { secret } = await new StartTotp(world.parts).execute(actor);
    const code = appCode(secret, world.now());
    await new ConfirmTotp(world.parts).execute(actor, { code });
    expect(await totp(actor, code)).toMatchObject({ isProven: false });
  });

  it('ACC-2: of a hundred requests with one code at once one is accepted', async () => {
    const { actor, secret } = await world.enrolTotp(await world.person());
    const code = appCode(secret, world.now());
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => totp(actor, code)));
    expect(proven(outcomes)).toBe(1);
  });

  it('ACC-10: five codes that do not fit lock the app, the next lock is longer, and a right code ends the count', async () => {
    const { actor, secret } = await world.enrolTotp(await world.person());
    for (let time = 1; time < 5; time += 1)
      expect(await totp(actor, wrongCode(secret))).toMatchObject({ lockedUntil: null });
    const fifth = await totp(actor, wrongCode(secret));
    expect(fifth).toMatchObject({ isProven: false, reason: 'WRONG', lockedUntil: expect.any(Date) });
    expect(await totp(actor, appCode(secret, world.now()))).toMatchObject({ isProven: false, reason: 'LOCKED' });
    await world.sql("UPDATE second_factor_failure SET locked_until = now() - interval '1 second'");
    for (let time = 1; time < 5; time += 1) await totp(actor, wrongCode(secret));
    const again = await totp(actor, wrongCode(secret));
    const [row] = await world.sql<{ seconds: string }>(
      'SELECT extract(epoch FROM locked_until - now()) AS seconds FROM second_factor_failure WHERE subject_id = $1',
      [actor.id],
    );
    expect(again).toMatchObject({ lockedUntil: expect.any(Date) });
    expect(Number(row?.seconds)).toBeGreaterThan(50);
    await world.sql("UPDATE second_factor_failure SET locked_until = now() - interval '1 second'");
    expect(await totp(actor, appCode(secret, world.now()))).toMatchObject({ isProven: true });
    const left = await world.sql('SELECT 1 FROM second_factor_failure WHERE subject_id = $1', [actor.id]);
    expect(left).toEqual([]);
  });

  it('ACC-10: a hundred wrong codes at once are five attempts', async () => {
    const { actor, secret } = await world.enrolTotp(await world.person());
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => totp(actor, wrongCode(secret))));
    const reasons = outcomes.map((outcome) => (outcome.isProven ? 'PROVEN' : outcome.reason));
    expect(reasons.filter((reason) => reason === 'WRONG')).toHaveLength(5);
    expect(reasons.filter((reason) => reason === 'LOCKED')).toHaveLength(95);
  });

  it('ACC-2: an enrolment ends after five codes, after ten minutes, and when another is begun', async () => {
    const actor = await world.person();
    const confirm = (code: string) => new ConfirmTotp(world.parts).execute(actor, { code });
    const { secret } = await new StartTotp(world.parts).execute(actor);
    for (let time = 0; time < 5; time += 1) {
      await expect(confirm(wrongCode(secret))).rejects.toMatchObject({ code: 'FACTORS_CODE_WRONG' });
    }
    await expect(confirm(appCode(secret, world.now()))).rejects.toMatchObject({ code: 'FACTORS_ENROLMENT_ENDED' });
    const second = await new StartTotp(world.parts).execute(actor);
    await world.sql("UPDATE totp_factor SET created_at = now() - interval '11 minutes' WHERE subject_id = $1", [
      actor.id,
    ]);
    await expect(confirm(appCode(second.secret, world.now()))).rejects.toMatchObject({
      code: 'FACTORS_ENROLMENT_ENDED',
    });
    const third = await new StartTotp(world.parts).execute(actor);
    const fourth = await new StartTotp(world.parts).execute(actor);
    await expect(confirm(appCode(third.secret, world.now()))).rejects.toMatchObject({ code: 'FACTORS_CODE_WRONG' });
    expect((await confirm(appCode(fourth.secret, world.now()))).recoveryCodes).toHaveLength(10);
  });

  it('ACC-2: a new app takes the place of the old one only with its first code', async () => {
    const { actor, secret } = await world.enrolTotp(await world.person());
    const next = await new StartTotp(world.parts).execute(actor);
    expect(await totp(actor, appCode(secret, world.now()))).toMatchObject({ isProven: true });
    const { recoveryCodes } = await new ConfirmTotp(world.parts).execute(actor, {
      code: appCode(next.secret, world.now(), -1),
    });
    expect(recoveryCodes).toEqual([]);
    world.passSeconds(60);
    expect(await totp(actor, appCode(secret, world.now()))).toMatchObject({ isProven: false });
    expect(await totp(actor, appCode(next.secret, world.now()))).toMatchObject({ isProven: true });
  });

  it('ACC-1: a secret that was copied to another user does not open', async () => {
    const { actor: first, secret } = await world.enrolTotp(await world.person());
    const { actor: second } = await world.enrolTotp(await world.person());
    await world.sql(
      `UPDATE totp_factor t SET wrapped = f.wrapped, kek_version = f.kek_version FROM totp_factor f
        WHERE t.subject_id = $1 AND f.subject_id = $2`,
      [second.id, first.id],
    );
    await expect(totp(second, appCode(secret, world.now()))).rejects.toMatchObject({
      code: 'CRYPTO_AUTHENTICATION_FAILED',
    });
  });
});

describe('ACC-2: recovery codes', () => {
  it('ACC-2: each is good once, for its user alone, and new ones take the place of all', async () => {
    const { actor, recoveryCodes } = await world.enrolTotp(await world.person());
    const { actor: other } = await world.enrolTotp(await world.person());
    const [first = '', second = ''] = recoveryCodes;
    expect(await recovery(other, first)).toMatchObject({ isProven: false });
    expect(await recovery(actor, first.toLowerCase())).toMatchObject({ isProven: true, method: 'recovery-code' });
    expect(await recovery(actor, first)).toMatchObject({ isProven: false });
    const renewed = await new CreateRecoveryCodes(world.parts).execute(actor);
    expect(renewed.recoveryCodes).toHaveLength(10);
    expect(await recovery(actor, second)).toMatchObject({ isProven: false });
    expect(await recovery(actor, renewed.recoveryCodes[9] ?? '')).toMatchObject({ isProven: true });
  });

  it('ACC-2: of a hundred requests with one code at once one is accepted', async () => {
    const { actor, recoveryCodes } = await world.enrolTotp(await world.person());
    const code = recoveryCodes[0] ?? '';
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => recovery(actor, code)));
    expect(proven(outcomes)).toBe(1);
  });

  it('ACC-2: are stored as hashes', async () => {
    const { actor, recoveryCodes } = await world.enrolTotp(await world.person());
    const rows = await world.sql<{ code_hash: Buffer }>('SELECT code_hash FROM recovery_code WHERE subject_id = $1', [
      actor.id,
    ]);
    const owner = { tenantId: actor.tenantId, subjectId: actor.id };
    const hashes = recoveryCodes.map((code) => Buffer.from(recoveryCodeHash(owner, code)).toString('hex'));
    expect(rows.map((row) => row.code_hash.toString('hex')).sort()).toEqual(hashes.sort());
  });

  it('ACC-2: open the way for whom a stranger has locked out, and are not made for nothing', async () => {
    const { actor, secret, recoveryCodes } = await world.enrolTotp(await world.person());
    for (let time = 0; time < 5; time += 1) await totp(actor, wrongCode(secret));
    expect(await totp(actor, appCode(secret, world.now()))).toMatchObject({ reason: 'LOCKED' });
    expect(await recovery(actor, recoveryCodes[0] ?? '')).toMatchObject({ isProven: true });
    expect(await totp(actor, appCode(secret, world.now()))).toMatchObject({ isProven: true });
    const nobody = await world.person();
    await expect(new CreateRecoveryCodes(world.parts).execute(nobody)).rejects.toMatchObject({ code: 'FACTORS_NONE' });
  });
});

describe('ACC-5: who may change second factors', () => {
  it('ACC-5: the last one stays where one is required', async () => {
    const { actor } = await world.enrolTotp(await world.person({ secondFactor: { isRequired: true } }));
    const remove = (who: Actor) => new RemoveTotp(world.parts).execute(who);
    await expect(remove(actor)).rejects.toMatchObject({ code: 'FACTORS_LAST_REQUIRED' });
    await remove(world.enrolled(actor, { isRequired: false }));
    await expect(remove(world.enrolled(actor, { isRequired: false }))).rejects.toMatchObject({
      code: 'FACTORS_NOT_FOUND',
    });
    expect(await new ReadSecondFactors(world.parts).execute(actor)).toMatchObject({
      isEnrolled: false,
      recoveryCodesLeft: 0,
    });
  });

  it('ACC-5: not an API key, not a service account, and not a session whose proof is old', async () => {
    const actor = await world.person();
    const refusals: [Partial<Actor>, string][] = [
      [{ credential: world.session({ kind: 'api-key', authenticatedAt: null }) }, 'ACCESS_STEP_UP_REQUIRED'],
      [
        { credential: world.session({ authenticatedAt: new Date(world.now().getTime() - 601_000) }) },
        'ACCESS_STEP_UP_REQUIRED',
      ],
      [{ kind: 'service-account', credential: world.session({ kind: 'api-key' }) }, 'FACTORS_USERS_ONLY'],
    ];
    for (const [change, code] of refusals) {
      await expect(new StartTotp(world.parts).execute({ ...actor, ...change })).rejects.toMatchObject({ code });
    }
    const { actor: owner } = await world.enrolTotp(actor);
    // The password alone changes nothing for whoever has a factor.
    const byPassword: Actor = { ...owner, credential: world.session({ mfaAt: null }) };
    for (const useCase of [
      new StartTotp(world.parts),
      new RemoveTotp(world.parts),
      new CreateRecoveryCodes(world.parts),
    ])
      await expect(useCase.execute(byPassword)).rejects.toMatchObject({ code: 'ACCESS_STEP_UP_REQUIRED' });
  });

  it('ACC-5: an administrator resets those of another, with a reason, and a notice goes out', async () => {
    const { actor, secret, recoveryCodes } = await world.enrolTotp(await world.person());
    const admin = world.enrolled(await world.person({ role: 'organization-admin' }));
    const ended: string[] = [];
    const needs = {
      ...world.parts,
      // The grants of these people are in no table.
      guard: new ResetGuard({
        access: { now: async () => noAccess },
        resets: new PostgresCredentialResets({ newId }),
        clock: world.parts.clock,
      }),
      opener: {
        endSessions: async (_tx: unknown, { subjectId }: { subjectId: string }) => {
          ended.push(subjectId);
          return [];
        },
      },
    };
    const reset = (who: Actor, id: Actor['id']) =>
      new ResetUserFactors(needs).execute(who, { id, reason: 'lost telephone' });
    await expect(reset(await world.person(), actor.id)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(reset(admin, admin.id)).rejects.toMatchObject({ code: 'FACTORS_NOT_FOR_ONESELF' });
    const { actor: stranger } = await world.newTenant();
    await expect(reset(admin, stranger.id)).rejects.toMatchObject({ code: 'FACTORS_USER_NOT_FOUND' });
    expect(await reset(admin, actor.id)).toEqual({ removed: 1 });
    expect(await totp(actor, appCode(secret, world.now()))).toMatchObject({ isProven: false });
    expect(await recovery(actor, recoveryCodes[0] ?? '')).toMatchObject({ isProven: false });
    expect(await world.eventsOf(actor.id)).toContainEqual({ action: 'second-factor.reset', outcome: 'success' });
    const notices = await world.sql('SELECT payload FROM outbox WHERE topic = $1', ['security.second-factors-reset']);
    expect(notices).toEqual([{ payload: { subjectId: actor.id, by: admin.id } }]);
    const told = await world.sql('SELECT kind, resource_id FROM access_notice WHERE subject_id = $1', [actor.id]);
    expect([told, ended]).toEqual([[{ kind: 'factors-reset', resource_id: admin.id }], [actor.id]]);
  });
});
