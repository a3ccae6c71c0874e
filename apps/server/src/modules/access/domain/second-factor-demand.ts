import { type RouteContract, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Permission } from '../../../kernel/permissions.ts';

/**
 * ACC-5: what a fresh proof is demanded for: every permission of a route that says so. By permission and not by route, so
 * that no other way to the same use case is easier.
 */
export const stepUpPermissions: ReadonlySet<Permission> = new Set(
  (Object.values(routes) as RouteContract[]).flatMap((contract) =>
    contract.auth === 'actor' && contract.stepUp === true ? [contract.permission] : [],
  ),
);

/** What leads to a second factor, open to whoever must have one and has none yet. */
const enrolment: ReadonlySet<Permission> = new Set(['identity.read', 'identity.self', 'identity.secure']);

/** What an API key never does, whatever an organization demands: it could make itself independent of its owner. */
const peopleOnly: ReadonlySet<Permission> = new Set(['identity.secure']);

export type SecondFactorDemand = 'MFA_REQUIRED' | 'STEP_UP_REQUIRED';

/**
 * What an actor must show before it may go on; null: nothing. Only users are asked: service accounts and devices hold one
 * credential, and a job or an approved plan was asked for by somebody who has answered already.
 *
 * An API key is no person at a keyboard. It works for ordinary calls, and for what demands a fresh proof only where the
 * organization requires no second factor of its owner.
 */
export function secondFactorDemand(
  actor: Pick<Actor, 'kind' | 'access' | 'credential' | 'approval'>,
  action: Permission,
  now: Date,
): SecondFactorDemand | null {
  if (actor.kind !== 'user' || actor.approval !== null) return null;
  const { isRequired, isEnrolled, stepUpMaxAgeSeconds } = actor.access.secondFactor;
  const { kind, authenticatedAt, mfaAt } = actor.credential;
  if (isRequired && !enrolment.has(action)) {
    if (!isEnrolled) return 'MFA_REQUIRED';
    if (kind === 'session' && mfaAt === null) return 'MFA_REQUIRED';
  }
  if (!stepUpPermissions.has(action)) return null;
  if (kind === 'api-key' && !isRequired && !peopleOnly.has(action)) return null;
  // Whoever has a second factor shows it; a password alone is for those who have none.
  const shownAt = isEnrolled || (isRequired && !enrolment.has(action)) ? mfaAt : authenticatedAt;
  const isFresh = shownAt !== null && now.getTime() - shownAt.getTime() <= stepUpMaxAgeSeconds * 1000;
  return isFresh ? null : 'STEP_UP_REQUIRED';
}
