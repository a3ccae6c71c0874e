import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { isoInstant } from '../../../kernel/clock.ts';
import type { ActorId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import { errorOfRefusal, type ResetGuard } from '../resets/reset-guard.ts';
import type { SessionOpener } from '../sessions/open-session.ts';
import { newSecret } from '../sessions/secrets.ts';
import type { UserLookup } from '../users/user-lookup.ts';
import type { PasswordResets } from './password-resets.ts';

const lifetimeSeconds = 3600;

export interface CreatePasswordResetOptions {
  readonly authorize: Authorize;
  readonly guard: ResetGuard;
  readonly uow: UnitOfWork;
  readonly users: UserLookup;
  readonly resets: PasswordResets;
  readonly opener: SessionOpener;
}

/**
 * Gives an administrator a one-time token with which a user sets a new password. Whoever has the token can become the
 * user: see `ResetGuard` for who may make one. The user's sessions end, and a notice tells the user.
 */
export class CreatePasswordReset {
  readonly authorize: Authorize;
  readonly #options: CreatePasswordResetOptions;
  constructor(options: CreatePasswordResetOptions) {
    this.authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, userId: ActorId): Promise<{ token: string; expiresAt: string }> {
    await this.authorize(actor, 'credential.reset', { type: 'user', id: userId });
    const { uow, users, guard, resets, opener } = this.#options;
    const secret = newSecret('qvp');
    const made = await uow.write(actor, async (tx) => {
      if ((await users.emailOf(tx, userId)) === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
      const refusal = await guard.whyNot(tx, actor, userId, 'password');
      if (refusal !== null) {
        const { code, ...details } = refusal;
        await tx.audit({
          action: 'password.reset-created',
          resource: { type: 'user', id: userId },
          outcome: 'refused',
          reason: { code },
          details,
        });
        return { refused: code };
      }
      const expiresAt = await resets.put(tx, {
        hash: secret.hash,
        subjectId: userId,
        createdBy: actor.id,
        lifetimeSeconds,
      });
      await guard.record(tx, actor, userId, 'password');
      await tx.audit({ action: 'password.reset-created', resource: { type: 'user', id: userId } });
      await opener.endSessions(tx, { subjectId: userId, ids: null, reason: 'password-reset' });
      await tx.publish('security.password-reset', { subjectId: userId, by: actor.id });
      return { expiresAt };
    });
    if ('refused' in made) throw errorOfRefusal[made.refused]();
    return { token: secret.text, expiresAt: isoInstant(made.expiresAt) };
  }
}
