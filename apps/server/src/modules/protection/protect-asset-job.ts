import { expectationsOf, parseScanTarget } from '@quantumvault/inventory';
import type { Clock } from '../../kernel/clock.ts';
import type { ArtifactId } from '../../kernel/ids.ts';
import type { Transaction, WriteTransaction } from '../../kernel/unit-of-work.ts';
import { type AssetRepository, inventoryErrors, riskOf, type StoredAsset } from '../inventory/index.ts';
import { type Job, type JobContext, type JobEffect, type JobHandler, jobErrors } from '../jobs/index.ts';
import { protectionErrors } from './domain/errors.ts';
import { profileAfter } from './domain/outcome.ts';
import { type CertificatePlan, keysOf, type ProtectionPlan, protectionPlanSchema } from './domain/plan.ts';
import { rulesOf } from './domain/policy.ts';
import { nodeTlsOptions } from './domain/tls-bundle.ts';
import type { Made } from './made.ts';
import type { ArtifactKind } from './ports/artifact-repository.ts';
import type { MakeCertificate } from './ports/certificate-maker.ts';
import type { PolicyRepository } from './ports/policy-repository.ts';
import type { ProtectCertificate } from './protect-certificate.ts';
import type { ProtectDataStore } from './protect-data-store.ts';
import type { ProtectTokenSigner } from './protect-token-signer.ts';

export interface ProtectAssetJobOptions {
  readonly assets: AssetRepository;
  readonly policies: PolicyRepository;
  readonly protectDataStore: ProtectDataStore;
  readonly protectCertificate: ProtectCertificate;
  readonly protectTokenSigner: ProtectTokenSigner;
  readonly makeCertificate: MakeCertificate;
  readonly clock: Clock;
}

const artifactKinds: Readonly<Record<ProtectionPlan['kind'], ArtifactKind>> = {
  'data-key': 'data-key',
  'tls-bundle': 'tls-bundle',
  certificate: 'certificate',
  'token-keys': 'jwks',
};

interface Maker {
  readonly make: (tx: WriteTransaction, made: Made) => Promise<ArtifactId>;
  /** SHA-256 of the certificates that are made, lower hex: a scan that sees one knows that it is in use. */
  readonly certificates: readonly string[];
}

/** Runs `protect-asset` jobs: makes what the plan says, once, and states it in the asset's encryption profile (INV-9). */
export class ProtectAssetJob implements JobHandler {
  readonly kind = 'protect-asset';
  readonly permission = 'asset.protect';
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
    const { make, certificates } = await this.#maker(plan);
    return async (tx) => {
      const asset = await this.#options.assets.findForUpdate(tx, assetId);
      if (asset === null || asset.archivedAt !== null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
      const expects = await this.#expectations(tx, { policyId, policyVersion, type: asset.type });
      const artifactId = await make(tx, { job, asset, policyId, policyVersion });
      const appliedAt = this.#options.clock.now().toISOString();
      const appliedPolicy = {
        ...{ policyId, policyVersion, jobId: job.id, appliedAt, expects },
        ...(certificates.length === 0 ? {} : { certificates }),
      };
      const encryptionProfile = profileAfter(asset.encryptionProfile, plan, appliedPolicy);
      const risk = riskOf({ ...asset, encryptionProfile });
      await this.#options.assets.change(tx, asset.id, { encryptionProfile, risk });
      return {
        result: { artifactId, artifactKind: artifactKinds[plan.kind] },
        details: { assetId, policyId, policyVersion, artifactId, algorithms: keysOf(plan).join(' ') },
      };
    };
  }

  /** Does the slow part at once, outside of any transaction. */
  async #maker(plan: ProtectionPlan): Promise<Maker> {
    const { protectDataStore, protectTokenSigner } = this.#options;
    switch (plan.kind) {
      case 'data-key':
        return { make: (tx, made) => protectDataStore(tx, plan, made), certificates: [] };
      case 'token-keys':
        return { make: (tx, made) => protectTokenSigner(tx, plan, made), certificates: [] };
      case 'tls-bundle': {
        const { host, port } = parseScanTarget(plan.endpoint);
        return this.#certificateMaker(plan, host, { nodeTlsOptions: nodeTlsOptions(plan), host, port });
      }
      case 'certificate':
        return this.#certificateMaker(plan, plan.host, { host: plan.host });
    }
  }

  async #certificateMaker(
    plan: CertificatePlan,
    host: string,
    content: Parameters<ProtectCertificate>[1]['content'],
  ): Promise<Maker> {
    const { protectCertificate, makeCertificate, clock } = this.#options;
    const certificate = await makeCertificate({ ...plan, host }, clock.now());
    return {
      certificates: [certificate.sha256],
      make: async (tx, made) => {
        using _key = certificate.privateKey;
        return await protectCertificate(tx, { plan, certificate, content }, made);
      },
    };
  }

  /** What a scan has to see: of the version that was applied, whatever became of the policy since. */
  async #expectations(
    tx: Transaction,
    applied: Pick<Made, 'policyId' | 'policyVersion'> & { readonly type: StoredAsset['type'] },
  ) {
    const policy = await this.#options.policies.findVersion(tx, applied.policyId, applied.policyVersion);
    if (policy === null) throw protectionErrors.PROTECTION_POLICY_NOT_FOUND();
    return expectationsOf(rulesOf(policy), applied.type);
  }
}
