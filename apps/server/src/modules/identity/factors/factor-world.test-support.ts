// Users with second factors in a database of their own, a clock that moves when told, and the use cases on them.
import { oneTimeCode, SecretBytes } from '@quantumvault/crypto';
import { accessOfRoles } from '../../../kernel/access.test-support.ts';
import { compileAccess, type SecondFactorState } from '../../../kernel/access.ts';
import { type Actor, type Credential, noCredential } from '../../../kernel/actor.ts';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import type { Role } from '../../../kernel/permissions.ts';
import { createAuthorize } from '../../access/index.ts';
import { createWorld, newId, userActor } from '../../jobs/world.test-support.ts';
import { PostgresIdentityStore } from '../postgres-identity-store.ts';
import { PostgresAccountRepository } from './adapters/postgres-account-repository.ts';
import { PostgresFactorRepository } from './adapters/postgres-factor-repository.ts';
import { PostgresPasskeyRepository } from './adapters/postgres-passkey-repository.ts';
import { SimpleWebAuthn } from './adapters/simple-webauthn.ts';
import { relyingPartyAt } from './domain/relying-party.ts';
import { totpForm, totpStepAt } from './domain/totp.ts';
import type { FactorParts } from './factor-parts.ts';
import { ProveFactor } from './prove-factor.ts';
import { ConfirmTotp } from './usecases/confirm-totp.ts';
import { StartTotp } from './usecases/start-totp.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const identities = new PostgresIdentityStore();

/** An authenticator app: the code of a secret as people type it. */
export function appCode(secret: string, at: Date, steps = 0): string {
  const bits = [...secret].map((letter) => base32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  using key = SecretBytes.take(Uint8Array.from(bytes));
  return oneTimeCode({ secret: key, counter: totpStepAt(at) + BigInt(steps), hash: 'SHA-1', digits: totpForm.digits });
}

/** Digits that the app shows neither now nor near to it. */
export function wrongAppCode(secret: string, at: Date): string {
  const near = [-2, -1, 0, 1, 2].map((steps) => Number(appCode(secret, at, steps)));
  return String([0, 1, 2, 3, 4, 5].find((code) => !near.includes(code))).padStart(6, '0');
}

export async function createFactorWorld() {
  const world = await createWorld();
  const party = relyingPartyAt('https://vault.example.org');
  let now = new Date('2026-11-26T12:00:00Z');
  const clock = { now: () => now };
  const factors = new PostgresFactorRepository();
  const passkeys = new PostgresPasskeyRepository();
  const ceremonies = new SimpleWebAuthn({ party });
  const limits = { failuresMax: 5, lockSeconds: 30, lockSecondsMax: 3600 };
  const { tenantKeys, uow } = world;
  const prove = new ProveFactor({ factors, passkeys, ceremonies, tenantKeys, clock, limits: async () => limits });
  const raised: { readonly id: string; readonly mfaAt: Date | null }[] = [];
  const parts: FactorParts = {
    ...world,
    authorize: createAuthorize({ uow, clock }),
    clock,
    newId,
    accounts: new PostgresAccountRepository(),
    factors,
    passkeys,
    ceremonies,
    party,
    sessions: {
      raise: async (_tx, { id }, { mfaAt }) => {
        raised.push({ id, mfaAt });
        return true;
      },
    },
    prove,
  };

  /** A session that was begun a moment ago. */
  const session = (change: Partial<Credential> = {}): Credential => ({
    ...noCredential,
    kind: 'session',
    id: newId<string>(),
    authenticatedAt: now,
    mfaAt: null,
    ...change,
  });

  /** A user in the database, signed in. */
  const person = async (
    options: {
      tenantId?: TenantId;
      role?: Role;
      secondFactor?: Partial<SecondFactorState>;
      credential?: Credential;
    } = {},
  ): Promise<Actor> => {
    const tenantId = options.tenantId ?? world.actor.tenantId;
    const { grants } = accessOfRoles([options.role ?? 'organization-user']);
    const state = { isRequired: false, isEnrolled: false, stepUpMaxAgeSeconds: 600, ...options.secondFactor };
    const actor = userActor(tenantId, {
      access: compileAccess(grants, state),
      credential: options.credential ?? session(),
    });
    await uow.writeUnaudited({ tenantId, reason: 'test data' }, (tx) =>
      identities.insertUser(tx, { id: actor.id, email: `${actor.id}@example.org`, passwordHash: '$none' }),
    );
    return actor;
  };

  /** The same person as the next request sees it: enrolled, with the factor shown just now. */
  const enrolled = (actor: Actor, change: Partial<SecondFactorState> = {}): Actor => ({
    ...actor,
    access: compileAccess(actor.access.grants, { ...actor.access.secondFactor, isEnrolled: true, ...change }),
    credential: { ...actor.credential, mfaAt: now },
  });

  /** Enrols an app. The code that confirms it is of the step before, so that the present one is unused. */
  const enrolTotp = async (actor: Actor) => {
    const { secret } = await new StartTotp(parts).execute(actor);
    const { recoveryCodes } = await new ConfirmTotp(parts).execute(actor, { code: appCode(secret, now, -1) });
    return { secret, recoveryCodes, actor: enrolled(actor) };
  };

  const eventsOf = (subjectId: ActorId) =>
    world.sql<{ action: string; outcome: string }>(
      'SELECT action, outcome FROM audit_event WHERE resource_id = $1 ORDER BY id',
      [subjectId],
    );

  return {
    ...world,
    parts,
    raised,
    person,
    session,
    enrolled,
    enrolTotp,
    eventsOf,
    now: () => now,
    passSeconds: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
  };
}
export type FactorWorld = Awaited<ReturnType<typeof createFactorWorld>>;
