import type { AlgorithmRegistry } from '../algorithm-facts.ts';
import type { Asset, AssetType } from '../asset/asset.ts';
import type { ClassicalWeakness, CryptoRole, CryptoUse } from '../asset/encryption-profile.ts';
import { assessRisk, type RiskAssessment } from '../risk/assess-risk.ts';
import type { Agility, RiskSettings } from '../risk/risk-tables.ts';
import { choicesFor, rolesByType, tlsGroupsOfPolicy } from './expectations.ts';
import type { ProtectionPolicyRules } from './protection-policy.ts';

export type PolicyFit = { readonly fits: true } | { readonly fits: false; readonly reason: string };

/** Whether a policy can be applied to assets of a type at all; applying one that does not fit is refused (INV-8). */
export function fitsAssetType(policy: ProtectionPolicyRules, type: AssetType): PolicyFit {
  if (policy.assetTypes.length > 0 && !policy.assetTypes.includes(type)) {
    return {
      fits: false,
      reason: `The policy "${policy.name}" is made for ${policy.assetTypes.join(', ')}, not for ${type}.`,
    };
  }
  const roles = rolesByType[type];
  if (roles === undefined) {
    return { fits: false, reason: `A ${type} is changed by its developers; no job can protect it.` };
  }
  if (type === 'tls-endpoint' && tlsGroupsOfPolicy(policy).length === 0) {
    return { fits: false, reason: `No key-establishment choice of "${policy.name}" exists as a TLS group.` };
  }
  const missing = roles.find((role) => choicesFor(policy, role, type).length === 0);
  return missing === undefined
    ? { fits: true }
    : { fits: false, reason: `The policy "${policy.name}" chooses no ${missing} that a ${type} can use.` };
}

/**
 * What an asset would show once a job's result is in use: algorithms as a scan names them, and the weaknesses that
 * would remain, such as a certificate that no authority has signed yet.
 */
export interface PolicyOutcome {
  readonly uses: readonly CryptoUse[];
  readonly weaknesses: readonly ClassicalWeakness[];
  /** Once a job has protected an asset, it can do so again: changing it became easier. */
  readonly agility: Agility;
}

export interface PolicySimulation {
  readonly fit: PolicyFit;
  /** What would be replaced; `from` is null when nothing is known of the present. */
  readonly changes: readonly { readonly role: CryptoRole; readonly from: string | null; readonly to: string }[];
  readonly unchanged: readonly CryptoUse[];
  readonly riskBefore: RiskAssessment;
  /** What a scan finds afterwards; equal to the present where the policy does not fit. */
  readonly riskAfter: RiskAssessment;
}

/** How the answer is reckoned, and the job's part of it. */
export interface SimulationContext {
  readonly registry: AlgorithmRegistry;
  readonly settings: RiskSettings;
  readonly agility: Agility;
  /** What the caller would make of the policy on this asset. */
  readonly outcome: PolicyOutcome;
}

/** What applying the policy would change; nothing is changed by asking. */
export function simulatePolicy(
  asset: Pick<Asset, 'type' | 'sensitivity' | 'exposure' | 'dataLifetimeYears' | 'encryptionProfile'>,
  policy: ProtectionPolicyRules,
  { registry, settings, agility, outcome }: SimulationContext,
): PolicySimulation {
  const fit = fitsAssetType(policy, asset.type);
  const present = asset.encryptionProfile?.uses ?? [];
  const weaknesses = asset.encryptionProfile?.weaknesses ?? [];
  const riskBefore = assessRisk({ ...asset, uses: present, weaknesses, agility }, settings, registry);
  if (!fit.fits) return { fit, changes: [], unchanged: present, riskBefore, riskAfter: riskBefore };

  const changes: { role: CryptoRole; from: string | null; to: string }[] = [];
  for (const role of new Set(outcome.uses.map((use) => use.role))) {
    const now = present.filter((use) => use.role === role).map(({ algorithm }) => algorithm);
    const then = outcome.uses.filter((use) => use.role === role).map(({ algorithm }) => algorithm);
    for (const to of then.filter((algorithm) => !now.includes(algorithm))) {
      changes.push({ role, from: now.find((algorithm) => !then.includes(algorithm)) ?? null, to });
    }
  }
  const unchanged = outcome.uses.filter(
    ({ role, algorithm }) => !changes.some((change) => change.role === role && change.to === algorithm),
  );
  return { fit, changes, unchanged, riskBefore, riskAfter: assessRisk({ ...asset, ...outcome }, settings, registry) };
}
