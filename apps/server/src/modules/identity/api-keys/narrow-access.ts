import { type Access, compileAccess, type Grant, type Place } from '../../../kernel/access.ts';

/** Whether a place is the other one or above it. Both are whole paths from the organization down. */
function covers(above: Place, below: Place): boolean {
  if (above.serviceId !== null) return above.serviceId === below.serviceId;
  if (above.projectId !== null) return above.projectId === below.projectId;
  return above.environmentId === below.environmentId;
}

/**
 * The part of an access that lies at a place or below it: what a key for that place holds of its owner. Allowances from
 * above are brought down to the place, those beside it are left out; denials stay as they are. `pathOf` gives the whole
 * path of a granted place, or null when the place is gone.
 */
export function narrowAccess(access: Access, place: Place, pathOf: (place: Place) => Place | null): Access {
  const grants = access.grants.flatMap((grant): Grant[] => {
    if (grant.effect === 'deny') return [grant];
    if (grant.place === null) return [{ ...grant, place }];
    const path = pathOf(grant.place);
    if (path === null) return [];
    if (covers(path, place)) return [{ ...grant, place }];
    return covers(place, path) ? [{ ...grant, place: path }] : [];
  });
  // What the organization demands of the owner, a key for less does not escape.
  return compileAccess(grants, access.secondFactor);
}
