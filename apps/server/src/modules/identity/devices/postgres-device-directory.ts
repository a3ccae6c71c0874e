import { type RawBuilder, sql } from 'kysely';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { databaseFailure } from '../../../platform/postgres/unit-of-work.ts';
import type { DeviceDirectory, FoundDevice, FoundDeviceSession, FoundEnrollment } from './device-repository.ts';

/** As `qv_auth`, which may call functions and read no table. */
export class PostgresDeviceDirectory implements DeviceDirectory {
  readonly #db: Sql;
  constructor(options: { db: Sql }) {
    this.#db = options.db;
  }

  enrollment(prefix: string): Promise<FoundEnrollment | null> {
    return this.#one(sql<FoundEnrollment>`
      SELECT id, tenant_id AS "tenantId", secret_hash AS "secretHash", usable FROM auth_find_device_enrollment(${prefix})`);
  }

  device(id: string): Promise<FoundDevice | null> {
    return this.#one(sql<FoundDevice>`
      SELECT tenant_id AS "tenantId", algorithm, public_key AS "publicKey", usable FROM auth_find_device(${id}::uuid)`);
  }

  session(prefix: string): Promise<FoundDeviceSession | null> {
    return this.#one(sql<FoundDeviceSession>`
      SELECT id, tenant_id AS "tenantId", device_id AS "deviceId", secret_hash AS "secretHash", usable,
             access_version AS "accessVersion", permissions, mac_addresses AS "macAddresses", created_at AS "createdAt"
        FROM auth_find_device_session(${prefix})`);
  }

  async #one<Row>(query: RawBuilder<Row>): Promise<Row | null> {
    try {
      return (await query.execute(this.#db)).rows[0] ?? null;
    } catch (error) {
      throw databaseFailure(error);
    }
  }
}
