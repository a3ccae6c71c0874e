import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import { needWholeAccount } from '../own-account.ts';
import type { PeopleRepository } from './people-repository.ts';

/** Changes the actor's own display name. */
export class RenameSelf {
  readonly #deps: { authorize: Authorize; uow: UnitOfWork; people: PeopleRepository };
  constructor(deps: { authorize: Authorize; uow: UnitOfWork; people: PeopleRepository }) {
    this.#deps = deps;
  }

  async execute(actor: Actor, displayName: string): Promise<{ id: string; displayName: string }> {
    await this.#deps.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    const { people, uow } = this.#deps;
    await needWholeAccount(uow, actor);
    return uow.write(actor, async (tx) => {
      const user = await people.hold(tx, actor.id);
      // A service account or device is named by whoever looks after it.
      if (user === null) throw identityErrors.IDENTITY_USERS_ONLY();
      await people.setDisplayName(tx, user.id, displayName);
      await tx.audit({ action: 'user.renamed', resource: { type: 'user', id: user.id } });
      return { id: user.id, displayName };
    });
  }
}
