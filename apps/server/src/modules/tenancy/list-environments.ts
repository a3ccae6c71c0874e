import type { Actor } from '../../kernel/actor.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import { isoInstant } from '../../kernel/clock.ts';
import { decodeCursor, type Page, pageOf } from '../../kernel/page.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import type { Environment, TenancyStore } from './tenancy-store.ts';

export interface EnvironmentView {
  readonly id: string;
  readonly name: string;
  readonly type: Environment['type'];
  readonly createdAt: string;
  readonly version: number;
}

/** Environments of the actor's organization, oldest first. */
export class ListEnvironments {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #store: TenancyStore;

  constructor(options: { authorize: Authorize; uow: UnitOfWork; store: TenancyStore }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#store = options.store;
  }

  async execute(actor: Actor, query: { limit: number; cursor?: string | undefined }): Promise<Page<EnvironmentView>> {
    await this.#authorize(actor, 'environment.read', { type: 'organization', id: actor.tenantId });
    const after = query.cursor === undefined ? null : String(decodeCursor(query.cursor, ['uuid'])[0]);
    const rows = await this.#uow.read(actor.tenantId, (tx) =>
      this.#store.listEnvironments(tx, { after, limit: query.limit + 1 }),
    );
    const views = rows.map((row) => ({
      id: row.id,
      name: row.name,
      type: row.type,
      createdAt: isoInstant(row.createdAt),
      version: row.version,
    }));
    return pageOf(views, query.limit, (item) => [item.id]);
  }
}
