import type { UserView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { PeopleRepository } from './people-repository.ts';
import { type SubjectStatus, userView } from './user.ts';

export interface ListUsersInput {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly status?: SubjectStatus | undefined;
  readonly emailPrefix?: string | undefined;
}

/** Users of the actor's organization, oldest first. */
export class ListUsers {
  readonly #deps: { authorize: Authorize; uow: UnitOfWork; people: PeopleRepository };
  constructor(deps: { authorize: Authorize; uow: UnitOfWork; people: PeopleRepository }) {
    this.#deps = deps;
  }

  async execute(actor: Actor, input: ListUsersInput): Promise<Page<UserView>> {
    await this.#deps.authorize(actor, 'user.read', { type: 'organization', id: actor.tenantId });
    const after = input.cursor === undefined ? null : String(decodeCursor(input.cursor, ['uuid'])[0]);
    const query = {
      after,
      limit: input.limit + 1,
      status: input.status ?? null,
      emailPrefix: input.emailPrefix || null,
    };
    const users = await this.#deps.uow.read(actor.tenantId, (tx) => this.#deps.people.list(tx, query));
    return pageOf(users.map(userView), input.limit, ({ id }) => [id]);
  }
}
