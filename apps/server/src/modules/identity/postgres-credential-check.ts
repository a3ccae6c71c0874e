import { sql } from 'kysely';
import type { Credential } from '../../kernel/actor.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { sqlOf } from '../../platform/postgres/unit-of-work.ts';
import type { CredentialCheck } from '../access/index.ts';

/** What must still be there of a credential; a device's token ends with its device, and with a request that it began. */
const checks: Readonly<Partial<Record<Credential['kind'], (id: string | null) => ReturnType<typeof sql>>>> = {
  'api-key': (id) =>
    sql`SELECT FROM api_key WHERE id = ${id}::uuid AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
  session: (id) => sql`SELECT FROM session WHERE id = ${id}::uuid AND revoked_at IS NULL AND ends_at > now()`,
  certificate: (id) =>
    sql`SELECT FROM client_certificate
         WHERE id = ${id}::uuid AND revoked_at IS NULL AND (match = 'names' OR not_after > now())`,
};

/**
 * Looks at keys, sessions and certificates again while an answer is under way (attack case 4). An idle session is not ended by it: a
 * stream that is read is use.
 */
export class PostgresCredentialCheck implements CredentialCheck {
  async isValid(tx: Transaction, credential: Credential): Promise<boolean> {
    const { kind, id, deviceId } = credential;
    if (deviceId !== null) {
      const device = await sql`SELECT FROM subject WHERE id = ${deviceId}::uuid AND status = 'active'`.execute(
        sqlOf(tx),
      );
      if (device.rows.length === 0) return false;
    }
    const check = checks[kind];
    if (check === undefined) return true;
    const { rows } = await sql`${check(id)}`.execute(sqlOf(tx));
    return rows.length > 0;
  }
}
