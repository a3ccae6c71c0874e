import type { Actor } from '../../kernel/actor.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import type { AssetRepository } from './ports/asset-repository.ts';

export interface NewThing {
  readonly action: Permission;
  readonly environmentId: string | undefined;
}

/**
 * What names no environment stands in the default one, so a denial there holds for it as well (ACC-6). The right of the whole
 * organization was asked for before, and whoever has it is kept out by a denial of a part alone. What is made stands in the
 * environment that is returned: another one may be the default by then. Throws `ACCESS_DENIED`.
 */
export async function authorizeDefault(
  { authorize, uow, assets }: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository },
  actor: Actor,
  { action, environmentId }: NewThing,
): Promise<string | undefined> {
  const isDeniedPart = actor.access.grants.some(({ effect, place }) => effect === 'deny' && place !== null);
  if (environmentId !== undefined || !isDeniedPart) return environmentId;
  const id = await uow.read(actor.tenantId, (tx) => assets.environment(tx, null));
  if (id === null) return undefined;
  await authorize(actor, action, { type: 'environment', id });
  return id;
}
