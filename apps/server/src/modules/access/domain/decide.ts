import type { Grant, Place } from '../../../kernel/access.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { memberPermissions, type Permission } from '../../../kernel/permissions.ts';

export type Decision =
  | { readonly isAllowed: true; readonly by: Grant | null }
  | { readonly isAllowed: false; readonly reason: 'NO_PERMISSION' | 'DENIED' | 'CREDENTIAL_TOO_NARROW' };

const members: ReadonlySet<Permission> = new Set(memberPermissions);

/** A grant reaches what stands at its place or below it; a grant on the organization reaches everything. */
export function reaches(granted: Place | null, asked: Place | null): boolean {
  if (granted === null) return true;
  if (asked === null) return false;
  if (granted.serviceId !== null) return granted.serviceId === asked.serviceId;
  if (granted.projectId !== null) return granted.projectId === asked.projectId;
  return granted.environmentId === asked.environmentId;
}

/**
 * Whether conditions hold now. Rules that this release does not know hold for no allowance and for every denial: what
 * cannot be judged must not open anything.
 */
function holds({ effect, conditions }: Grant, now: Date): boolean {
  if (conditions.notBefore !== undefined && now < conditions.notBefore) return false;
  if (conditions.expiresAt !== undefined && now >= conditions.expiresAt) return false;
  return Object.keys(conditions.rules ?? {}).length === 0 || effect === 'deny';
}

/** ACC-6: the decision, from facts alone. A denial overrides every allowance; what nobody granted is refused. */
export function decide(
  actor: Pick<Actor, 'kind' | 'access' | 'credential'>,
  ask: { readonly action: Permission; readonly place: Place | null; readonly now: Date },
): Decision {
  const { permissions } = actor.credential;
  if (permissions !== null && !permissions.has(ask.action))
    return { isAllowed: false, reason: 'CREDENTIAL_TOO_NARROW' };
  if (members.has(ask.action) && actor.kind !== 'job' && actor.kind !== 'system') return { isAllowed: true, by: null };
  let allowing: Grant | null = null;
  for (const grant of actor.access.about(ask.action)) {
    if (!reaches(grant.place, ask.place) || !holds(grant, ask.now)) continue;
    if (grant.effect === 'deny') return { isAllowed: false, reason: 'DENIED' };
    allowing = grant;
  }
  return allowing === null ? { isAllowed: false, reason: 'NO_PERMISSION' } : { isAllowed: true, by: allowing };
}
