import type { PolicySimulation, PolicySimulationItem } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { AppError } from '../../../kernel/app-error.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { decodeCursor, encodeCursor } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { ReachOf } from '../../access/index.ts';
import type { AssetRepository, StoredAsset } from '../../inventory/index.ts';
import { assertValid, type PolicySpec, rulesOf } from '../domain/policy.ts';
import { simulateOn } from '../plan-protection-job.ts';

type Filter = Omit<Parameters<AssetRepository['list']>[1], 'reach' | 'limit' | 'after' | 'sort' | 'state'>;

export interface SimulatePolicyInput {
  readonly name: string;
  readonly spec: PolicySpec;
  readonly filter: Filter;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * INV-8: what a policy that need not be saved would make of the assets that a filter selects, riskiest first, a page at a
 * time: a million assets are looked at by whoever goes on asking, and no single request does. What applying it would
 * refuse is an outcome here. Throws `PROTECTION_POLICY_INVALID` with every reason.
 */
export class SimulatePolicy {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  readonly #reachOf: ReachOf;
  readonly #clock: Clock;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    assets: AssetRepository;
    reachOf: ReachOf;
    clock: Clock;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
    this.#reachOf = options.reachOf;
    this.#clock = options.clock;
  }

  async execute(actor: Actor, input: SimulatePolicyInput): Promise<PolicySimulation> {
    await this.#authorize(actor, 'policy.read', { type: 'organization', id: actor.tenantId, isListing: true });
    const rules = rulesOf(input);
    assertValid(rules, this.#clock.now());
    // Only what the actor may read of the inventory: a policy is no window into the rest of it.
    const reach = this.#reachOf(actor, 'asset.read');
    const { assets, next } = await this.#uow.read(actor.tenantId, (tx) =>
      this.#assets.list(tx, {
        ...input.filter,
        state: 'active',
        sort: 'risk',
        reach,
        limit: input.limit,
        after: afterOf(input.cursor),
      }),
    );
    const items = assets.map((asset) => outcomeOf(asset, rules));
    const counts = { changes: 0, same: 0, unfit: 0, 'not-offered': 0 };
    for (const { outcome } of items) counts[outcome] += 1;
    return { items, counts, nextCursor: next === null ? null : encodeCursor([next.riskScore, next.id]) };
  }
}

function afterOf(cursor: string | undefined): { readonly id: string; readonly riskScore: number } | null {
  if (cursor === undefined) return null;
  const [riskScore, id] = decodeCursor(cursor, ['number', 'uuid']);
  // Scores are 0 to 100; a made-up one beyond sorts the same and fits the column.
  return { id: String(id), riskScore: Math.max(-1, Math.min(101, Number(riskScore))) };
}

const refusals: Readonly<Record<string, 'unfit' | 'not-offered'>> = {
  PROTECTION_POLICY_UNFIT: 'unfit',
  PROTECTION_NOT_OFFERED: 'not-offered',
};

function outcomeOf(asset: StoredAsset, rules: ReturnType<typeof rulesOf>): PolicySimulationItem {
  const { id: assetId, name, type, endpoint, risk } = asset;
  const present = { score: risk.score, band: risk.band };
  try {
    const { changes, riskBefore, riskAfter, keys } = simulateOn(asset, rules).simulation;
    return {
      assetId,
      name,
      type,
      endpoint,
      outcome: changes.length === 0 ? 'same' : 'changes',
      reason: null,
      changes,
      keys,
      riskBefore: { score: riskBefore.score, band: riskBefore.band },
      riskAfter: { score: riskAfter.score, band: riskAfter.band },
    };
  } catch (error) {
    const outcome = error instanceof AppError ? refusals[error.code] : undefined;
    if (outcome === undefined || !(error instanceof AppError)) throw error;
    const nothing = { changes: [], keys: [], riskBefore: present, riskAfter: present };
    return { assetId, name, type, endpoint, outcome, reason: error.message, ...nothing };
  }
}
