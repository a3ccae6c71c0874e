import type { Severity } from '@quantumvault/inventory';
import { sql } from 'kysely';
import { type ActorId, type FindingId, idFrom, type NewId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { mergedKeys } from '../../../platform/postgres/merge-groups.ts';
import type { Row } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { StoredAsset } from '../domain/asset.ts';
import { type Acceptance, findingFacets, type StoredFinding } from '../domain/finding.ts';
import type { FindingFilter, FindingRepository, Observation } from '../ports/finding-repository.ts';
import { environmentsWithin } from './environments-within.ts';

function findingOf(row: Row<'asset_finding'>): StoredFinding {
  return {
    id: idFrom(row.id),
    assetId: idFrom(row.asset_id),
    environmentId: idFrom(row.environment_id),
    rule: row.rule,
    severity: row.severity as Severity,
    message: row.message,
    evidence: row.evidence,
    remedy: row.remedy,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    goneAt: row.gone_at,
    acceptance: acceptanceOf(row),
  };
}

// A check of the table holds that the four are there together.
function acceptanceOf(row: Row<'asset_finding'>): Acceptance | null {
  const { accepted_at: acceptedAt, accepted_by: by, accepted_reason: reason, accepted_until: until } = row;
  if (acceptedAt === null || by === null || reason === null || until === null) return null;
  return { acceptedAt, acceptedBy: idFrom<ActorId>(by), reason, until };
}

export class PostgresFindingRepository implements FindingRepository {
  readonly #newId: NewId;
  constructor(options: { readonly newId: NewId }) {
    this.#newId = options.newId;
  }

  async observe(
    tx: Transaction,
    asset: Pick<StoredAsset, 'id' | 'environmentId'>,
    { findings, isComplete }: Observation,
  ): Promise<void> {
    const byRule = new Map(findings.map((finding) => [finding.id, finding]));
    const seen = [...byRule.values()];
    if (isComplete) {
      await sql`
        UPDATE asset_finding SET gone_at = now()
         WHERE tenant_id = ${tx.tenantId}::uuid AND asset_id = ${asset.id}::uuid AND gone_at IS NULL
           AND NOT rule = ANY (${seen.map(({ id }) => id)}::text[])`.execute(sqlOf(tx));
    }
    if (seen.length === 0) return;
    const column = (name: 'id' | 'severity' | 'message' | 'evidence' | 'remedy') =>
      seen.map((finding) => finding[name]);
    const rank = (severity: string) =>
      sql`array_position(ARRAY['info', 'low', 'medium', 'high', 'critical'], ${sql.ref(severity)})`;
    const isWorse = sql`${rank('excluded.severity')} > ${rank('f.severity')}`;
    await sql`
      INSERT INTO asset_finding AS f (id, tenant_id, asset_id, environment_id, rule, severity, message, evidence, remedy)
      SELECT s.id, ${tx.tenantId}::uuid, ${asset.id}::uuid, ${asset.environmentId}::uuid, s.rule, s.severity, s.message,
             nullif(s.evidence, ''), s.remedy
        FROM unnest(${seen.map(() => this.#newId<FindingId>())}::uuid[], ${column('id')}::text[], ${column('severity')}::text[],
                    ${column('message')}::text[], ${column('evidence')}::text[], ${column('remedy')}::text[])
             AS s (id, rule, severity, message, evidence, remedy)
       ORDER BY s.rule
      ON CONFLICT (tenant_id, asset_id, rule) DO UPDATE SET
        severity = excluded.severity, message = excluded.message, evidence = excluded.evidence, remedy = excluded.remedy,
        last_seen_at = now(), gone_at = NULL,
        accepted_at = CASE WHEN ${isWorse} THEN NULL ELSE f.accepted_at END,
        accepted_by = CASE WHEN ${isWorse} THEN NULL ELSE f.accepted_by END,
        accepted_reason = CASE WHEN ${isWorse} THEN NULL ELSE f.accepted_reason END,
        accepted_until = CASE WHEN ${isWorse} THEN NULL ELSE f.accepted_until END`.execute(sqlOf(tx));
  }

  async findForUpdate(tx: Transaction, id: string): Promise<StoredFinding | null> {
    const query = sqlOf(tx).selectFrom('asset_finding').selectAll().where('id', '=', id);
    const row = await query.forUpdate().executeTakeFirst();
    return row === undefined ? null : findingOf(row);
  }

  /** INV-12: findings of one asset are few; all others are a merge of groups that an index holds in order. */
  async list(tx: Transaction, filter: FindingFilter): Promise<readonly StoredFinding[]> {
    const environments = await environmentsWithin(tx, filter);
    if (environments === null) return this.#listIn(tx, filter);
    // An index holds each environment in order, so the pages of a few of them are merged.
    const found: StoredFinding[] = [];
    for (const environmentId of environments) found.push(...(await this.#listIn(tx, { ...filter, environmentId })));
    return found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, filter.limit);
  }

  async #listIn(tx: Transaction, filter: Omit<FindingFilter, 'reach'>): Promise<readonly StoredFinding[]> {
    const { assetId, environmentId, rule, state, now, before, limit } = filter;
    const facets = findingFacets(filter.severity, state);
    const conditions = [
      sql<boolean>`t.tenant_id = ${tx.tenantId}::uuid`,
      ...(assetId === undefined ? [] : [sql<boolean>`t.asset_id = ${assetId}::uuid`]),
      ...(rule === undefined ? [] : [sql<boolean>`t.rule = ${rule}`]),
      ...(environmentId === undefined ? [] : [sql<boolean>`t.environment_id = ${environmentId}::uuid`]),
      ...(state === 'open' ? [sql<boolean>`(t.accepted_until IS NULL OR t.accepted_until <= ${now})`] : []),
      ...(state === 'accepted' ? [sql<boolean>`t.accepted_until > ${now}`] : []),
    ];
    const where = sql<boolean>`${sql.join(conditions, sql` AND `)}`;
    const after = before === null ? null : sql<boolean>`t.id < ${before}::uuid`;
    const keys =
      assetId === undefined
        ? mergedKeys({
            table: 'asset_finding',
            where,
            group: { column: 'facet', type: 'smallint' },
            values: facets,
            order: ['id'],
            after,
            limit,
          })
        : sql`SELECT t.id FROM asset_finding AS t WHERE ${where} AND t.facet = ANY (${[...facets]}::smallint[])
                 AND ${after ?? sql`true`} ORDER BY t.id DESC LIMIT ${sql.lit(limit)}`;
    const { rows } = await sql<Row<'asset_finding'>>`
      SELECT f.* FROM (${keys}) AS k JOIN asset_finding AS f ON f.id = k.id ORDER BY f.id DESC`.execute(sqlOf(tx));
    return rows.map(findingOf);
  }

  async accept(
    tx: Transaction,
    id: string,
    acceptance: { readonly by: ActorId; readonly reason: string; readonly until: Date },
  ): Promise<StoredFinding> {
    const row = await sqlOf(tx)
      .updateTable('asset_finding')
      .set({
        accepted_at: sql<Date>`now()`,
        accepted_by: acceptance.by,
        accepted_reason: acceptance.reason,
        accepted_until: acceptance.until,
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return findingOf(row);
  }

  async unaccept(tx: Transaction, id: string): Promise<StoredFinding> {
    const row = await sqlOf(tx)
      .updateTable('asset_finding')
      .set({ accepted_at: null, accepted_by: null, accepted_reason: null, accepted_until: null })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return findingOf(row);
  }
}
