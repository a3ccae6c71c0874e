import type { Actor } from '../../../../kernel/actor.ts';
import type { Authorize } from '../../../../kernel/authorize.ts';
import type { ActorId } from '../../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../../kernel/unit-of-work.ts';
import { identityErrors } from '../../errors.ts';
import type { UserLookup } from '../../users/user-lookup.ts';
import type { SessionOpener } from '../open-session.ts';

/** Ends one session of a user of the organization, or all of them. */
export class RevokeUserSessions {
  readonly authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #opener: SessionOpener;
  readonly #users: UserLookup;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; opener: SessionOpener; users: UserLookup }) {
    this.authorize = options.authorize;
    this.#uow = options.uow;
    this.#opener = options.opener;
    this.#users = options.users;
  }

  async execute(actor: Actor, which: { userId: ActorId; sessionId: string | null }): Promise<{ revoked: number }> {
    await this.authorize(actor, 'session.revoke', { type: 'user', id: which.userId });
    const ids = which.sessionId === null ? null : [which.sessionId];
    return this.#uow.write(actor, async (tx) => {
      if ((await this.#users.emailOf(tx, which.userId)) === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
      const ended = await this.#opener.endSessions(tx, { subjectId: which.userId, ids, reason: 'revoked' });
      if (ended.length === 0 && ids !== null) throw identityErrors.IDENTITY_SESSION_NOT_FOUND();
      await tx.audit({
        action: 'user.sessions-revoked',
        resource: { type: 'user', id: which.userId },
        details: { sessions: ended.length },
      });
      return { revoked: ended.length };
    });
  }
}
