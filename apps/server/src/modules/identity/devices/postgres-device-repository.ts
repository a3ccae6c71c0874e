import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type {
  DeviceRepository,
  NewDevice,
  NewDeviceSession,
  NewEnrollment,
  StoredDevice,
  TakenEnrollment,
} from './device-repository.ts';

const selectDevices = sql`
  SELECT d.id, s.display_name AS name, CASE WHEN s.status = 'active' THEN 'active' ELSE 'revoked' END AS status,
         d.algorithm, d.public_key AS "publicKey", d.permissions, d.mac_addresses AS "macAddresses",
         d.enrolled_by AS "enrolledBy", d.enrolled_at AS "enrolledAt", d.last_seen_at AS "lastSeenAt"
    FROM device d JOIN subject s ON s.tenant_id = d.tenant_id AND s.id = d.id`;
const isOpen = sql`used_at IS NULL AND cancelled_at IS NULL AND expires_at > now()`;

export class PostgresDeviceRepository implements DeviceRepository {
  async list(
    tx: Transaction,
    { after, limit, includeRevoked }: { after: string | null; limit: number; includeRevoked: boolean },
  ): Promise<readonly StoredDevice[]> {
    const { rows } = await sql<StoredDevice>`${selectDevices}
      WHERE d.tenant_id = ${tx.tenantId} AND (${after}::uuid IS NULL OR d.id > ${after}::uuid)
        AND (${includeRevoked} OR s.status = 'active')
      ORDER BY d.id LIMIT ${limit}`.execute(sqlOf(tx));
    return rows;
  }

  async hold(tx: Transaction, id: string): Promise<StoredDevice | null> {
    await sql`SELECT id FROM subject WHERE id = ${id} FOR UPDATE`.execute(sqlOf(tx));
    const { rows } = await sql<StoredDevice>`${selectDevices} WHERE d.id = ${id} AND s.status = 'active'`.execute(
      sqlOf(tx),
    );
    return rows[0] ?? null;
  }

  async count(tx: Transaction): Promise<number> {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('device ' || ${tx.tenantId}, 0))`.execute(sqlOf(tx));
    const { rows } = await sql<{ count: bigint }>`
      SELECT (SELECT count(*) FROM subject WHERE tenant_id = ${tx.tenantId} AND kind = 'device' AND status = 'active')
           + (SELECT count(*) FROM device_enrollment WHERE tenant_id = ${tx.tenantId} AND ${isOpen}) AS count`.execute(
      sqlOf(tx),
    );
    return Number(rows[0]?.count ?? 0n);
  }

  async insertEnrollment(tx: Transaction, enrollment: NewEnrollment): Promise<Date> {
    const row = await sqlOf(tx)
      .insertInto('device_enrollment')
      .values({
        id: enrollment.id,
        tenant_id: tx.tenantId,
        name: enrollment.name,
        permissions: [...enrollment.permissions],
        prefix: enrollment.prefix,
        token_hash: enrollment.tokenHash,
        created_by: enrollment.createdBy,
        expires_at: sql<Date>`now() + make_interval(hours => ${enrollment.hours}::int)`,
      })
      .returning('expires_at')
      .executeTakeFirstOrThrow();
    return row.expires_at;
  }

  async cancelEnrollment(tx: Transaction, id: string): Promise<boolean> {
    const { numAffectedRows } =
      await sql`UPDATE device_enrollment SET cancelled_at = now() WHERE id = ${id} AND ${isOpen}`.execute(sqlOf(tx));
    return numAffectedRows === 1n;
  }

  async takeEnrollment(tx: Transaction, id: string): Promise<TakenEnrollment | null> {
    const { rows } = await sql<TakenEnrollment>`
      UPDATE device_enrollment SET used_at = now() WHERE id = ${id} AND ${isOpen}
      RETURNING name, permissions, created_by AS "createdBy"`.execute(sqlOf(tx));
    return rows[0] ?? null;
  }

  async insert(tx: Transaction, device: NewDevice): Promise<boolean> {
    await sqlOf(tx)
      .insertInto('subject')
      .values({ id: device.id, tenant_id: tx.tenantId, kind: 'device', display_name: device.name })
      .execute();
    const inserted = await sqlOf(tx)
      .insertInto('device')
      .values({
        id: device.id,
        tenant_id: tx.tenantId,
        algorithm: device.algorithm,
        public_key: device.publicKey,
        permissions: [...device.permissions],
        enrolled_by: device.enrolledBy,
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'public_key']).doNothing())
      .returning('id')
      .executeTakeFirst();
    return inserted !== undefined;
  }

  async revoke(tx: Transaction, id: string): Promise<void> {
    await sql`UPDATE subject SET status = 'offboarded', version = version + 1 WHERE id = ${id}`.execute(sqlOf(tx));
    await sql`DELETE FROM device_session WHERE device_id = ${id}`.execute(sqlOf(tx));
    await sql`UPDATE client_certificate SET revoked_at = now() WHERE subject_id = ${id} AND revoked_at IS NULL`.execute(
      sqlOf(tx),
    );
    await sql`UPDATE access_grant SET revoked_at = now() WHERE subject_id = ${id} AND revoked_at IS NULL`.execute(
      sqlOf(tx),
    );
  }

  async insertSession(tx: Transaction, session: NewDeviceSession): Promise<Date | null> {
    // A token outlives the assertion that made it, so whatever could be used again is still in the table.
    await sql`DELETE FROM device_session WHERE device_id = ${session.deviceId} AND expires_at < now()`.execute(
      sqlOf(tx),
    );
    const { rows } = await sql<{ expiresAt: Date }>`
      INSERT INTO device_session (id, tenant_id, device_id, prefix, secret_hash, assertion_hash, mac_addresses, expires_at)
      VALUES (${session.id}, ${tx.tenantId}, ${session.deviceId}, ${session.prefix}, ${session.secretHash},
              ${session.assertionHash}, ${[...session.macAddresses]}, now() + make_interval(secs => ${session.seconds}::int))
      ON CONFLICT (tenant_id, device_id, assertion_hash) DO NOTHING RETURNING expires_at AS "expiresAt"`.execute(
      sqlOf(tx),
    );
    const [made] = rows;
    if (made === undefined) return null;
    await sql`UPDATE device SET last_seen_at = now(), mac_addresses = ${[...session.macAddresses]}
               WHERE id = ${session.deviceId}`.execute(sqlOf(tx));
    return made.expiresAt;
  }
}
