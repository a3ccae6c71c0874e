/**
 * ACC-6: whether somebody may do something somewhere. The danger of a decision is what it forgets: so there is one
 * function, nothing allows by default, a denial anywhere on the way down overrides every allowance, and a fact that is
 * missing counts against the caller.
 */
import { memberPermissions } from '@quantumvault/api';
import { applies, type CompiledAccess, type CompiledGrant } from './compile.ts';
import { DecisionFacts } from './conditions.ts';
import { type AccessFacts, type Grant, type Place, pathTo } from './grant.ts';

/** Who asks, as far as it matters here. */
export interface Asking {
  /** An active member of the organization, who may see who it is and ask for access without any role. */
  readonly isMember: boolean;
  readonly access: CompiledAccess;
  /** What its credential is restricted to; null when it is not. */
  readonly restriction: ReadonlySet<string> | null;
}

export interface Ask {
  readonly permission: string;
  /** Where; null for the organization itself, which no grant on a part of it reaches. */
  readonly place: Place | null;
  readonly facts: AccessFacts;
}

export type Decision =
  | { readonly isAllowed: true; readonly by: Grant | null }
  | { readonly isAllowed: false; readonly reason: RefusalReason; readonly by: Grant | null };

/** `CONDITIONS_NOT_MET`: a grant would allow it, and something about this request is missing. */
export type RefusalReason = 'CREDENTIAL_TOO_NARROW' | 'DENIED' | 'CONDITIONS_NOT_MET' | 'NO_PERMISSION';

const members: ReadonlySet<string> = new Set(memberPermissions);

export function decide({ isMember, access, restriction }: Asking, { permission, place, facts }: Ask): Decision {
  if (restriction !== null && !restriction.has(permission)) return refused('CREDENTIAL_TOO_NARROW', null);
  if (isMember && members.has(permission)) return { isAllowed: true, by: null };
  const prepared = new DecisionFacts(facts);
  const reaching = pathTo(place).flatMap((id) => access.rules(id, permission) ?? []);
  for (const { denying } of reaching) {
    const found = firstThatApplies(denying, prepared);
    if (found !== null) return refused('DENIED', found.grant);
  }
  let isConditional = false;
  for (const { always, allowing } of reaching) {
    const found = always ?? firstThatApplies(allowing, prepared);
    if (found !== null) return { isAllowed: true, by: found.grant };
    isConditional ||= allowing.length > 0;
  }
  return refused(isConditional ? 'CONDITIONS_NOT_MET' : 'NO_PERMISSION', null);
}

const refused = (reason: RefusalReason, by: Grant | null): Decision => ({ isAllowed: false, reason, by });

function firstThatApplies(grants: readonly CompiledGrant[], facts: DecisionFacts): CompiledGrant | null {
  for (const grant of grants) if (applies(grant, facts)) return grant;
  return null;
}
