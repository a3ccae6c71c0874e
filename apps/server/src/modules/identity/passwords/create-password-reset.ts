import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { isoInstant } from '../../../kernel/clock.ts';
import type { ActorId } from '../../../kernel/ids.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { AccessDirectory, May } from '../../access/index.ts';
import { identityErrors } from '../errors.ts';
import type { SessionOpener } from '../sessions/open-session.ts';
import { newSecret } from '../sessions/secrets.ts';
import type { UserLookup } from '../users/user-lookup.ts';
import type { PasswordResets } from './password-resets.ts';

const lifetimeSeconds = 3600;

export interface CreatePasswordResetOptions {
  readonly authorize: Authorize;
  readonly may: May;
  readonly access: Pick<AccessDirectory, 'now'>;
  readonly uow: UnitOfWork;
  readonly users: UserLookup;
  readonly resets: PasswordResets;
  readonly opener: SessionOpener;
}

/**
 * Gives an administrator a one-time token with which a user sets a new password. Whoever has the token can become the
 * user, so it is made only for users who may nothing that the administrator may not. The user's sessions end.
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
    const { uow, users, access, resets, opener } = this.#options;
    const secret = newSecret('qvp');
    const expiresAt = await uow.write(actor, async (tx) => {
      if ((await users.emailOf(tx, userId)) === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
      const held = await access.now(tx, userId);
      if (held === null) throw identityErrors.IDENTITY_USER_STATE();
      const beyond = this.#beyond(actor, new Set(held.grants.flatMap((grant) => [...grant.permissions])));
      if (beyond !== null) {
        await tx.audit({
          action: 'password.reset-created',
          resource: { type: 'user', id: userId },
          outcome: 'refused',
          reason: { code: 'MAY_MORE_THAN_ACTOR' },
          details: { permission: beyond },
        });
        return null;
      }
      const expires = await resets.put(tx, {
        hash: secret.hash,
        subjectId: userId,
        createdBy: actor.id,
        lifetimeSeconds,
      });
      await tx.audit({ action: 'password.reset-created', resource: { type: 'user', id: userId } });
      await opener.endSessions(tx, { subjectId: userId, ids: null, reason: 'password-reset' });
      return expires;
    });
    if (expiresAt === null) throw identityErrors.IDENTITY_USER_ABOVE_ACTOR();
    return { token: secret.text, expiresAt: isoInstant(expiresAt) };
  }

  /** A permission of the user that the actor lacks; null when there is none. Conditions and places of the grant do not matter. */
  #beyond(actor: Actor, held: ReadonlySet<Permission>): Permission | null {
    for (const permission of held) if (!this.#options.may(actor, permission)) return permission;
    return null;
  }
}
