import type { Actor } from '../../../../kernel/actor.ts';
import type { Authorize } from '../../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../../kernel/unit-of-work.ts';
import { identityErrors } from '../../errors.ts';
import { needWholeAccount } from '../../own-account.ts';
import type { SessionOpener } from '../open-session.ts';

/** Ends one of the own sessions. Somebody else's answers like one that does not exist. */
export class RevokeSession {
  readonly authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #opener: SessionOpener;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; opener: SessionOpener }) {
    this.authorize = options.authorize;
    this.#uow = options.uow;
    this.#opener = options.opener;
  }

  async execute(actor: Actor, sessionId: string): Promise<void> {
    await this.authorize(actor, 'identity.self', { type: 'session', id: sessionId });
    await needWholeAccount(this.#uow, actor);
    await this.#uow.write(actor, async (tx) => {
      const ended = await this.#opener.endSessions(tx, { subjectId: actor.id, ids: [sessionId], reason: 'revoked' });
      if (ended.length === 0) throw identityErrors.IDENTITY_SESSION_NOT_FOUND();
    });
  }
}
