import { type GrantView, grantRulesSchema, type PlaceInput, type QuantumVaultClient } from '@quantumvault/api';

type GrantBody = Parameters<QuantumVaultClient['createGrant']>[0]['body'];

/** The lowest level of a place: what lies above it is known to the server. */
function placeOf({ place }: GrantView): PlaceInput | undefined {
  if (place === null) return undefined;
  const { environmentId, projectId, serviceId } = place;
  if (serviceId !== null) return { serviceId };
  if (projectId !== null) return { projectId };
  return environmentId === null ? undefined : { environmentId };
}

/** What gives a grant that was revoked once more: the same role, place, time and conditions. It gets a new id. */
export function givenAgain(grant: GrantView): GrantBody {
  const place = placeOf(grant);
  const rules = grantRulesSchema.parse(grant.rules);
  return {
    subjectId: grant.subjectId,
    effect: grant.effect,
    role: grant.role,
    ...(place === undefined ? {} : { place }),
    ...(grant.notBefore === null ? {} : { notBefore: grant.notBefore }),
    ...(grant.expiresAt === null ? {} : { expiresAt: grant.expiresAt }),
    ...(Object.keys(rules).length === 0 ? {} : { rules }),
  };
}
