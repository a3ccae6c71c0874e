import type { RouteOutput, Routes } from '@quantumvault/api';
import type { EncryptionProfile } from '@quantumvault/inventory';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate, PlanOf } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Transaction, UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { type AssetRepository, assetPlan, inventoryErrors, riskOf } from '../../inventory/index.ts';
import { protectionErrors } from '../domain/errors.ts';
import type { ArtifactRepository, UndoableArtifact } from '../ports/artifact-repository.ts';

export type UndoneView = RouteOutput<Routes['undoJob']>;

/**
 * Takes back a protection while nothing can depend on it (INV-9): what was made is withdrawn, and the asset's profile is
 * what it was before. Keys are kept; destroying them is another matter. Throws `PROTECTION_ARTIFACT_NOT_FOUND` when the
 * job made nothing, and `PROTECTION_CANNOT_UNDO` with the reason.
 */
export class UndoProtection {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #approvals: ApprovalGate;
  readonly #assets: AssetRepository;
  readonly #artifacts: ArtifactRepository;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    approvals: ApprovalGate;
    assets: AssetRepository;
    artifacts: ArtifactRepository;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#approvals = options.approvals;
    this.#assets = options.assets;
    this.#artifacts = options.artifacts;
  }

  async execute(actor: Actor, jobId: string): Promise<UndoneView> {
    await this.#authorize(actor, 'asset.protect', { type: 'job', id: jobId });
    const resource = { type: 'job', id: jobId };
    const ticket = await this.#approvals.gate(actor, {
      operation: 'protection.undo',
      resource,
      plan: (tx) => this.#planOf(tx, jobId),
    });
    return this.#uow.write(actor, async (tx) => {
      const made = await this.#artifacts.ofJob(tx, jobId);
      if (made === null) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
      // The asset first, as every job that protects it does: what is asked behind the lock holds until the end.
      const asset = await this.#assets.findForUpdate(tx, made.assetId);
      if (asset === null || asset.archivedAt !== null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
      const artifact = await this.#artifacts.findOfJobForUpdate(tx, jobId);
      if (artifact === null) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
      const reason = whyNot(artifact);
      if (reason !== null) throw protectionErrors.PROTECTION_CANNOT_UNDO({ detail: reason });
      await ticket.consume(tx);
      await this.#artifacts.withdraw(tx, artifact.id);
      const encryptionProfile = profileBefore(artifact.formerProfile, asset.encryptionProfile);
      const risk = riskOf({ ...asset, encryptionProfile });
      await this.#assets.change(tx, asset.id, { encryptionProfile, risk });
      await tx.audit({
        action: 'protection.undone',
        resource: { type: 'asset', id: asset.id },
        details: { jobId, artifactId: artifact.id, artifactKind: artifact.kind },
      });
      return { jobId, assetId: asset.id, artifactId: artifact.id, riskScore: risk.score };
    });
  }

  async #planOf(tx: Transaction, jobId: string): Promise<PlanOf<'protection.undo'>> {
    const made = await this.#artifacts.ofJob(tx, jobId);
    if (made === null) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
    const asset = await this.#assets.find(tx, made.assetId);
    if (asset === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
    return { jobId, ...assetPlan(asset), artifactId: made.id, artifactKind: made.kind };
  }
}

function whyNot({ withdrawnAt, isSuperseded, handedOutAt }: UndoableArtifact): string | null {
  if (withdrawnAt !== null) return 'It is undone already.';
  if (isSuperseded) return 'The asset has been protected again since; undo the later job first.';
  if (handedOutAt === null) return null;
  return `A key of it left or was used on ${handedOutAt.toISOString()}, so something may depend on it; protect the asset again instead.`;
}

/** What a scan has seen since the job stays seen; only the policy beside it is the former one. */
function profileBefore(former: EncryptionProfile | null, current: EncryptionProfile | null): EncryptionProfile | null {
  const isSeenSince = current?.source === 'scan' && current.observedAt !== former?.observedAt;
  if (current === null || !isSeenSince) return former;
  const { appliedPolicy: _, ...seen } = current;
  return former?.appliedPolicy === undefined ? seen : { ...seen, appliedPolicy: former.appliedPolicy };
}
