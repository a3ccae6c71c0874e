import type { Place } from '../../../kernel/access.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import { accessErrors } from '../errors.ts';
import { type Deciding, missingToHandOn } from './decide.ts';

const namesShownMax = 10;

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
