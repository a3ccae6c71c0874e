import type { OrganizationView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { tenancyErrors } from '../domain/errors.ts';
import { organizationView } from '../domain/organization.ts';
import type { TenancyStore } from '../ports/tenancy-store.ts';

/** Renames the own organization. Throws `TENANCY_ORGANIZATION_NOT_FOUND` or `REQUEST_ETAG_MISMATCH`. */
export class RenameOrganization {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #tenancy: TenancyStore;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; tenancy: TenancyStore }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#tenancy = options.tenancy;
  }

  async execute(
    actor: Actor,
    which: { readonly id: string; readonly expectedVersion: number },
    { name }: { readonly name: string },
  ): Promise<OrganizationView> {
    await this.#authorize(actor, 'organization.update', { type: 'organization', id: which.id });
    if (which.id !== actor.tenantId) throw tenancyErrors.TENANCY_ORGANIZATION_NOT_FOUND();
    return this.#uow.write(actor, async (tx) => {
      const before = await this.#tenancy.findForUpdate(tx);
      if (before === null) throw tenancyErrors.TENANCY_ORGANIZATION_NOT_FOUND();
      if (before.version !== which.expectedVersion) throw kernelErrors.REQUEST_ETAG_MISMATCH();
      const after = await this.#tenancy.change(tx, { name });
      await tx.audit({
        action: 'organization.updated',
        resource: { type: 'organization', id: which.id },
        details: { version: after.version },
      });
      return organizationView(after);
    });
  }
}
