import { applies, type CompiledAccess } from './compile.ts';
import { DecisionFacts } from './conditions.ts';
import type { Asking } from './decide.ts';
import type { AccessFacts } from './grant.ts';

/** Where somebody holds a permission now: everywhere or at some places, less those where it is denied. */
export interface Reach {
  readonly everywhere: boolean;
  /** Lowest ids of the places that are allowed; each stands for all below it. */
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

export const reachesNothing: Reach = { everywhere: false, allowed: [], denied: [] };
export const reachesEverything: Reach = { everywhere: true, allowed: [], denied: [] };

/** For listings: the same decision as `decide`, made once for all places instead of for each row. */
export function reachOf(
  { access, restriction }: Pick<Asking, 'access' | 'restriction'>,
  { permission, facts }: { readonly permission: string; readonly facts: AccessFacts },
): Reach {
  if (restriction !== null && !restriction.has(permission)) return reachesNothing;
  const prepared = new DecisionFacts(facts);
  const found = placesOf(access, permission, prepared);
  if (found.denied.includes('')) return reachesNothing;
  const everywhere = found.allowed.includes('');
  return { everywhere, allowed: everywhere ? [] : found.allowed, denied: found.denied };
}

function placesOf(access: CompiledAccess, permission: string, facts: DecisionFacts) {
  const allowed: string[] = [];
  const denied: string[] = [];
  for (const id of access.places) {
    const rules = access.rules(id, permission);
    if (rules === null) continue;
    if (rules.denying.some((grant) => applies(grant, facts))) denied.push(id);
    else if (rules.always !== null || rules.allowing.some((grant) => applies(grant, facts))) allowed.push(id);
  }
  return { allowed, denied };
}
