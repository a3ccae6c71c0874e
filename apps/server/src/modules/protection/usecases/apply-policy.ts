import type { RouteOutput, Routes } from '@quantumvault/api';
import { defaultRiskSettings, simulatePolicy } from '@quantumvault/inventory';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import {
  type AssetRepository,
  agilityOf,
  algorithmRegistry,
  inventoryErrors,
  type StoredAsset,
} from '../../inventory/index.ts';
import type { EnqueueJob } from '../../jobs/index.ts';
import { protectionErrors } from '../domain/errors.ts';
import { outcomeOf } from '../domain/outcome.ts';
import { keysOf, type ProtectionPlan, planProtection } from '../domain/plan.ts';
import { type Policy, rulesOf } from '../domain/policy.ts';
import type { PolicyRepository } from '../ports/policy-repository.ts';

export interface ApplyPolicyInput {
  readonly assetId: string;
  readonly policyId: string;
  readonly simulate: boolean;
  readonly priority: number;
}
export type ApplyPolicyView = RouteOutput<Routes['applyPolicy']>;

export interface ApplyPolicyOptions {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly assets: AssetRepository;
  readonly policies: PolicyRepository;
  readonly enqueue: EnqueueJob;
}

/**
 * Protects an asset as a policy says, as a job, or only says what would change. What the job could not do is refused
 * here: `PROTECTION_POLICY_UNFIT`, `PROTECTION_NOT_OFFERED`. Throws `INVENTORY_ASSET_NOT_FOUND`,
 * `INVENTORY_ASSET_ARCHIVED` or `PROTECTION_POLICY_NOT_FOUND` as well.
 */
export class ApplyPolicy {
  readonly #authorize: Authorize;
  readonly #options: ApplyPolicyOptions;
  constructor(options: ApplyPolicyOptions) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, input: ApplyPolicyInput): Promise<ApplyPolicyView> {
    await this.#authorize(actor, 'asset.protect', { type: 'asset', id: input.assetId });
    const { uow, assets, policies, enqueue } = this.#options;
    if (input.simulate) {
      return uow.read(actor.tenantId, async (tx) => {
        const asset = await assets.find(tx, input.assetId);
        const policy = await policies.find(tx, input.policyId);
        return { job: null, simulation: decide(asset, policy).simulation };
      });
    }
    return uow.write(actor, async (tx) => {
      const asset = await assets.find(tx, input.assetId);
      const policy = await policies.findLocked(tx, input.policyId, 'use');
      const { plan, simulation, ...applied } = decide(asset, policy);
      const job = await enqueue(tx, actor, {
        kind: 'protect-asset',
        assetId: applied.asset.id,
        policyId: applied.policy.id,
        policyVersion: applied.policy.version,
        input: plan,
        priority: input.priority,
      });
      return { job, simulation };
    });
  }
}

interface Decision {
  readonly asset: StoredAsset;
  readonly policy: Policy;
  readonly plan: ProtectionPlan;
  readonly simulation: ApplyPolicyView['simulation'];
}

function decide(asset: StoredAsset | null, policy: Policy | null): Decision {
  if (asset === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
  if (policy === null) throw protectionErrors.PROTECTION_POLICY_NOT_FOUND();
  if (asset.archivedAt !== null) throw inventoryErrors.INVENTORY_ASSET_ARCHIVED();
  const rules = rulesOf(policy);
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
  return { asset, policy, plan, simulation: simulation as unknown as ApplyPolicyView['simulation'] };
}
