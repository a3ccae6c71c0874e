import type { RouteOutput, Routes } from '@quantumvault/api';
import { defaultRiskSettings, type ProtectionPolicyRules, simulatePolicy } from '@quantumvault/inventory';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import {
  type AssetRepository,
  agilityOf,
  algorithmRegistry,
  inventoryErrors,
  type StoredAsset,
} from '../inventory/index.ts';
import type { NewJob } from '../jobs/index.ts';
import { protectionErrors } from './domain/errors.ts';
import { outcomeOf } from './domain/outcome.ts';
import { keysOf, type ProtectionPlan, planProtection } from './domain/plan.ts';
import { type Policy, rulesOf } from './domain/policy.ts';
import type { PolicyRepository } from './ports/policy-repository.ts';

type Simulation = RouteOutput<Routes['applyPolicy']>['simulation'];

/**
 * The job that protects an asset, in a transaction of whoever was permitted to ask for it: a request, or a schedule at its
 * time. What the job could not do is refused here; see `ApplyPolicy`.
 */
export function createPlanProtectionJob(options: { assets: AssetRepository; policies: PolicyRepository }) {
  return async (
    tx: Transaction,
    request: { readonly assetId: string; readonly policyId: string },
  ): Promise<{ readonly newJob: NewJob; readonly simulation: Simulation }> => {
    const asset = await options.assets.find(tx, request.assetId);
    const policy = await options.policies.findLocked(tx, request.policyId, 'use');
    const { plan, simulation, ...applied } = decide(asset, policy);
    const newJob: NewJob = {
      kind: 'protect-asset',
      assetId: applied.asset.id,
      policyId: applied.policy.id,
      policyVersion: applied.policy.version,
      input: plan,
    };
    return { newJob, simulation };
  };
}
export type PlanProtectionJob = ReturnType<typeof createPlanProtectionJob>;

interface Decision {
  readonly asset: StoredAsset;
  readonly policy: Policy;
  readonly plan: ProtectionPlan;
  readonly simulation: Simulation;
}

/** What the policy would make of the asset; throws what asking for it throws. */
export function decide(asset: StoredAsset | null, policy: Policy | null): Decision {
  if (asset === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
  if (policy === null) throw protectionErrors.PROTECTION_POLICY_NOT_FOUND();
  if (asset.archivedAt !== null) throw inventoryErrors.INVENTORY_ASSET_ARCHIVED();
  return { asset, policy, ...simulateOn(asset, rulesOf(policy)) };
}

/** The same for rules that need not be a policy yet; throws what `planProtection` throws. */
export function simulateOn(
  asset: StoredAsset,
  rules: ProtectionPolicyRules,
): { readonly plan: ProtectionPlan; readonly simulation: Simulation } {
  const plan = planProtection(rules, asset);
  const simulated = simulatePolicy(asset, rules, {
    registry: algorithmRegistry,
    settings: defaultRiskSettings,
    agility: agilityOf(asset),
    outcome: { ...outcomeOf(plan, asset.encryptionProfile), agility: 'automated' },
  });
  const { changes, unchanged, riskBefore, riskAfter } = simulated;
  // The same shapes in the contract, which has mutable arrays.
  const simulation = { changes, unchanged, riskBefore, riskAfter, keys: keysOf(plan) };
  return { plan, simulation: simulation as unknown as Simulation };
}
