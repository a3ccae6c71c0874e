import type { Actor, Resource } from '../../kernel/actor.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { accessErrors } from '../access/index.ts';
import type { TenancyStore } from './ports/tenancy-store.ts';

/**
 * A role named platform-admin means nothing outside the organization that runs the installation: whoever holds it elsewhere
 * administers that organization and no other (ACC-1). Records the refusal and throws `ACCESS_DENIED`.
 */
export async function needPlatform(
  actor: Actor,
  { uow, tenancy }: { readonly uow: UnitOfWork; readonly tenancy: Pick<TenancyStore, 'firstOrganizationId'> },
  { permission, resource }: { readonly permission: Permission; readonly resource: Resource },
): Promise<void> {
  const first = await uow.read(actor.tenantId, (tx) => tenancy.firstOrganizationId(tx));
  if (first === actor.tenantId) return;
  const plain: Actor = { ...actor, request: { ...actor.request, idempotency: null } };
  await uow.write(plain, (tx) =>
    tx.audit({
      action: 'access.refused',
      resource,
      outcome: 'refused',
      reason: { code: 'NOT_PLATFORM' },
      details: { permission },
    }),
  );
  throw accessErrors.ACCESS_DENIED();
}
