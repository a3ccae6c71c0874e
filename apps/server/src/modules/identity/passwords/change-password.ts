import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import { needWholeAccount } from '../own-account.ts';
import type { SecuritySettingsStore } from '../security/settings-store.ts';
import type { SessionOpener } from '../sessions/open-session.ts';
import type { ClientFacts, OpenedSession } from '../sessions/session.ts';
import type { PasswordSignIn } from '../sign-in/password-sign-in.ts';
import type { UserLookup } from '../users/user-lookup.ts';
import type { PasswordPolicy } from './password-policy.ts';
import { recordingWeakness } from './password-policy.ts';
import type { PasswordRecords } from './password-records.ts';
import type { PasswordVerifier } from './password-verifier.ts';

export interface ChangePasswordOptions {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly users: UserLookup;
  readonly settings: SecuritySettingsStore;
  readonly passwords: PasswordRecords;
  readonly policy: PasswordPolicy;
  readonly verifier: PasswordVerifier;
  readonly signIn: Pick<PasswordSignIn, 'check'>;
  readonly opener: SessionOpener;
  readonly clock: Clock;
}

export interface PasswordChange {
  readonly currentPassword: string | null;
  readonly newPassword: string;
  readonly client: ClientFacts;
}

/**
 * Changes the own password. Whoever has got hold of a session or a key must not be able to take the account over, so the
 * present password is needed, checked like a sign-in (it counts as one, and locks like one), or a second factor shown some
 * minutes ago. All sessions end; the one that asks goes on as a new one, whose tokens no former holder has.
 */
export class ChangePassword {
  readonly authorize: Authorize;
  readonly #options: ChangePasswordOptions;
  constructor(options: ChangePasswordOptions) {
    this.authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, change: PasswordChange): Promise<OpenedSession | null> {
    await this.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    const { uow, users, settings, passwords, policy, verifier, opener, clock } = this.#options;
    await needWholeAccount(uow, actor);
    const known = await uow.read(actor.tenantId, async (tx) => {
      const { password, mfa } = (await settings.read(tx)).settings;
      return {
        email: await users.emailOf(tx, actor.id),
        current: await passwords.current(tx, actor.id),
        former: await passwords.former(tx, actor.id, password.historyCount),
        rules: password,
        stepUpSeconds: mfa.stepUpMaxAgeSeconds,
      };
    });
    const { email, current } = known;
    if (email === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
    if (!(await this.#isProven(actor, { email, ...change, stepUpSeconds: known.stepUpSeconds }))) {
      await this.#refuse(actor, 'PASSWORD_WRONG');
      throw identityErrors.IDENTITY_PASSWORD_WRONG();
    }
    await recordingWeakness(
      () =>
        policy.need({
          password: change.newPassword,
          policy: known.rules,
          about: [email],
          former: [...(current === null ? [] : [current]), ...known.former],
          field: 'body.newPassword',
        }),
      () => this.#refuse(actor, 'PASSWORD_WEAK'),
    );
    const to = await verifier.hash(change.newPassword);
    const { kind, mfaAt } = actor.credential;
    return uow.write(actor, async (tx) => {
      const isSet = await passwords.set(tx, { subjectId: actor.id, from: current, to });
      if (!isSet) throw identityErrors.IDENTITY_PASSWORD_WRONG();
      await tx.audit({ action: 'password.changed', resource: { type: 'user', id: actor.id } });
      await opener.endSessions(tx, { subjectId: actor.id, ids: null, reason: 'password-changed' });
      if (kind !== 'session') return null;
      const authenticatedAt = change.currentPassword === null ? actor.credential.authenticatedAt : clock.now();
      return opener.completeSignIn(
        tx,
        { subjectId: actor.id },
        { authenticatedAt: authenticatedAt ?? clock.now(), mfaAt, mustChange: null, client: change.client },
      );
    });
  }

  async #isProven(
    actor: Actor,
    by: { email: string; currentPassword: string | null; stepUpSeconds: number },
  ): Promise<boolean> {
    const { signIn, clock } = this.#options;
    if (by.currentPassword !== null) {
      const given = { email: by.email, password: by.currentPassword, organizationId: actor.tenantId };
      return (await signIn.check(given, actor.request.sourceAddress))?.subjectId === actor.id;
    }
    const { kind, mfaAt } = actor.credential;
    return kind === 'session' && mfaAt !== null && clock.now().getTime() - mfaAt.getTime() <= by.stepUpSeconds * 1000;
  }

  async #refuse(actor: Actor, code: string): Promise<void> {
    await this.#options.uow.write({ ...actor, request: { ...actor.request, idempotency: null } }, (tx) =>
      tx.audit({
        action: 'password.changed',
        resource: { type: 'user', id: actor.id },
        outcome: 'refused',
        reason: { code },
      }),
    );
  }
}
