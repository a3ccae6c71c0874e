import { memberPermissions } from '@quantumvault/api';
import type { Asking } from './decide.ts';
import { type Place, pathTo } from './grant.ts';

/**
 * Which of the permissions somebody may not hand on at a place: those that are not held there for good. The danger is
 * that a right which ends, or counts in the office alone, comes back through somebody else without its conditions, and
 * that a denial further down is walked around: so a denial anywhere keeps a permission from being handed on.
 */
export function missingToHandOn(
  { isMember, access, restriction }: Asking,
  { permissions, place }: { readonly permissions: Iterable<string>; readonly place: Place | null },
): readonly string[] {
  const path = pathTo(place);
  const isHeld = (permission: string): boolean => {
    if (restriction !== null && !restriction.has(permission)) return false;
    if (isMember && members.has(permission)) return true;
    const isDenied = access.places.some((id) => (access.rules(id, permission)?.denying.length ?? 0) > 0);
    return !isDenied && path.some((id) => access.rules(id, permission)?.always != null);
  };
  return [...permissions].filter((permission) => !isHeld(permission));
}

const members: ReadonlySet<string> = new Set(memberPermissions);
