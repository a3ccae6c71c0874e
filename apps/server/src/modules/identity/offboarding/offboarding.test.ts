import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApiKeyId } from '../../../kernel/ids.ts';
import { newId } from '../../jobs/world.test-support.ts';
import { generateApiKey } from '../api-key.ts';
import { createIdentityWorld, type IdentityWorld, password, requestFrom } from '../identity.test-support.ts';
import { InviteUser } from '../invitations/invite-user.ts';
import { PostgresIdentityStore } from '../postgres-identity-store.ts';
import { GetOffboarding } from './get-offboarding.ts';
import { OffboardUser } from './offboard-user.ts';

const identities = new PostgresIdentityStore();
let world: IdentityWorld;
let admin: Actor;

beforeAll(async () => {
  world = await createIdentityWorld();
  admin = await world.newUser('organization-admin');
});
afterAll(() => world.close());

const offboard = (id: string, by: Actor = admin) => new OffboardUser(world.deps).execute(by, { id, reason: 'left' });

async function giveKey(
  subjectId: Actor['id'],
  createdBy: string | null = null,
): Promise<{ id: string; prefix: string }> {
  const { prefix, secretHash } = generateApiKey();
  const id = newId<ApiKeyId>();
  await world.uow.writeUnaudited({ tenantId: admin.tenantId, reason: 'test data' }, (tx) =>
    identities.insertApiKey(tx, { id, subjectId, name: 'a key', prefix, secretHash }),
  );
  await world.sql('UPDATE api_key SET created_by = $2 WHERE id = $1', [id, createdBy]);
  return { id, prefix };
}

async function serviceAccountOf(ownerId: string): Promise<Actor['id']> {
  const id = newId<Actor['id']>();
  await world.sql(
    "INSERT INTO subject (id, tenant_id, kind, display_name) VALUES ($1, $2, 'service-account', 'robot')",
    [id, admin.tenantId],
  );
  await world.sql('INSERT INTO service_account (id, tenant_id, owner_id) VALUES ($1, $2, $3)', [
    id,
    admin.tenantId,
    ownerId,
  ]);
  return id;
}

const sees = (actor: Actor, action: string, resourceId: string) =>
  world.uow.write(actor, (tx) => tx.audit({ action, resource: { type: 'asset', id: resourceId } }));

describe('ACC-12: off-boarding', () => {
  it('ACC-12: takes all away in one transaction and says what to rotate', async () => {
    const leaver = await world.newUser('organization-admin');
    const { prefix } = await giveKey(leaver.id);
    const robot = await serviceAccountOf(leaver.id);
    const shown = await giveKey(robot, leaver.id);
    await giveKey(robot, admin.id);
    const pending = await new InviteUser(world.deps).execute(leaver, {
      email: 'pending@example.org',
      roles: ['auditor'],
    });
    const assets = [newId<string>(), newId<string>()];
    await sees(leaver, 'data-key.unwrapped', assets[0] ?? '');
    await sees(leaver, 'data-key.unwrapped', assets[0] ?? '');
    await sees(leaver, 'token.signed', assets[1] ?? '');
    await sees(leaver, 'asset.classified', assets[1] ?? '');
    await sees(admin, 'tls-bundle.read', assets[1] ?? '');

    await world.sql(
      `INSERT INTO totp_factor (tenant_id, subject_id, state, id, suite, wrapped, kek_version)
       VALUES ($1, $2, 'active', gen_random_uuid(), 'none', '\\x00', 1)`,
      [leaver.tenantId, leaver.id],
    );

    const report = await offboard(leaver.id);
    // Whoever comes back is the same subject: nothing of before may open anything.
    expect(await world.sql('SELECT FROM totp_factor WHERE subject_id = $1', [leaver.id])).toEqual([]);
    expect(report.revoked).toEqual({
      sessions: 0,
      apiKeys: 1,
      grants: 1,
      approvals: 0,
      invitations: 1,
      factors: 1,
    });
    expect(report.rotate.map(({ kind, resourceId, times }) => ({ kind, resourceId, times }))).toEqual(
      expect.arrayContaining([
        { kind: 'data-key', resourceId: assets[0], times: 2 },
        { kind: 'signed-token', resourceId: assets[1], times: 1 },
        { kind: 'api-key', resourceId: shown.id, times: 1 },
      ]),
    );
    expect(report.rotate).toHaveLength(3);
    expect(report).toMatchObject({ isTruncated: false, serviceAccounts: [robot], offboardedBy: admin.id });
    expect(report.notKnown.length).toBeGreaterThan(3);

    expect(await world.apiKeys.find(prefix)).toMatchObject({ usable: false });
    expect(await world.apiKeys.find(shown.prefix)).toMatchObject({ usable: true });
    expect(await world.uow.read(admin.tenantId, (tx) => world.access.now(tx, leaver.id))).toBeNull();
    await expect(
      world.joining.join({ token: pending.token, password, displayName: 'Late' }, requestFrom(null)),
    ).rejects.toMatchObject({ code: 'IDENTITY_INVITATION_INVALID' });
    expect(
      await world.sql('SELECT FROM access_grant WHERE subject_id = $1 AND revoked_at IS NULL', [pending.user.id]),
    ).toEqual([]);
    expect(await world.eventsOf(leaver.id)).toContain('user.offboarded');

    expect(await new GetOffboarding(world.deps).execute(admin, leaver.id)).toEqual(report);
    await expect(offboard(leaver.id)).rejects.toMatchObject({ code: 'IDENTITY_USER_STATE' });
  });

  it('ACC-12: takes the reset tokens that the leaver has made for others', async () => {
    const [leaver, colleague] = [await world.newUser('organization-admin'), await world.newUser('auditor')];
    await world.sql(
      `INSERT INTO password_reset (token_hash, tenant_id, subject_id, created_by, expires_at)
       VALUES (sha256('a token'), $1, $2, $3, now() + interval '1 hour')`,
      [admin.tenantId, colleague.id, leaver.id],
    );
    await offboard(leaver.id);
    expect(await world.sql('SELECT FROM password_reset WHERE created_by = $1', [leaver.id])).toEqual([]);
  });

  it('ACC-12: a failure in the middle takes nothing away', async () => {
    const leaver = await world.newUser('auditor');
    const { prefix } = await giveKey(leaver.id);
    const broken = [
      ...world.deps.revocations,
      { of: 'sessions' as const, revoke: () => Promise.reject(new Error('the table is gone')) },
    ];
    const useCase = new OffboardUser({ ...world.deps, revocations: broken });
    await expect(useCase.execute(admin, { id: leaver.id })).rejects.toThrow('the table is gone');
    expect(await world.apiKeys.find(prefix)).toMatchObject({ usable: true });
    expect(await world.sql('SELECT status FROM subject WHERE id = $1', [leaver.id])).toEqual([{ status: 'active' }]);
    await expect(new GetOffboarding(world.deps).execute(admin, leaver.id)).rejects.toMatchObject({
      code: 'IDENTITY_OFFBOARDING_NOT_FOUND',
    });
  });

  it('ACC-12: who comes back is the same subject with nothing of before', async () => {
    const leaver = await world.newUser('auditor');
    const { prefix } = await giveKey(leaver.id);
    await world.sql(
      `INSERT INTO device_enrollment (id, tenant_id, name, permissions, prefix, token_hash, created_by, expires_at)
       VALUES (gen_random_uuid(), $1, 'agent', '{}', 'aaaabbbbcccc', sha256('a token'), $2, now() + interval '1 day')`,
      [admin.tenantId, leaver.id],
    );
    const enrollment = async () => {
      const found = await world.sql<{ usable: boolean }>(
        "SELECT usable FROM auth_find_device_enrollment('aaaabbbbcccc')",
      );
      return found[0]?.usable;
    };
    expect(await enrollment()).toBe(true);
    await offboard(leaver.id);
    const again = await new InviteUser(world.deps).execute(admin, { email: leaver.email, roles: [] });
    await world.joining.join({ token: again.token, password, displayName: 'Back' }, requestFrom(null));
    expect(again.user.id).toBe(leaver.id);
    const access = await world.uow.read(admin.tenantId, (tx) => world.access.now(tx, leaver.id));
    expect(access?.grants).toEqual([]);
    expect(await world.apiKeys.find(prefix)).toMatchObject({ usable: false });
    expect(await enrollment()).toBe(false);
  });

  it('ACC-12: not oneself, not the last administrator, nobody of another organization', async () => {
    await expect(offboard(admin.id)).rejects.toMatchObject({ code: 'IDENTITY_OWN_ACCOUNT' });
    const { actor } = await world.newTenant();
    const foreign = await world.newUser('organization-admin', actor);
    await expect(offboard(foreign.id, actor)).rejects.toMatchObject({ code: 'IDENTITY_LAST_ADMINISTRATOR' });
    await expect(offboard(foreign.id)).rejects.toMatchObject({ code: 'IDENTITY_USER_NOT_FOUND' });
  });

  it('ACC-12: what was seen is found by its index and not by a walk over the log', async () => {
    const client = await world.database.superuser();
    await client.query('SET enable_seqscan = off');
    const { rows } = await client.query(
      `EXPLAIN SELECT count(*) FROM audit_event e WHERE e.tenant_id = $1 AND e.actor_id = $2
          AND e.action IN ('data-key.unwrapped', 'tls-bundle.read', 'certificate.read', 'token.signed')`,
      [admin.tenantId, admin.id],
    );
    await client.end();
    expect(JSON.stringify(rows)).toContain('audit_event_exposure');
  });
});
