import type { EncryptionProfile } from '@quantumvault/inventory';
import type { Clock } from '../../kernel/clock.ts';
import type { ArtifactId } from '../../kernel/ids.ts';
import type { WriteTransaction } from '../../kernel/unit-of-work.ts';
import { type AssetRepository, inventoryErrors, riskOf } from '../inventory/index.ts';
import { type Job, type JobContext, type JobEffect, type JobHandler, jobErrors } from '../jobs/index.ts';
import { dataStoreUses, keysOf, type ProtectionPlan, protectionPlanSchema } from './domain/plan.ts';
import type { MakeTlsBundle } from './ports/make-tls-bundle.ts';
import type { Made, ProtectDataStore } from './protect-data-store.ts';
import type { ProtectTlsEndpoint } from './protect-tls-endpoint.ts';

export interface ProtectAssetJobOptions {
  readonly assets: AssetRepository;
  readonly protectDataStore: ProtectDataStore;
  readonly protectTlsEndpoint: ProtectTlsEndpoint;
  readonly makeTlsBundle: MakeTlsBundle;
  readonly clock: Clock;
}

/** Runs `protect-asset` jobs: makes what the plan says, once, and states it in the asset's encryption profile (INV-9). */
export class ProtectAssetJob implements JobHandler {
  readonly kind = 'protect-asset';
  readonly effectsShareTransaction = true;
  readonly #options: ProtectAssetJobOptions;
  constructor(options: ProtectAssetJobOptions) {
    this.#options = options;
  }

  async run(job: Job, _context: JobContext): Promise<JobEffect> {
    const parsed = protectionPlanSchema.safeParse(job.input);
    const { assetId, policyId, policyVersion } = job;
    if (!parsed.success || assetId === null || policyId === null || policyVersion === null) {
      throw jobErrors.JOBS_INPUT_INVALID({ cause: parsed.error });
    }
    const plan = parsed.data;
    const { protectDataStore, protectTlsEndpoint, makeTlsBundle, clock, assets } = this.#options;
    const now = clock.now();
    const make =
      plan.kind === 'data-key'
        ? (tx: WriteTransaction, made: Made) => protectDataStore(tx, plan, made)
        : await (async () => {
            const bundle = await makeTlsBundle(plan, now);
            return async (tx: WriteTransaction, made: Made) => {
              using _key = bundle.privateKey;
              return await protectTlsEndpoint(tx, plan, bundle, made);
            };
          })();
    return async (tx) => {
      const asset = await assets.findForUpdate(tx, assetId);
      if (asset === null || asset.archivedAt !== null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
      const artifactId: ArtifactId = await make(tx, { job, asset, policyId, policyVersion });
      const appliedPolicy = { policyId, policyVersion, jobId: job.id };
      const encryptionProfile = profileAfter(asset.encryptionProfile, plan, appliedPolicy, now.toISOString());
      await assets.change(tx, asset.id, { encryptionProfile, risk: riskOf({ ...asset, encryptionProfile }) });
      return {
        result: { artifactId, artifactKind: plan.kind },
        details: { assetId, policyId, policyVersion, artifactId, algorithms: keysOf(plan).join(' ') },
      };
    };
  }
}

/**
 * A data store is protected once its key exists. A TLS endpoint is not until somebody has installed the bundle: its
 * profile goes on saying what was last seen, with the policy beside it, and the next scan proves the change.
 */
function profileAfter(
  before: EncryptionProfile | null,
  plan: ProtectionPlan,
  appliedPolicy: NonNullable<EncryptionProfile['appliedPolicy']>,
  observedAt: string,
): EncryptionProfile {
  if (plan.kind === 'data-key') {
    return { source: 'protection', observedAt, uses: dataStoreUses(plan), weaknesses: [], appliedPolicy };
  }
  return { ...(before ?? { source: 'protection', observedAt, uses: [], weaknesses: [] }), appliedPolicy };
}
