import type { OrganizationView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { May } from '../../access/index.ts';
import { tenancyErrors } from '../domain/errors.ts';
import { organizationView } from '../domain/organization.ts';
import type { TenancyStore } from '../ports/tenancy-store.ts';

interface Options {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly tenancy: TenancyStore;
}

/** All organizations of the installation, oldest first; whoever is not of the platform's own organization gets none. */
export class ListOrganizations {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(
    actor: Actor,
    query: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<OrganizationView>> {
    await this.#authorize(actor, 'organization.list', { type: 'organization', id: actor.tenantId });
    const { uow, tenancy } = this.#options;
    const after = query.cursor === undefined ? null : String(decodeCursor(query.cursor, ['uuid'])[0]);
    const found = await uow.read(actor.tenantId, (tx) => tenancy.listAll(tx, { after, limit: query.limit + 1 }));
    return pageOf(found.map(organizationView), query.limit, ({ id }) => [id]);
  }
}

/** The own organization; another one only for the platform. Throws `TENANCY_ORGANIZATION_NOT_FOUND`. */
export class GetOrganization {
  readonly #authorize: Authorize;
  readonly #may: May;
  readonly #options: Options;
  constructor(options: Options & { readonly may: May }) {
    this.#authorize = options.authorize;
    this.#may = options.may;
    this.#options = options;
  }

  async execute(actor: Actor, id: string): Promise<OrganizationView> {
    await this.#authorize(actor, 'organization.read', { type: 'organization', id });
    const { uow, tenancy } = this.#options;
    const isOwn = id === actor.tenantId;
    if (!isOwn && !this.#may(actor, 'organization.list')) throw tenancyErrors.TENANCY_ORGANIZATION_NOT_FOUND();
    const found = await uow.read(actor.tenantId, (tx) => (isOwn ? tenancy.find(tx) : tenancy.findAny(tx, id)));
    if (found === null) throw tenancyErrors.TENANCY_ORGANIZATION_NOT_FOUND();
    return organizationView(found);
  }
}
