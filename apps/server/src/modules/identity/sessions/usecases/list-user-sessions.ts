import type { SessionView } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import type { Authorize } from '../../../../kernel/authorize.ts';
import type { ActorId } from '../../../../kernel/ids.ts';
import { identityErrors } from '../../errors.ts';
import type { UserLookup } from '../../users/user-lookup.ts';
import { viewSession } from '../view-session.ts';
import type { ListSessionsOptions } from './list-sessions.ts';

/** The sessions of a user of the organization that have not ended. */
export class ListUserSessions {
  readonly authorize: Authorize;
  readonly #options: ListSessionsOptions & { readonly users: UserLookup };
  constructor(options: ListSessionsOptions & { readonly users: UserLookup }) {
    this.authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, userId: ActorId): Promise<{ items: SessionView[] }> {
    await this.authorize(actor, 'session.read', { type: 'user', id: userId });
    const { uow, store, subjectKeys, users } = this.#options;
    return uow.read(actor.tenantId, async (tx) => {
      if ((await users.emailOf(tx, userId)) === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
      const items: SessionView[] = [];
      for (const session of await store.live(tx, userId))
        items.push(await viewSession(tx, session, { subjectKeys, currentId: actor.credential.id }));
      return { items };
    });
  }
}
