import {
  type AppliedPolicy,
  type ClassicalWeakness,
  type CryptoUse,
  type EncryptionProfile,
  keyAlgorithmOf,
  tlsFindingRules,
} from '@quantumvault/inventory';
import type { ProtectionPlan } from './plan.ts';

/** What an asset shows once a plan is carried out and in use: what a simulation promises and a scan finds. */
export interface Outcome {
  readonly uses: readonly CryptoUse[];
  readonly weaknesses: readonly ClassicalWeakness[];
}

/** The certificate is self-signed until an authority has answered: a scan says so, and so does the simulation. */
function selfSigned(): ClassicalWeakness[] {
  const rule = tlsFindingRules.find(({ id }) => id === 'certificate-self-signed');
  if (rule === undefined) throw new Error('there is no rule for self-signed certificates');
  return [
    { id: rule.id, severity: rule.severity, message: 'The certificate is self-signed until an authority signs it.' },
  ];
}

/** Roles and weaknesses that the plan does not touch stay as they are. */
export function outcomeOf(plan: ProtectionPlan, before: EncryptionProfile | null): Outcome {
  switch (plan.kind) {
    case 'data-key':
      return {
        uses: [
          { role: 'key-establishment', algorithm: plan.kem },
          { role: 'encryption', algorithm: plan.aead },
        ],
        weaknesses: [],
      };
    case 'tls-bundle':
      return {
        uses: [
          { role: 'key-establishment', algorithm: plan.groups[0] ?? 'unknown' },
          { role: 'signature', algorithm: keyAlgorithmOf(plan.signature) },
          { role: 'encryption', algorithm: plan.aead[0] ?? 'unknown' },
        ],
        weaknesses: selfSigned(),
      };
    case 'certificate':
      return {
        uses: [
          ...(before?.uses ?? []).filter(({ role }) => role !== 'signature'),
          { role: 'signature', algorithm: keyAlgorithmOf(plan.signature) },
        ],
        weaknesses: selfSigned(),
      };
    case 'token-keys': {
      const others = (before?.uses ?? []).filter(({ role }) => role !== 'signature');
      const signatures = plan.signatures.map((id): CryptoUse => ({ role: 'signature', algorithm: id }));
      return { uses: [...others, ...signatures], weaknesses: before?.weaknesses ?? [] };
    }
  }
}

/**
 * The profile that a finished job leaves. What is in force by being made is stated at once. A TLS endpoint or a
 * certificate is not protected until somebody has installed what was made: its profile goes on saying what was last seen, with the policy
 * beside it, and the next scan proves the change.
 */
export function profileAfter(
  before: EncryptionProfile | null,
  plan: ProtectionPlan,
  appliedPolicy: AppliedPolicy & { readonly appliedAt: string },
): EncryptionProfile {
  const observedAt = appliedPolicy.appliedAt;
  if (plan.kind === 'tls-bundle' || plan.kind === 'certificate') {
    return { ...(before ?? { source: 'protection', observedAt, uses: [], weaknesses: [] }), appliedPolicy };
  }
  return { source: 'protection', observedAt, ...outcomeOf(plan, before), appliedPolicy };
}
