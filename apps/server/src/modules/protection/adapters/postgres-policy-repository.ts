import { sql } from 'kysely';
import { idFrom } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlState, uniqueViolation } from '../../../platform/postgres/connection.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { Policy, PolicySpec, PolicyVersion } from '../domain/policy.ts';
import type { NewPolicy, PolicyRepository } from '../ports/policy-repository.ts';

interface PolicyRow {
  id: string;
  name: string;
  built_in: boolean;
  version: number;
  created_at: Date;
  updated_at: Date;
  spec: unknown;
}

// The specification is JSON that this file wrote after the domain had checked it.
const policyOf = (row: PolicyRow): Policy => ({
  id: idFrom(row.id),
  name: row.name,
  isBuiltIn: row.built_in,
  version: row.version,
  spec: row.spec as PolicySpec,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const selectPolicies = (tx: Transaction) =>
  sqlOf(tx)
    .selectFrom('protection_policy as p')
    .innerJoin('protection_policy_version as v', (join) =>
      join
        .onRef('v.tenant_id', '=', 'p.tenant_id')
        .onRef('v.policy_id', '=', 'p.id')
        .onRef('v.version', '=', 'p.version'),
    )
    .select(['p.id', 'p.name', 'p.built_in', 'p.version', 'p.created_at', 'p.updated_at', 'v.spec'])
    .where('p.tenant_id', '=', tx.tenantId);

const selectVersions = (tx: Transaction, id: string) =>
  sqlOf(tx)
    .selectFrom('protection_policy_version as v')
    .innerJoin('protection_policy as p', (join) =>
      join.onRef('p.tenant_id', '=', 'v.tenant_id').onRef('p.id', '=', 'v.policy_id'),
    )
    .select(['p.id', 'p.name', 'v.version', 'v.spec', 'v.created_by', 'v.created_at'])
    .where('v.tenant_id', '=', tx.tenantId)
    .where('v.policy_id', '=', id);

const versionOf = (row: {
  id: string;
  name: string;
  version: number;
  spec: unknown;
  created_by: string;
  created_at: Date;
}): PolicyVersion => ({
  id: idFrom(row.id),
  name: row.name,
  version: row.version,
  spec: row.spec as PolicySpec,
  createdBy: idFrom(row.created_by),
  createdAt: row.created_at,
});

const insertVersion = (
  tx: Transaction,
  version: { id: string; version: number; spec: PolicySpec; createdBy: string },
): Promise<unknown> =>
  sqlOf(tx)
    .insertInto('protection_policy_version')
    .values({
      tenant_id: tx.tenantId,
      policy_id: version.id,
      version: version.version,
      spec: JSON.stringify(version.spec),
      created_by: version.createdBy,
    })
    .execute();

export class PostgresPolicyRepository implements PolicyRepository {
  async insert(tx: Transaction, policy: NewPolicy): Promise<Policy | null> {
    const row = await sqlOf(tx)
      .insertInto('protection_policy')
      .values({ id: policy.id, tenant_id: tx.tenantId, name: policy.name, built_in: policy.isBuiltIn })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return null;
    await insertVersion(tx, { ...policy, version: row.version });
    return policyOf({ ...row, spec: policy.spec });
  }

  async find(tx: Transaction, id: string): Promise<Policy | null> {
    const row = await selectPolicies(tx).where('p.id', '=', id).executeTakeFirst();
    return row === undefined ? null : policyOf(row);
  }

  async findVersion(tx: Transaction, id: string, version: number): Promise<PolicyVersion | null> {
    const row = await selectVersions(tx, id).where('v.version', '=', version).executeTakeFirst();
    return row === undefined ? null : versionOf(row);
  }

  async listVersions(
    tx: Transaction,
    page: { id: string; before: number | null; limit: number },
  ): Promise<readonly PolicyVersion[]> {
    let query = selectVersions(tx, page.id);
    if (page.before !== null) query = query.where('v.version', '<', page.before);
    return (await query.orderBy('v.version', 'desc').limit(page.limit).execute()).map(versionOf);
  }

  async findLocked(tx: Transaction, id: string, lock: 'change' | 'use'): Promise<Policy | null> {
    // The lock comes first and alone: a join that waited would pair the old row with the new version.
    const query = sqlOf(tx).selectFrom('protection_policy').select('id').where('id', '=', id);
    const locked = await (lock === 'change' ? query.forUpdate() : query.forShare()).executeTakeFirst();
    return locked === undefined ? null : this.find(tx, id);
  }

  async list(tx: Transaction, page: { after: string | null; limit: number }): Promise<readonly Policy[]> {
    let query = selectPolicies(tx);
    if (page.after !== null) query = query.where('p.id', '>', page.after);
    return (await query.orderBy('p.id').limit(page.limit).execute()).map(policyOf);
  }

  async addVersion(tx: Transaction, policy: Parameters<PolicyRepository['addVersion']>[1]): Promise<Policy | null> {
    try {
      const row = await sqlOf(tx)
        .updateTable('protection_policy')
        .set({ name: policy.name, version: policy.version + 1, updated_at: sql<Date>`now()` })
        .where('id', '=', policy.id)
        .where('version', '=', policy.version)
        .returningAll()
        .executeTakeFirstOrThrow();
      await insertVersion(tx, { ...policy, version: row.version });
      return policyOf({ ...row, spec: policy.spec });
    } catch (error) {
      if (sqlState(error) === uniqueViolation) return null;
      throw error;
    }
  }

  async isInUse(tx: Transaction, id: string): Promise<boolean> {
    // Keys made under a policy name it for good; jobs that came to nothing do not hold it.
    const row = await sqlOf(tx)
      .selectFrom('job')
      .select('id')
      .where('tenant_id', '=', tx.tenantId)
      .where('policy_id', '=', id)
      .where('status', 'in', ['pending', 'running', 'succeeded'])
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async delete(tx: Transaction, id: string): Promise<void> {
    await sqlOf(tx).deleteFrom('protection_policy_version').where('policy_id', '=', id).execute();
    await sqlOf(tx).deleteFrom('protection_policy').where('id', '=', id).execute();
  }
}
