import type { Reach } from '@quantumvault/access';
import type { Finding, Severity } from '@quantumvault/inventory';
import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { StoredAsset } from '../domain/asset.ts';
import type { FindingState, StoredFinding } from '../domain/finding.ts';

export interface FindingFilter {
  readonly assetId?: string | undefined;
  readonly environmentId?: string | undefined;
  readonly severity?: Severity | undefined;
  readonly rule?: string | undefined;
  readonly state?: FindingState | undefined;
  /** What the caller may see; null: all of it. */
  readonly reach: Reach | null;
  /** By which acceptances are judged. */
  readonly now: Date;
  readonly limit: number;
  readonly before: string | null;
}

export interface Observation {
  readonly findings: readonly Finding[];
  /** Everything was asked, so that what was not seen is gone. */
  readonly isComplete: boolean;
}

export interface FindingRepository {
  /**
   * Keeps what a scan saw of an asset. A finding that has become more severe loses its acceptance: this is not what was
   * accepted.
   */
  observe(tx: Transaction, asset: Pick<StoredAsset, 'id' | 'environmentId'>, observation: Observation): Promise<void>;
  findForUpdate(tx: Transaction, id: string): Promise<StoredFinding | null>;
  list(tx: Transaction, filter: FindingFilter): Promise<readonly StoredFinding[]>;
  accept(
    tx: Transaction,
    id: string,
    acceptance: { readonly by: ActorId; readonly reason: string; readonly until: Date },
  ): Promise<StoredFinding>;
  unaccept(tx: Transaction, id: string): Promise<StoredFinding>;
}
