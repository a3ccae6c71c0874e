import { type RawBuilder, sql } from 'kysely';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { databaseFailure } from '../../../platform/postgres/unit-of-work.ts';
import { type DeviceSignIns, deviceSignInSeconds, type PolledDevice, pollIntervalSeconds } from './device-sign-ins.ts';

interface PolledRow {
  readonly status: 'pending' | 'slow-down' | 'denied' | 'approved';
  readonly tenantId: TenantId | null;
  readonly subjectId: ActorId | null;
  readonly authenticatedAt: Date | null;
  readonly mfaAt: Date | null;
}

/** As `qv_auth`: until a device is approved it belongs to no organization. */
export class PostgresDeviceSignIns implements DeviceSignIns {
  readonly #db: Sql;
  constructor(options: { db: Sql }) {
    this.#db = options.db;
  }

  async start(device: { deviceHash: Uint8Array; userHash: Uint8Array; clientName: string }): Promise<Date | null> {
    const row = await this.#first<{ expiresAt: Date | null }>(sql`
      SELECT auth_start_device_sign_in(${device.deviceHash}, ${device.userHash}, ${device.clientName}, ${deviceSignInSeconds}) AS "expiresAt"`);
    return row?.expiresAt ?? null;
  }

  async find(userHash: Uint8Array): Promise<string | null> {
    const row = await this.#first<{ name: string | null }>(sql`SELECT auth_find_device_sign_in(${userHash}) AS name`);
    return row?.name ?? null;
  }

  async decide(decision: Parameters<DeviceSignIns['decide']>[0]): Promise<boolean> {
    const row = await this.#first<{ name: string | null }>(sql`
      SELECT auth_decide_device_sign_in(${decision.userHash}, ${decision.isApproved}, ${decision.tenantId}, ${decision.subjectId},
                                        ${decision.sessionId}::uuid, ${decision.authenticatedAt}, ${decision.mfaAt}) AS name`);
    return row?.name != null;
  }

  async poll(deviceHash: Uint8Array): Promise<PolledDevice | null> {
    const row = await this.#first<PolledRow>(sql`
      SELECT status, tenant_id AS "tenantId", subject_id AS "subjectId", authenticated_at AS "authenticatedAt", mfa_at AS "mfaAt"
        FROM auth_poll_device_sign_in(${deviceHash}, ${pollIntervalSeconds})`);
    if (row === null) return null;
    const { status, tenantId, subjectId, authenticatedAt, mfaAt } = row;
    if (status !== 'approved') return { status };
    if (tenantId === null || subjectId === null || authenticatedAt === null) return null;
    return { status, tenantId, subjectId, authenticatedAt, mfaAt };
  }

  async #first<Row>(query: RawBuilder<unknown>): Promise<Row | null> {
    try {
      return ((await query.execute(this.#db)).rows[0] as Row | undefined) ?? null;
    } catch (error) {
      throw databaseFailure(error);
    }
  }
}
