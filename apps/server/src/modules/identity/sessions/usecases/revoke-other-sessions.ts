import type { Actor } from '../../../../kernel/actor.ts';
import type { Authorize } from '../../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../../kernel/unit-of-work.ts';
import { needWholeAccount } from '../../own-account.ts';
import type { SessionOpener } from '../open-session.ts';
import type { SessionStore } from '../session-store.ts';

export interface RevokeOtherSessionsOptions {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly store: SessionStore;
  readonly opener: SessionOpener;
}

/** ACC-4: ends every own session but the one that asks, all of them or none, with one event each and one for the wish. */
export class RevokeOtherSessions {
  readonly authorize: Authorize;
  readonly #options: RevokeOtherSessionsOptions;
  constructor(options: RevokeOtherSessionsOptions) {
    this.authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor): Promise<{ revoked: number }> {
    await this.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    const { uow, store, opener } = this.#options;
    await needWholeAccount(uow, actor);
    return uow.write(actor, async (tx) => {
      const live = await store.live(tx, actor.id);
      const ids = live.map(({ id }) => id).filter((id) => id !== actor.credential.id);
      const which = { subjectId: actor.id, ids, reason: 'revoked' } as const;
      const ended = ids.length === 0 ? [] : await opener.endSessions(tx, which);
      await tx.audit({
        action: 'session.others-revoked',
        resource: { type: 'user', id: actor.id },
        details: { sessions: ended.length },
      });
      return { revoked: ended.length };
    });
  }
}
