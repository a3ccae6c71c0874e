import {
  type AssetType,
  assetLimits,
  type EncryptionProfile,
  type Exposure,
  type RiskAssessment,
  type Sensitivity,
} from '@quantumvault/inventory';
import { sql } from 'kysely';
import { type EnvironmentId, idFrom } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Row } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import { type Evidence, readinessOf, type StoredAsset } from '../domain/asset.ts';
import type {
  AssetChange,
  AssetEnd,
  AssetFilter,
  AssetPage,
  AssetRepository,
  NewAsset,
} from '../ports/asset-repository.ts';
import { type ListingBounds, listingBounds } from './asset-listing.ts';
import { listReachableRows } from './reachable-listing.ts';

// The check constraints of the table hold these enumerations; the JSON columns are written by this file alone.
function assetOf(row: Row<'asset'>): StoredAsset {
  return {
    id: idFrom(row.id),
    environmentId: idFrom(row.environment_id),
    name: row.name,
    type: row.type as AssetType,
    endpoint: row.endpoint,
    owner: row.owner,
    sensitivity: row.sensitivity as Sensitivity,
    exposure: row.exposure as Exposure,
    dataLifetimeYears: row.data_lifetime_years,
    tags: row.tags,
    encryptionProfile: row.encryption_profile as EncryptionProfile | null,
    evidence: row.evidence as Evidence | null,
    risk: row.risk as RiskAssessment,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    archivedAt: row.archived_at,
    goneSince: row.gone_since,
    endedAs: row.ended_as,
    endReason: row.end_reason,
    mergedInto: row.merged_into === null ? null : idFrom(row.merged_into),
    version: row.version,
  };
}

const optional = (row: Row<'asset'> | undefined): StoredAsset | null => (row === undefined ? null : assetOf(row));
const jsonOrNull = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
/** The end of the certificate that an asset is or that its endpoint showed last; null when it showed none. */
function certificateEnd({ certificateEndsAt, evidence }: Pick<AssetChange, 'certificateEndsAt' | 'evidence'>) {
  if (certificateEndsAt !== undefined) return certificateEndsAt;
  if (evidence === undefined) return undefined;
  const end = evidence?.scan.chain[0]?.notAfter;
  return end === undefined ? null : new Date(end);
}

export class PostgresAssetRepository implements AssetRepository {
  readonly #bounds: ListingBounds;
  constructor(options: { readonly bounds?: ListingBounds } = {}) {
    this.#bounds = options.bounds ?? listingBounds;
  }

  async insert(tx: Transaction, asset: NewAsset): Promise<StoredAsset | null> {
    const row = await sqlOf(tx)
      .insertInto('asset')
      .values({
        id: asset.id,
        tenant_id: tx.tenantId,
        environment_id: asset.environmentId,
        name: asset.name,
        type: asset.type,
        endpoint: asset.endpoint,
        owner: asset.owner,
        sensitivity: asset.sensitivity,
        exposure: asset.exposure,
        data_lifetime_years: asset.dataLifetimeYears,
        tags: [...asset.tags],
        encryption_profile: JSON.stringify(asset.encryptionProfile),
        evidence: jsonOrNull(asset.evidence),
        risk: JSON.stringify(asset.risk),
        risk_score: asset.risk.score,
        readiness: readinessOf(asset.encryptionProfile),
        certificate_ends_at: certificateEnd(asset) ?? null,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'environment_id', 'type', 'endpoint'])
          .where('archived_at', 'is', null)
          .doNothing(),
      )
      .returningAll()
      .executeTakeFirst();
    return optional(row);
  }

  async find(tx: Transaction, id: string): Promise<StoredAsset | null> {
    return optional(await sqlOf(tx).selectFrom('asset').selectAll().where('id', '=', id).executeTakeFirst());
  }

  async findForUpdate(tx: Transaction, id: string): Promise<StoredAsset | null> {
    const query = sqlOf(tx).selectFrom('asset').selectAll().where('id', '=', id);
    return optional(await query.forUpdate().executeTakeFirst());
  }

  async findByIdentityForUpdate(
    tx: Transaction,
    identity: Pick<StoredAsset, 'environmentId' | 'type' | 'endpoint'>,
  ): Promise<StoredAsset | null> {
    const row = await sqlOf(tx)
      .selectFrom('asset')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('environment_id', '=', identity.environmentId)
      .where('type', '=', identity.type)
      .where('endpoint', '=', identity.endpoint)
      .where('archived_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    return optional(row);
  }

  async list(tx: Transaction, filter: AssetFilter): Promise<AssetPage> {
    // One row more than asked for tells whether there is a next page.
    const { rows, walkedTo } = await listReachableRows(tx, { ...filter, limit: filter.limit + 1 }, this.#bounds);
    const page = rows.slice(0, filter.limit);
    const last = rows.length > filter.limit ? page.at(-1) : undefined;
    return {
      assets: page.map(assetOf),
      next: last === undefined ? walkedTo : { id: last.id, riskScore: last.risk_score },
    };
  }

  async change(tx: Transaction, id: string, change: AssetChange): Promise<StoredAsset> {
    const endsAt = certificateEnd(change);
    const row = await sqlOf(tx)
      .updateTable('asset')
      .set({
        ...(change.sensitivity === undefined ? {} : { sensitivity: change.sensitivity }),
        ...(change.exposure === undefined ? {} : { exposure: change.exposure }),
        ...(change.dataLifetimeYears === undefined ? {} : { data_lifetime_years: change.dataLifetimeYears }),
        ...(change.owner === undefined ? {} : { owner: change.owner }),
        ...(change.tags === undefined ? {} : { tags: [...change.tags] }),
        ...(change.encryptionProfile === undefined
          ? {}
          : {
              encryption_profile: JSON.stringify(change.encryptionProfile),
              readiness: readinessOf(change.encryptionProfile),
            }),
        ...(change.evidence === undefined ? {} : { evidence: jsonOrNull(change.evidence) }),
        ...(endsAt === undefined ? {} : { certificate_ends_at: endsAt }),
        ...(change.isSeenNow === true ? { last_seen_at: sql<Date>`now()`, gone_since: null } : {}),
        risk: JSON.stringify(change.risk),
        risk_score: change.risk.score,
        version: sql<number>`version + 1`,
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return assetOf(row);
  }

  async archive(tx: Transaction, id: string): Promise<boolean> {
    const result = await sqlOf(tx)
      .updateTable('asset')
      .set({ archived_at: sql<Date>`now()`, version: sql<number>`version + 1` })
      .where('id', '=', id)
      .where('archived_at', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  async findEndpoints(
    tx: Transaction,
    { environmentId, endpoints }: { readonly environmentId: EnvironmentId; readonly endpoints: readonly string[] },
  ): Promise<ReadonlyMap<string, StoredAsset>> {
    if (endpoints.length === 0) return new Map();
    const rows = await sqlOf(tx)
      .selectFrom('asset')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('environment_id', '=', environmentId)
      .where('type', '=', 'tls-endpoint')
      .where('endpoint', 'in', [...endpoints])
      .where('archived_at', 'is', null)
      .execute();
    return new Map(rows.map((row) => [row.endpoint, assetOf(row)]));
  }

  async markGone(tx: Transaction, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await sqlOf(tx)
      .updateTable('asset')
      .set({ gone_since: sql<Date>`now()`, version: sql<number>`version + 1` })
      .where('tenant_id', '=', tx.tenantId)
      .where('id', 'in', [...ids])
      .where('gone_since', 'is', null)
      .execute();
  }

  async end(tx: Transaction, id: string, { reason, mergedInto }: AssetEnd): Promise<StoredAsset> {
    const row = await sqlOf(tx)
      .updateTable('asset')
      .set({
        archived_at: sql<Date>`now()`,
        end_reason: reason,
        ...(mergedInto === null ? { ended_as: 'withdrawn' } : { ended_as: 'merged', merged_into: mergedInto }),
        version: sql<number>`version + 1`,
      })
      .where('id', '=', id)
      .where('archived_at', 'is', null)
      .returningAll()
      .executeTakeFirstOrThrow();
    return assetOf(row);
  }

  async absorb(tx: Transaction, id: string, other: StoredAsset): Promise<StoredAsset> {
    const row = await sqlOf(tx)
      .updateTable('asset')
      .set({
        tags: sql<
          string[]
        >`ARRAY(SELECT DISTINCT tag FROM unnest(tags || ${[...other.tags]}::text[]) AS tag ORDER BY tag LIMIT ${sql.lit(assetLimits.tagsMax)})`,
        first_seen_at: sql<Date>`least(first_seen_at, ${other.firstSeenAt})`,
        last_seen_at: sql<Date>`greatest(last_seen_at, ${other.lastSeenAt})`,
        version: sql<number>`version + 1`,
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return assetOf(row);
  }

  async environment(tx: Transaction, wanted: string | null): Promise<EnvironmentId | null> {
    let query = sqlOf(tx).selectFrom('environment').select('id').where('tenant_id', '=', tx.tenantId);
    if (wanted !== null) query = query.where('id', '=', wanted);
    const row = await query.orderBy('id').limit(1).executeTakeFirst();
    return row === undefined ? null : idFrom(row.id);
  }
}
