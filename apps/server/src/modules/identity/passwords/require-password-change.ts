import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { ActorId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import type { SessionOpener } from '../sessions/open-session.ts';
import type { UserLookup } from '../users/user-lookup.ts';
import type { PasswordRecords } from './password-records.ts';

/** On evidence of compromise: the user's sessions end, and the next one may do nothing before the password is new. */
export class RequirePasswordChange {
  readonly authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #users: UserLookup;
  readonly #passwords: PasswordRecords;
  readonly #opener: SessionOpener;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    users: UserLookup;
    passwords: PasswordRecords;
    opener: SessionOpener;
  }) {
    this.authorize = options.authorize;
    this.#uow = options.uow;
    this.#users = options.users;
    this.#passwords = options.passwords;
    this.#opener = options.opener;
  }

  async execute(actor: Actor, userId: ActorId): Promise<void> {
    await this.authorize(actor, 'credential.reset', { type: 'user', id: userId });
    await this.#uow.write(actor, async (tx) => {
      if ((await this.#users.emailOf(tx, userId)) === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
      await this.#passwords.requireChange(tx, { subjectId: userId, because: 'administrator' });
      await tx.audit({ action: 'password.change-required', resource: { type: 'user', id: userId } });
      await this.#opener.endSessions(tx, { subjectId: userId, ids: null, reason: 'password-reset' });
    });
  }
}
