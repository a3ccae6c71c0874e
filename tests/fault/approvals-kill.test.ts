// ACC-9 under kill -9: a server that dies between an approval and its effect leaves the approval, which is used once.
import { createClient, type QuantumVaultClient } from '@quantumvault/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateApiKey } from '../../apps/server/src/modules/identity/index.ts';
import { Installation } from '../harness/installation.ts';
import { askedOf, problemOf } from '../security/approval-world.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.prepare();
  await installation.start();
}, 120_000);
afterAll(() => installation?.remove(), 120_000);

/** Another administrator, as the database has one; the key is known to nobody else. */
async function approver(): Promise<QuantumVaultClient> {
  const { text, prefix, secretHash } = generateApiKey();
  const sql = await installation.sql();
  const { organizationId } = installation.signIn;
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO subject (id, tenant_id, kind, display_name) VALUES (gen_random_uuid(), $1, 'user', 'approver') RETURNING id`,
    [organizationId],
  );
  const id = rows[0]?.id;
  await sql.query("INSERT INTO user_account (id, tenant_id, email) VALUES ($1, $2, 'approver@example.org')", [
    id,
    organizationId,
  ]);
  await sql.query(
    "INSERT INTO access_grant (id, tenant_id, subject_id, role) VALUES (gen_random_uuid(), $1, $2, 'organization-admin')",
    [organizationId, id],
  );
  await sql.query(
    `INSERT INTO api_key (id, tenant_id, subject_id, name, prefix, secret_hash)
     VALUES (gen_random_uuid(), $1, $2, 'key', $3, $4)`,
    [organizationId, id, prefix, Buffer.from(secretHash)],
  );
  await sql.query(
    `INSERT INTO approval_policy (tenant_id, operation, quorum, expires_in_seconds, signature_required, reason_required, updated_by)
     VALUES ($1, 'asset.archive', 1, 3600, false, false, $1)`,
    [organizationId],
  );
  await sql.end();
  return createClient({ url: installation.url, apiKey: text, http: fetch });
}

it('ACC-9: what was approved before a crash is neither lost nor done twice', async () => {
  const bob = await approver();
  const { id: assetId } = await installation.client.createAsset({
    body: { name: 'a', type: 'data-store', endpoint: 'postgres://a' },
  });
  const request = askedOf(await problemOf(installation.client.archiveAsset({ params: { id: assetId } })));

  // Somebody holds the asset's row, so the effect hangs behind the approval until the server is gone.
  const holder = await installation.sql();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM asset WHERE id = $1 FOR UPDATE', [assetId]);
  const cut = bob
    .approveApproval({ params: { id: request.id }, body: { planHash: request.planHash } })
    .then(() => 'answered')
    .catch(() => 'cut');
  const watcher = await installation.sql();
  const stateOf = async () => {
    const { rows } = await watcher.query<{ status: string; archived: boolean; events: string }>(
      `SELECT r.status, a.archived_at IS NOT NULL AS archived,
              (SELECT count(*) FROM audit_event WHERE action = 'asset.archived' AND resource_id = a.id::text) AS events
         FROM approval_request r, asset a WHERE r.id = $1 AND a.id = $2`,
      [request.id, assetId],
    );
    return rows[0];
  };
  await expect.poll(async () => (await stateOf())?.status, { timeout: 20_000 }).toBe('approved');
  const waits =
    "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'quantumvault-app' AND wait_event_type = 'Lock'";
  await expect.poll(async () => (await watcher.query(waits)).rows.length, { timeout: 20_000 }).toBeGreaterThan(0);
  await installation.killServer();
  expect(await cut).toBe('cut');
  // What the dead server had sent ends with its connection, not with the lock.
  await watcher.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'quantumvault-app'",
  );
  await holder.query('ROLLBACK');
  await holder.end();
  expect(await stateOf()).toMatchObject({ status: 'approved', archived: false, events: '0' });
  await installation.waitReady();

  const runs = await Promise.allSettled([
    installation.client.executeApproval({ params: { id: request.id } }),
    bob.executeApproval({ params: { id: request.id } }),
  ]);
  // Whoever comes second hears that it is done, or is refused; the effect is one.
  expect(runs.some((run) => run.status === 'fulfilled' && run.value.execution?.outcome === 'executed')).toBe(true);
  expect(await stateOf()).toMatchObject({ status: 'executed', archived: true, events: '1' });
  await watcher.end();
}, 120_000);
