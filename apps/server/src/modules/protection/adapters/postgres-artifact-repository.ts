import type { EncryptionProfile } from '@quantumvault/inventory';
import { sql } from 'kysely';
import { type ArtifactId, type AssetId, idFrom } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type {
  Artifact,
  ArtifactKind,
  ArtifactRepository,
  IssuedRecord,
  MadeProtection,
  NewArtifact,
  UndoableArtifact,
} from '../ports/artifact-repository.ts';
import type { IssuedCertificate } from '../ports/certificate-maker.ts';

export class PostgresArtifactRepository implements ArtifactRepository {
  async insert(tx: Transaction, artifact: NewArtifact): Promise<void> {
    await sqlOf(tx)
      .insertInto('protection_artifact')
      .values({
        id: artifact.id,
        tenant_id: tx.tenantId,
        job_id: artifact.jobId,
        asset_id: artifact.assetId,
        policy_id: artifact.policyId,
        policy_version: artifact.policyVersion,
        kind: artifact.kind,
        content: JSON.stringify(artifact.content),
        former_profile: JSON.stringify(artifact.formerProfile),
      })
      .execute();
    await sqlOf(tx)
      .insertInto('asset_key')
      .values(
        artifact.keys.map((key) => ({
          id: key.id,
          tenant_id: tx.tenantId,
          asset_id: artifact.assetId,
          artifact_id: artifact.id,
          purpose: key.purpose,
          algorithm: key.algorithm,
          public_key: key.publicKey,
          wrap_suite: key.wrapSuite,
          wrapped: key.wrapped,
          kek_version: key.kekVersion,
        })),
      )
      .execute();
  }

  async findNewest(
    tx: Transaction,
    assetId: string,
    kind: ArtifactKind,
    artifactId?: string,
  ): Promise<Artifact | null> {
    if (artifactId === undefined) return (await this.listNewest(tx, assetId, kind, 1))[0] ?? null;
    const rows = await this.#artifacts(tx, assetId, kind).where('id', '=', artifactId).execute();
    return (await this.#withKeys(tx, kind, rows))[0] ?? null;
  }

  async listNewest(tx: Transaction, assetId: string, kind: ArtifactKind, limit: number): Promise<readonly Artifact[]> {
    const query = this.#artifacts(tx, assetId, kind).where('withdrawn_at', 'is', null);
    return this.#withKeys(tx, kind, await query.orderBy('id', 'desc').limit(limit).execute());
  }

  async handOut(tx: Transaction, artifactId: string): Promise<boolean> {
    const result = await sqlOf(tx)
      .updateTable('protection_artifact')
      .set({ handed_out_at: sql<Date>`coalesce(handed_out_at, now())` })
      .where('id', '=', artifactId)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  async insertIssued(tx: Transaction, artifactId: ArtifactId, issued: IssuedRecord): Promise<void> {
    await sqlOf(tx)
      .insertInto('issued_certificate')
      .values({
        id: issued.id,
        tenant_id: tx.tenantId,
        artifact_id: artifactId,
        chain_pem: issued.chainPem,
        sha256: issued.sha256,
        not_before: issued.notBefore,
        not_after: issued.notAfter,
        created_by: issued.createdBy,
      })
      .execute();
  }

  async findIssued(tx: Transaction, artifactId: ArtifactId): Promise<IssuedCertificate | null> {
    const row = await sqlOf(tx)
      .selectFrom('issued_certificate')
      .select(['chain_pem as chainPem', 'sha256', 'not_before as notBefore', 'not_after as notAfter'])
      .where('tenant_id', '=', tx.tenantId)
      .where('artifact_id', '=', artifactId)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ?? null;
  }

  async ofJob(
    tx: Transaction,
    jobId: string,
  ): Promise<{ readonly id: ArtifactId; readonly assetId: AssetId; readonly kind: ArtifactKind } | null> {
    const row = await sqlOf(tx)
      .selectFrom('protection_artifact')
      .select(['id', 'asset_id', 'kind'])
      .where('tenant_id', '=', tx.tenantId)
      .where('job_id', '=', jobId)
      .executeTakeFirst();
    return row === undefined ? null : { id: idFrom(row.id), assetId: idFrom(row.asset_id), kind: row.kind };
  }

  async findOfJobForUpdate(tx: Transaction, jobId: string): Promise<UndoableArtifact | null> {
    const row = await sqlOf(tx)
      .selectFrom('protection_artifact')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('job_id', '=', jobId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return null;
    const later = await sqlOf(tx)
      .selectFrom('protection_artifact')
      .select('id')
      .where('tenant_id', '=', tx.tenantId)
      .where('asset_id', '=', row.asset_id)
      .where('withdrawn_at', 'is', null)
      .where('id', '>', row.id)
      .limit(1)
      .executeTakeFirst();
    return {
      id: idFrom(row.id),
      assetId: idFrom(row.asset_id),
      kind: row.kind,
      createdAt: row.created_at,
      handedOutAt: row.handed_out_at,
      withdrawnAt: row.withdrawn_at,
      formerProfile: row.former_profile as EncryptionProfile | null,
      isSuperseded: later !== undefined,
    };
  }

  async withdraw(tx: Transaction, artifactId: ArtifactId): Promise<void> {
    await sqlOf(tx)
      .updateTable('protection_artifact')
      .set({ withdrawn_at: sql<Date>`now()` })
      .where('id', '=', artifactId)
      .execute();
  }

  async listOfAsset(
    tx: Transaction,
    { assetId, before, limit }: { readonly assetId: string; readonly before: string | null; readonly limit: number },
  ): Promise<readonly MadeProtection[]> {
    let query = sqlOf(tx)
      .selectFrom('protection_artifact')
      .select(['id', 'job_id', 'policy_id', 'policy_version', 'kind'])
      .select(['created_at', 'handed_out_at', 'withdrawn_at', 'former_profile'])
      .where('tenant_id', '=', tx.tenantId)
      .where('asset_id', '=', assetId);
    if (before !== null) query = query.where('id', '<', before);
    const rows = await query.orderBy('id', 'desc').limit(limit).execute();
    return rows.map((row) => ({
      id: idFrom(row.id),
      jobId: idFrom(row.job_id),
      policyId: idFrom(row.policy_id),
      policyVersion: row.policy_version,
      kind: row.kind,
      createdAt: row.created_at,
      handedOutAt: row.handed_out_at,
      withdrawnAt: row.withdrawn_at,
      formerProfile: row.former_profile as EncryptionProfile | null,
    }));
  }

  #artifacts(tx: Transaction, assetId: string, kind: ArtifactKind) {
    return sqlOf(tx)
      .selectFrom('protection_artifact')
      .select(['id', 'asset_id', 'content', 'created_at'])
      .where('tenant_id', '=', tx.tenantId)
      .where('asset_id', '=', assetId)
      .where('kind', '=', kind);
  }

  async #withKeys(
    tx: Transaction,
    kind: ArtifactKind,
    rows: readonly { id: string; asset_id: string; content: unknown; created_at: Date }[],
  ): Promise<readonly Artifact[]> {
    if (rows.length === 0) return [];
    const keys = await sqlOf(tx)
      .selectFrom('asset_key')
      .select([
        'artifact_id as artifactId',
        'id',
        'purpose',
        'algorithm',
        'public_key as publicKey',
        'wrap_suite as wrapSuite',
        'wrapped',
        'kek_version as kekVersion',
      ])
      .where('tenant_id', '=', tx.tenantId)
      .where(
        'artifact_id',
        'in',
        rows.map(({ id }) => id),
      )
      .execute();
    return rows.map((row) => ({
      id: idFrom<ArtifactId>(row.id),
      assetId: idFrom<AssetId>(row.asset_id),
      kind,
      content: row.content,
      createdAt: row.created_at,
      keys: keys.filter(({ artifactId }) => artifactId === row.id).map(({ artifactId: _, ...key }) => key),
    }));
  }
}
