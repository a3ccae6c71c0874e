import type { Reach } from '@quantumvault/access';
import type { AssetState, AssetType, Exposure, RiskBand, Sensitivity } from '@quantumvault/inventory';
import type { AssetId, EnvironmentId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { StoredAsset } from '../domain/asset.ts';
import type { UsesFilter } from '../domain/asset-uses.ts';

export type NewAsset = Omit<
  StoredAsset,
  'firstSeenAt' | 'lastSeenAt' | 'archivedAt' | 'endedAs' | 'endReason' | 'mergedInto' | 'goneSince' | 'version'
> & {
  /** When the certificate that it is ends. That of a scanned endpoint is in the evidence. */
  readonly certificateEndsAt?: Date;
};

/** An active asset becomes one that another entry replaces, or that was a mistake. */
export interface AssetEnd {
  readonly reason: string;
  readonly mergedInto: AssetId | null;
}

/** What may change of an asset; its identity never does. */
export type AssetChange = Partial<
  Pick<
    StoredAsset,
    'sensitivity' | 'exposure' | 'dataLifetimeYears' | 'owner' | 'tags' | 'encryptionProfile' | 'evidence'
  >
> &
  Pick<StoredAsset, 'risk'> &
  Pick<NewAsset, 'certificateEndsAt'> & { readonly isSeenNow?: boolean };

export interface AssetFilter extends UsesFilter {
  readonly type?: AssetType | undefined;
  readonly sensitivity?: Sensitivity | undefined;
  readonly exposure?: Exposure | undefined;
  readonly band?: RiskBand | undefined;
  readonly environmentId?: string | undefined;
  readonly owner?: string | undefined;
  readonly tag?: string | undefined;
  /** Beginnings of words of name and endpoint; all of them have to be there. */
  readonly search?: string | undefined;
  /** Undefined: in whatever state. */
  readonly state?: AssetState | undefined;
  /** What the caller may see; null: all of it. */
  readonly reach: Reach | null;
  readonly limit: number;
  /** Where the page before ended. */
  readonly after: { readonly id: string; readonly riskScore: number | null } | null;
  readonly sort: 'newest' | 'risk';
}

export interface AssetPage {
  readonly assets: readonly StoredAsset[];
  /** Where the next page begins, null at the end. A page may be short and the listing still go on. */
  readonly next: { readonly id: string; readonly riskScore: number } | null;
}

export interface AssetRepository {
  /** Null when an asset with this identity exists. */
  insert(tx: Transaction, asset: NewAsset): Promise<StoredAsset | null>;
  find(tx: Transaction, id: string): Promise<StoredAsset | null>;
  /** Locks the row until the transaction ends, for a change that depends on what it holds. */
  findForUpdate(tx: Transaction, id: string): Promise<StoredAsset | null>;
  findByIdentityForUpdate(
    tx: Transaction,
    identity: Pick<StoredAsset, 'environmentId' | 'type' | 'endpoint'>,
  ): Promise<StoredAsset | null>;
  list(tx: Transaction, filter: AssetFilter): Promise<AssetPage>;
  /** Raises the version by one. */
  change(tx: Transaction, id: string, change: AssetChange): Promise<StoredAsset>;
  /** False when there is no such asset that is not archived. */
  archive(tx: Transaction, id: string): Promise<boolean>;
  /** Active TLS endpoints of an environment by their endpoint. */
  findEndpoints(
    tx: Transaction,
    wanted: { readonly environmentId: EnvironmentId; readonly endpoints: readonly string[] },
  ): Promise<ReadonlyMap<string, StoredAsset>>;
  /** Scans find nothing where these were; the next one that finds them takes the mark away. */
  markGone(tx: Transaction, ids: readonly string[]): Promise<void>;
  end(tx: Transaction, id: string, end: AssetEnd): Promise<StoredAsset>;
  /** Tags and the times of seeing of another entry that is the same thing. */
  absorb(tx: Transaction, id: string, other: StoredAsset): Promise<StoredAsset>;
  /** The wanted environment, or the organization's first one when none is wanted; null when it does not exist. */
  environment(tx: Transaction, wanted: string | null): Promise<EnvironmentId | null>;
}
