import type { OrganizationView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { generateApiKey } from '../../identity/index.ts';
import { tenancyErrors } from '../domain/errors.ts';
import { organizationView } from '../domain/organization.ts';
import type { Environment } from '../domain/place-kinds.ts';
import { type FoundingParts, foundOrganization } from '../found-organization.ts';
import { needPlatform } from '../need-platform.ts';

export interface CreateOrganizationInput {
  readonly name: string;
  readonly environment: { readonly name: string; readonly type: Environment['type'] };
  readonly administrator: { readonly email: string };
}

export interface CreatedOrganization {
  readonly organization: OrganizationView;
  readonly environmentId: string;
  readonly administrator: { readonly id: string; readonly email: string; readonly apiKey: string | null };
}

/**
 * The platform creates an organization with its own keys and its first administrator, whose key is in the first answer and
 * nowhere else: what a repetition with the same Idempotency-Key gets from the database has none.
 */
export class CreateOrganization {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #parts: FoundingParts;
  constructor(options: FoundingParts & { authorize: Authorize; uow: UnitOfWork }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#parts = options;
  }

  async execute(actor: Actor, input: CreateOrganizationInput): Promise<CreatedOrganization> {
    await this.#authorize(actor, 'organization.create', { type: 'organization', id: actor.tenantId });
    const { tenancy, newId } = this.#parts;
    const resource = { type: 'organization', id: actor.tenantId };
    await needPlatform(actor, { uow: this.#uow, tenancy }, { permission: 'organization.create', resource });
    const { email } = input.administrator;
    let shownOnce: string | null = null;
    const created = await this.#uow.writeInto(actor, async (tx, into) => {
      const tenantId = newId<TenantId>();
      const key = generateApiKey();
      const founded = await into(tenantId, async (inside) => {
        const made = await foundOrganization(inside, this.#parts, {
          ...input,
          administrator: { email, role: 'organization-admin', passwordHash: null, key, keyName: 'first' },
        });
        const organization = await tenancy.find(inside);
        if (organization === null) throw tenancyErrors.TENANCY_ORGANIZATION_NOT_FOUND();
        return { ...made, organization: organizationView(organization) };
      });
      await tx.audit({ action: 'organization.created', resource: { type: 'organization', id: tenantId } });
      shownOnce = key.text;
      return {
        organization: founded.organization,
        environmentId: founded.environmentId,
        administrator: { id: founded.administratorId, email, apiKey: null },
      };
    });
    return { ...created, administrator: { ...created.administrator, apiKey: shownOnce } };
  }
}
