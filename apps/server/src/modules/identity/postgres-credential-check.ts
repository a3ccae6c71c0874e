import { sql } from 'kysely';
import type { Credential } from '../../kernel/actor.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { sqlOf } from '../../platform/postgres/unit-of-work.ts';
import type { CredentialCheck } from '../access/index.ts';

/**
 * Looks at keys and sessions again while an answer is under way (attack case 4). An idle session is not ended by it: a
 * stream that is read is use. Devices and certificates end with their subject.
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
    if (kind !== 'api-key' && kind !== 'session') return true;
    const found =
      kind === 'api-key'
        ? sql`SELECT FROM api_key WHERE id = ${id}::uuid AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`
        : sql`SELECT FROM session WHERE id = ${id}::uuid AND revoked_at IS NULL AND ends_at > now()`;
    const { rows } = await sql`${found}`.execute(sqlOf(tx));
    return rows.length > 0;
  }
}
