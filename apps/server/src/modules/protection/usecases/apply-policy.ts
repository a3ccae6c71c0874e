import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { AssetRepository } from '../../inventory/index.ts';
import type { EnqueueJob } from '../../jobs/index.ts';
import { createPlanProtectionJob, decide, type PlanProtectionJob } from '../plan-protection-job.ts';
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
  readonly #plan: PlanProtectionJob;
  constructor(options: ApplyPolicyOptions) {
    this.#authorize = options.authorize;
    this.#plan = createPlanProtectionJob(options);
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
      const { newJob, simulation } = await this.#plan(tx, input);
      return { job: await enqueue(tx, actor, { ...newJob, priority: input.priority }), simulation };
    });
  }
}
