import type { SessionView } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import type { Authorize } from '../../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../../kernel/unit-of-work.ts';
import type { SubjectKeys } from '../../../keys/index.ts';
import type { SessionStore } from '../session-store.ts';
import { viewSession } from '../view-session.ts';

export interface ListSessionsOptions {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly store: SessionStore;
  readonly subjectKeys: Pick<SubjectKeys, 'read'>;
}

/** The own sessions that have not ended. */
export class ListSessions {
  readonly authorize: Authorize;
  readonly #options: ListSessionsOptions;
  constructor(options: ListSessionsOptions) {
    this.authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor): Promise<{ items: SessionView[] }> {
    await this.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    const { uow, store, subjectKeys } = this.#options;
    return uow.read(actor.tenantId, async (tx) => {
      const items: SessionView[] = [];
      for (const session of await store.live(tx, actor.id))
        items.push(await viewSession(tx, session, { subjectKeys, currentId: actor.credential.id }));
      return { items };
    });
  }
}
