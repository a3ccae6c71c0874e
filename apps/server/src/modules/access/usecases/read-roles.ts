import type { RoleView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { builtInRoles, roleView } from '../domain/role.ts';
import { accessErrors } from '../errors.ts';
import type { RoleRepository } from '../ports/role-repository.ts';

interface Options {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly roles: RoleRepository;
}

/** Roles of the organization: the built-in ones stand before the first page of custom ones, beyond its limit. */
export class ListRoles {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(
    actor: Actor,
    query: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<RoleView>> {
    await this.#authorize(actor, 'role.read', { type: 'organization', id: actor.tenantId });
    const { uow, roles } = this.#options;
    const after = query.cursor === undefined ? null : String(decodeCursor(query.cursor, ['uuid'])[0]);
    const found = await uow.read(actor.tenantId, (tx) => roles.list(tx, { after, limit: query.limit + 1 }));
    const page = pageOf(found.map(roleView), query.limit, ({ id }) => [id ?? '']);
    return after === null ? { ...page, items: [...builtInRoles, ...page.items] } : page;
  }
}

/** One custom role. Throws `ACCESS_ROLE_NOT_FOUND`. */
export class GetRole {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, id: string): Promise<RoleView> {
    await this.#authorize(actor, 'role.read', { type: 'role', id });
    const role = await this.#options.uow.read(actor.tenantId, (tx) => this.#options.roles.find(tx, id));
    if (role === null) throw accessErrors.ACCESS_ROLE_NOT_FOUND();
    return roleView(role);
  }
}
