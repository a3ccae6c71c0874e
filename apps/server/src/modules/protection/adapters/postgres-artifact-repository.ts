import { type ArtifactId, type AssetId, idFrom } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { Artifact, ArtifactKind, ArtifactRepository } from '../ports/artifact-repository.ts';

export class PostgresArtifactRepository implements ArtifactRepository {
  async insert(tx: Transaction, artifact: Parameters<ArtifactRepository['insert']>[1]): Promise<void> {
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
    const row = await sqlOf(tx)
      .selectFrom('protection_artifact')
      .select(['id', 'asset_id', 'content'])
      .where('tenant_id', '=', tx.tenantId)
      .where('asset_id', '=', assetId)
      .where('kind', '=', kind)
      .$if(artifactId !== undefined, (query) => query.where('id', '=', artifactId ?? ''))
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return null;
    const keys = await sqlOf(tx)
      .selectFrom('asset_key')
      .select([
        'id',
        'purpose',
        'algorithm',
        'public_key as publicKey',
        'wrap_suite as wrapSuite',
        'wrapped',
        'kek_version as kekVersion',
      ])
      .where('tenant_id', '=', tx.tenantId)
      .where('artifact_id', '=', row.id)
      .execute();
    return { id: idFrom<ArtifactId>(row.id), assetId: idFrom<AssetId>(row.asset_id), kind, content: row.content, keys };
  }
}
