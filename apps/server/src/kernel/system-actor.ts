import { noAccess } from './access.ts';
import { type Actor, internalRequest, noCredential } from './actor.ts';
import type { ActorId, TenantId } from './ids.ts';

/** The installation itself, when no person and no job acts: first boot, start and stop. It is never built from a request. */
export const systemActorId = '00000000-0000-0000-0000-000000000001' as ActorId;

export function systemActor(tenantId: TenantId): Actor {
  return {
    kind: 'system',
    id: systemActorId,
    tenantId,
    access: noAccess,
    credential: noCredential,
    request: internalRequest('system'),
    approval: null,
  };
}
