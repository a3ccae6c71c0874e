import type { Place } from '../../../kernel/access.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import { accessErrors } from '../errors.ts';
import { type Deciding, missingToHandOn } from './decide.ts';

const namesShownMax = 10;

/** Those of the permissions that an actor may hand on at a place: what it holds there for good. */
export function handsOn(
  actor: Deciding,
  { permissions, place }: { readonly permissions: readonly Permission[]; readonly place: Place | null },
): readonly Permission[] {
  const missing = new Set<string>(missingToHandOn(actor, { permissions, place }));
  return permissions.filter((permission) => !missing.has(permission));
}

/** ACC-6: nobody hands on what he does not hold there for good. Throws `ACCESS_ESCALATION`, which names what is missing. */
export function refuseEscalation(
  actor: Deciding,
  handed: { readonly permissions: Iterable<Permission>; readonly place: Place | null },
): void {
  const missing = missingToHandOn(actor, handed);
  if (missing.length === 0) return;
  const shown = missing.slice(0, namesShownMax).join(', ');
  const more = missing.length > namesShownMax ? ` and ${missing.length - namesShownMax} more` : '';
  throw accessErrors.ACCESS_ESCALATION({
    detail: `You do not hold ${shown}${more} there without conditions, so you cannot hand it on.`,
  });
}
