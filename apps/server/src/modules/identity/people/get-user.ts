import type { UserView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import type { PeopleRepository } from './people-repository.ts';
import { userView } from './user.ts';

/** One user. Throws `IDENTITY_USER_NOT_FOUND`. */
export class GetUser {
  readonly #deps: { authorize: Authorize; uow: UnitOfWork; people: PeopleRepository };
  constructor(deps: { authorize: Authorize; uow: UnitOfWork; people: PeopleRepository }) {
    this.#deps = deps;
  }

  async execute(actor: Actor, id: string): Promise<UserView> {
    await this.#deps.authorize(actor, 'user.read', { type: 'user', id });
    const user = await this.#deps.uow.read(actor.tenantId, (tx) => this.#deps.people.find(tx, id));
    if (user === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
    return userView(user);
  }
}
