import type { ActorId } from '../../../kernel/ids.ts';
import type { WriteTransaction } from '../../../kernel/unit-of-work.ts';
import type { ProofOutcome } from './prove-factor.ts';

/** States what became of a proof. A copied passkey is told to the owner's colleagues as well: somebody else has the key. */
export async function recordProof(
  tx: WriteTransaction,
  subjectId: ActorId,
  outcome: ProofOutcome,
  purpose: 'sign-in' | 'step-up',
): Promise<void> {
  const resource = { type: 'user', id: subjectId };
  const { method } = outcome;
  if (outcome.isProven) {
    await tx.audit({
      action: 'second-factor.accepted',
      resource,
      details: { method, purpose, factorId: outcome.factorId },
    });
    return;
  }
  await tx.audit({
    action: 'second-factor.refused',
    resource,
    outcome: 'refused',
    reason: { code: outcome.reason },
    details: { method, purpose, isLocked: outcome.lockedUntil !== null },
  });
  if (outcome.reason === 'PASSKEY_COPIED') await tx.publish('security.passkey-copied', { subjectId });
}

/** Whole seconds until an instant, for Retry-After. */
export const secondsUntil = (instant: Date, now: Date): number =>
  Math.max(1, Math.ceil((instant.getTime() - now.getTime()) / 1000));
