import type { RequestFacts } from '../../../kernel/actor.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { identityErrors } from '../errors.ts';
import type { SecuritySettingsStore } from '../security/settings-store.ts';
import type { SessionOpener } from '../sessions/open-session.ts';
import { hashOfSecret } from '../sessions/secrets.ts';
import { signingIn } from '../sessions/session.ts';
import type { UserLookup } from '../users/user-lookup.ts';
import { type PasswordPolicy, recordingWeakness } from './password-policy.ts';
import type { PasswordRecords } from './password-records.ts';
import type { PasswordResets } from './password-resets.ts';
import type { PasswordVerifier } from './password-verifier.ts';

export interface RedeemPasswordResetOptions {
  readonly uow: UnitOfWork;
  readonly users: UserLookup;
  readonly settings: SecuritySettingsStore;
  readonly passwords: PasswordRecords;
  readonly policy: PasswordPolicy;
  readonly verifier: PasswordVerifier;
  readonly resets: PasswordResets;
  readonly opener: SessionOpener;
  /** Forgets the failed sign-ins of an account: its owner is back. */
  readonly unlock: (account: { tenantId: string; subjectId: string; email: string }) => Promise<unknown>;
  readonly countRefusal: CountRefusal;
}

/** Sets a new password with a one-time token. It signs nobody in: a second factor, where there is one, is asked for then. */
export class RedeemPasswordReset {
  readonly #options: RedeemPasswordResetOptions;
  constructor(options: RedeemPasswordResetOptions) {
    this.#options = options;
  }

  async redeem({ token, newPassword }: { token: string; newPassword: string }, request: RequestFacts): Promise<void> {
    const { uow, users, settings, passwords, policy, verifier, resets, opener, unlock } = this.#options;
    const hash = hashOfSecret(token);
    const found = await resets.find(hash);
    if (found === null) throw this.#refused(request);
    const { tenantId, subjectId } = found;
    const known = await uow.read(tenantId, async (tx) => {
      const rules = (await settings.read(tx)).settings.password;
      return {
        rules,
        email: (await users.emailOf(tx, subjectId)) ?? '',
        current: await passwords.current(tx, subjectId),
        former: await passwords.former(tx, subjectId, rules.historyCount),
      };
    });
    await recordingWeakness(
      () =>
        policy.need({
          password: newPassword,
          policy: known.rules,
          about: [known.email],
          former: [...(known.current === null ? [] : [known.current]), ...known.former],
          field: 'body.newPassword',
        }),
      () =>
        uow.write(signingIn(found, request), (tx) =>
          tx.audit({
            action: 'password.reset-used',
            resource: { type: 'user', id: subjectId },
            outcome: 'refused',
            reason: { code: 'PASSWORD_WEAK' },
          }),
        ),
    );
    const to = await verifier.hash(newPassword);
    await uow.write(signingIn(found, request), async (tx) => {
      const isOurs = await resets.consume(tx, hash);
      const isSet = isOurs && (await passwords.set(tx, { subjectId, from: known.current, to }));
      if (!isSet) throw this.#refused(request);
      await tx.audit({ action: 'password.reset-used', resource: { type: 'user', id: subjectId } });
      await opener.endSessions(tx, { subjectId, ids: null, reason: 'password-reset' });
    });
    await unlock({ tenantId, subjectId, email: known.email });
  }

  #refused(request: RequestFacts) {
    this.#options.countRefusal(request.sourceAddress);
    return identityErrors.IDENTITY_RESET_REFUSED();
  }
}
