import { randomBytes } from '@quantumvault/crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../../kernel/actor.ts';
import { PostgresPasskeyDirectory } from './adapters/postgres-passkey-directory.ts';
import { bindingOf } from './domain/ceremony.ts';
import { requestOptions } from './domain/relying-party.ts';
import { createFactorWorld, type FactorWorld } from './factor-world.test-support.ts';
import type { ProofOutcome } from './prove-factor.ts';
import { type Misbehaviour, SoftwareAuthenticator } from './software-authenticator.test-support.ts';
import { ReadSecondFactors } from './usecases/read-second-factors.ts';
import { RegisterPasskey } from './usecases/register-passkey.ts';
import { RemovePasskey } from './usecases/remove-passkey.ts';
import { RemoveTotp } from './usecases/remove-totp.ts';
import { RenamePasskey } from './usecases/rename-passkey.ts';
import { StartPasskey } from './usecases/start-passkey.ts';

let world: FactorWorld;
beforeAll(async () => {
  world = await createFactorWorld();
});
afterAll(() => world.close());

const newAuthenticator = (isCounting = true) =>
  new SoftwareAuthenticator({ algorithm: 'ES256', origin: world.parts.party.origin, isCounting });

async function register(actor: Actor, authenticator = newAuthenticator(), wrong?: Misbehaviour) {
  const { challengeId, options } = await new StartPasskey(world.parts).execute(actor);
  const credential = authenticator.create(options, wrong);
  const made = await new RegisterPasskey(world.parts).execute(actor, { challengeId, name: 'Laptop', credential });
  return { authenticator, made, challengeId, credential, actor: world.enrolled(actor) };
}

const place = (actor: Actor) => ({ purpose: 'step-up', binding: bindingOf('step-up', actor.id) }) as const;
const inTenant = <T>(actor: Actor, work: Parameters<typeof world.uow.writeUnaudited<T>>[1]): Promise<T> =>
  world.uow.writeUnaudited({ tenantId: actor.tenantId, reason: 'test' }, work);

/** Begins a step-up ceremony, has it answered and judged. */
async function show(actor: Actor, authenticator: SoftwareAuthenticator, wrong?: Misbehaviour, of: Actor = actor) {
  const challenge = randomBytes(32);
  const challengeId = world.parts.newId<string>();
  await inTenant(of, (tx) => world.parts.passkeys.startCeremony(tx, { id: challengeId, challenge, ...place(of) }));
  const assertion = authenticator.get(requestOptions({ party: world.parts.party, challenge, known: [] }), wrong);
  const proof = { method: 'passkey', challengeId, assertion } as const;
  const judge = (): Promise<ProofOutcome> =>
    inTenant(actor, (tx) => world.parts.prove.prove(tx, actor.id, proof, place(actor)));
  return { first: await judge(), judge };
}

describe('ACC-2: passkeys of users', () => {
  it('ACC-2: are registered, shown without their keys, renamed and removed by their owner', async () => {
    const { made, actor } = await register(await world.person());
    expect(made.recoveryCodes).toHaveLength(10);
    const shown = await new ReadSecondFactors(world.parts).execute(actor);
    expect(shown.passkeys).toEqual([
      { id: made.id, name: 'Laptop', createdAt: made.createdAt, lastUsedAt: null, isBackedUp: false, version: 1 },
    ]);
    const rename = (who: Actor, expectedVersion: number) =>
      new RenamePasskey(world.parts).execute(who, { id: made.id, name: 'Work laptop', expectedVersion });
    expect(await rename(actor, 1)).toMatchObject({ name: 'Work laptop', version: 2 });
    await expect(rename(actor, 1)).rejects.toMatchObject({ code: 'REQUEST_ETAG_MISMATCH' });
    const other = world.enrolled(await world.person());
    await expect(rename(other, 2)).rejects.toMatchObject({ code: 'FACTORS_NOT_FOUND' });
    const remove = (who: Actor) => new RemovePasskey(world.parts).execute(who, made.id);
    await expect(remove(other)).rejects.toMatchObject({ code: 'FACTORS_NOT_FOUND' });
    await remove(actor);
    await expect(remove(actor)).rejects.toMatchObject({ code: 'FACTORS_NOT_FOUND' });
  });

  it('ACC-2: a ceremony is answered once, by whom it was begun for, and in time', async () => {
    const actor = await world.person();
    const { challengeId, credential } = await register(actor);
    const again = (who: Actor, id: string) =>
      new RegisterPasskey(world.parts).execute(who, { challengeId: id, name: 'Again', credential });
    await expect(again(actor, challengeId)).rejects.toMatchObject({ code: 'FACTORS_PASSKEY_REFUSED' });
    // A wrong answer ends it too.
    const authenticator = newAuthenticator();
    const begun = await new StartPasskey(world.parts).execute(actor);
    const answer = (who: Actor, wrong?: Misbehaviour) =>
      new RegisterPasskey(world.parts).execute(who, {
        challengeId: begun.challengeId,
        name: 'x',
        credential: authenticator.create(begun.options, wrong),
      });
    await expect(answer(await world.person())).rejects.toMatchObject({ code: 'FACTORS_PASSKEY_REFUSED' });
    await expect(answer(actor)).rejects.toMatchObject({ code: 'FACTORS_PASSKEY_REFUSED' });
    const late = await new StartPasskey(world.parts).execute(actor);
    await world.sql("UPDATE passkey_challenge SET expires_at = now() - interval '1 second' WHERE id = $1", [
      late.challengeId,
    ]);
    await expect(
      new RegisterPasskey(world.parts).execute(actor, {
        challengeId: late.challengeId,
        name: 'late',
        credential: authenticator.create(late.options),
      }),
    ).rejects.toMatchObject({ code: 'FACTORS_PASSKEY_REFUSED' });
  });

  it('ACC-2: one credential is one passkey, in every organization', async () => {
    const { authenticator } = await register(await world.person());
    const { actor: elsewhere } = await world.newTenant();
    for (const tenantId of [world.actor.tenantId, elsewhere.tenantId]) {
      const other = await world.person({ tenantId });
      await expect(register(other, authenticator)).rejects.toMatchObject({ code: 'FACTORS_PASSKEY_KNOWN' });
    }
  });

  it('ACC-2: an assertion proves once, even of a hundred at once', async () => {
    const { actor, authenticator } = await register(await world.person());
    const { first, judge } = await show(actor, authenticator);
    expect(first).toMatchObject({ isProven: true, method: 'passkey' });
    expect(await judge()).toMatchObject({ isProven: false, reason: 'WRONG' });
    const challenge = randomBytes(32);
    const challengeId = world.parts.newId<string>();
    await inTenant(actor, (tx) =>
      world.parts.passkeys.startCeremony(tx, { id: challengeId, challenge, ...place(actor) }),
    );
    const assertion = authenticator.get(requestOptions({ party: world.parts.party, challenge, known: [] }));
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () =>
        inTenant(actor, (tx) =>
          world.parts.prove.prove(tx, actor.id, { method: 'passkey', challengeId, assertion }, place(actor)),
        ),
      ),
    );
    expect(outcomes.filter(({ isProven }) => isProven)).toHaveLength(1);
  });

  it('ACC-2: not the passkey of another, not the ceremony of another, not without the user verified', async () => {
    const mine = await register(await world.person());
    const theirs = await register(await world.person());
    expect((await show(mine.actor, theirs.authenticator)).first).toMatchObject({ reason: 'WRONG' });
    expect((await show(mine.actor, mine.authenticator, {}, theirs.actor)).first).toMatchObject({ reason: 'WRONG' });
    const unverified = await show(mine.actor, mine.authenticator, { isUserVerified: false });
    expect(unverified.first).toMatchObject({ reason: 'WRONG' });
  });

  it('ACC-2: a counter that does not rise is refused as a copy; one that never counted may stay at zero', async () => {
    const { actor, authenticator } = await register(await world.person());
    expect((await show(actor, authenticator)).first.isProven).toBe(true);
    for (const signCount of [0, 1, 2]) {
      const outcome = await show(actor, authenticator, { signCount });
      expect(outcome.first).toMatchObject({ isProven: false, reason: 'PASSKEY_COPIED' });
    }
    expect((await show(actor, authenticator, { signCount: 100 })).first.isProven).toBe(true);
    const synchronised = await register(await world.person(), newAuthenticator(false));
    for (let time = 0; time < 3; time += 1)
      expect((await show(synchronised.actor, synchronised.authenticator)).first.isProven).toBe(true);
  });

  it('ACC-5: of two removals at once one factor stays, where one is required', async () => {
    for (let time = 0; time < 10; time += 1) {
      const { actor } = await world.enrolTotp(await world.person({ secondFactor: { isRequired: true } }));
      const { made } = await register(actor);
      const outcomes = await Promise.allSettled([
        new RemoveTotp(world.parts).execute(actor),
        new RemovePasskey(world.parts).execute(actor, made.id),
      ]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await new ReadSecondFactors(world.parts).execute(actor)).toMatchObject({ isEnrolled: true });
    }
  });

  it('ACC-1: a credential is found before its organization is known, and nothing else is told', async () => {
    const { actor, authenticator } = await register(await world.person());
    const directory = new PostgresPasskeyDirectory({ db: world.database.databases.auth });
    const found = { tenantId: actor.tenantId, subjectId: actor.id };
    expect(await directory.find(authenticator.credentialId)).toEqual(found);
    expect(await directory.find(randomBytes(32))).toBeNull();
    await world.sql("UPDATE subject SET status = 'suspended' WHERE id = $1", [actor.id]);
    expect(await directory.find(authenticator.credentialId)).toBeNull();
  });

  it('a user has at most twenty', async () => {
    const actor = await world.person();
    for (let made = 0; made < 20; made += 1) await register(actor);
    await expect(new StartPasskey(world.parts).execute(actor)).rejects.toMatchObject({ code: 'FACTORS_PASSKEYS_MAX' });
  });
});
