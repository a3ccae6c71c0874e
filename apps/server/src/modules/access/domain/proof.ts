import type { Explanation } from '@quantumvault/access';
import type { AccessExplanation } from '@quantumvault/api';
import type { Actor, Credential } from '../../../kernel/actor.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import { type SecondFactorDemand, secondFactorDemand } from './second-factor-demand.ts';

export type Proof = AccessExplanation['proof'];
export type Proving = Pick<Actor, 'kind' | 'access' | 'credential' | 'approval'>;

const unproven = { authenticatedAt: null, mfaAt: null } as const;

/**
 * ACC-5 for an explanation: what must be shown beside the grants, and whether it was. `isKnown`: the credential is the one that
 * would be used; else it is only said what no credential of this subject could change.
 */
export function proofOf(
  actor: Proving,
  { action, now, isKnown }: { readonly action: Permission; readonly now: Date; readonly isKnown: boolean },
): Proof {
  const demandWith = (credential: Credential): SecondFactorDemand | null =>
    secondFactorDemand({ ...actor, credential }, action, now);
  const { credential } = actor;
  if (isKnown) {
    const demand = demandWith(credential);
    if (demand !== null) return { demand, standing: 'missing' };
    const without = demandWith({ ...credential, ...unproven });
    return { demand: without, standing: without === null ? 'not-demanded' : 'shown' };
  }
  const kind = credential.kind === 'none' ? 'session' : credential.kind;
  // A key never shows a factor; a session may have shown the one that there is just now.
  const mfaAt = actor.access.secondFactor.isEnrolled ? now : null;
  const best = { ...credential, kind, ...(kind === 'session' ? { authenticatedAt: now, mfaAt } : unproven) };
  const never = demandWith(best);
  if (never !== null) return { demand: never, standing: 'missing' };
  const maybe = demandWith({ ...best, ...unproven });
  return { demand: maybe, standing: maybe === null ? 'not-demanded' : 'unknown' };
}

/** What `authorize` answers, from the grants and the proof together and in its order. */
export function answerOf(
  { decision }: Pick<Explanation, 'decision'>,
  { demand, standing }: Proof,
): Pick<AccessExplanation, 'allowed' | 'reason'> {
  const isMissing = standing === 'missing' && demand !== null;
  // Where everything demands a second factor, its lack is the answer, whatever the grants say.
  if (isMissing && demand === 'MFA_REQUIRED') return { allowed: false, reason: demand };
  if (!decision.isAllowed) return { allowed: false, reason: decision.reason };
  if (isMissing) return { allowed: false, reason: demand };
  return { allowed: true, reason: decision.by === null ? 'MEMBER' : 'GRANT' };
}

/** One sentence about the proof, addressed to whom it is about; null: there is nothing to say. */
export function proofSentence({ demand, standing }: Proof): string | null {
  if (demand === null || standing === 'shown') return null;
  const lack =
    demand === 'MFA_REQUIRED'
      ? 'a second factor, which the organization requires: enrol one, or show the one that is there'
      : 'a fresh proof of identity: a second factor where there is one, else the password';
  return standing === 'missing' ? `It needs ${lack}.` : `It will ask for ${lack}.`;
}
