import type { OrganizationView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { idFrom, type TenantId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { tenancyErrors } from '../domain/errors.ts';
import { type Organization, organizationView } from '../domain/organization.ts';
import type { TenancyStore } from '../ports/tenancy-store.ts';

interface Options {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly tenancy: TenancyStore;
}

/**
 * A suspended organization answers nobody (ACC-1): the next request with any credential of it finds none. Throws
 * `TENANCY_ORGANIZATION_NOT_FOUND` or `TENANCY_PLATFORM_ORGANIZATION`.
 */
export class SuspendOrganization {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, id: string): Promise<OrganizationView> {
    await this.#authorize(actor, 'organization.suspend', { type: 'organization', id });
    return setStatus(actor, id, this.#options, 'suspended');
  }
}

/** Throws `TENANCY_ORGANIZATION_NOT_FOUND` or `TENANCY_PLATFORM_ORGANIZATION`. */
export class ResumeOrganization {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, id: string): Promise<OrganizationView> {
    await this.#authorize(actor, 'organization.suspend', { type: 'organization', id });
    return setStatus(actor, id, this.#options, 'active');
  }
}

/** Both logs say it: the platform's with who did it, the organization's own with what happened to it. */
function setStatus(
  actor: Actor,
  id: string,
  { uow, tenancy }: Options,
  status: Organization['status'],
): Promise<OrganizationView> {
  const resource = { type: 'organization', id };
  const event = {
    action: status === 'suspended' ? 'organization.suspended' : 'organization.resumed',
    resource,
  };
  return uow.writeInto(actor, async (tx, into) => {
    // Finds nothing unless the actor's organization is the platform: to everybody else there is no such organization.
    if ((await tenancy.findAny(tx, id)) === null) throw tenancyErrors.TENANCY_ORGANIZATION_NOT_FOUND();
    if (id === tx.tenantId) throw tenancyErrors.TENANCY_PLATFORM_ORGANIZATION();
    const changed = await into(idFrom<TenantId>(id), async (inside) => {
      const before = await tenancy.findForUpdate(inside);
      if (before === null) throw tenancyErrors.TENANCY_ORGANIZATION_NOT_FOUND();
      await inside.audit(event);
      return before.status === status ? before : tenancy.change(inside, { status });
    });
    await tx.audit(event);
    return organizationView(changed);
  });
}
