import { sql } from 'kysely';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { databaseFailure } from '../../../platform/postgres/unit-of-work.ts';
import type { SessionKeyStore, SessionKeyTransaction, StoredSigningKey } from './session-key-store.ts';

const namingAlgorithm = 'HMAC-SHA-256';

export class PostgresSessionKeyStore implements SessionKeyStore {
  readonly #db: Sql;
  constructor(options: { db: Sql }) {
    this.#db = options.db;
  }

  async locked<T>(work: (stored: SessionKeyTransaction) => Promise<T>): Promise<T> {
    try {
      return await this.#db.transaction().execute(async (trx) => {
        await sql`SELECT pg_advisory_xact_lock(7203418925)`.execute(trx);
        const clock = await sql<{ now: Date }>`SELECT now() AS now`.execute(trx);
        const rows = await trx
          .selectFrom('session_key')
          .select(['kid', 'algorithm', 'public_key', 'suite', 'wrapped', 'signs_from'])
          .orderBy('signs_from')
          .execute();
        const signing: StoredSigningKey[] = [];
        let naming: SessionKeyTransaction['naming'] = null;
        for (const { kid, algorithm, public_key, suite, wrapped, signs_from } of rows) {
          if (algorithm === namingAlgorithm) naming = { kid, suite, wrapped };
          else if (public_key !== null)
            signing.push({ kid, algorithm, publicKey: public_key, suite, wrapped, signsFrom: signs_from });
        }
        return work({
          now: clock.rows[0]?.now ?? new Date(Number.NaN),
          signing,
          naming,
          insertSigning: async ({ publicKey, signsFrom, ...key }) => {
            await trx
              .insertInto('session_key')
              .values({ ...key, public_key: publicKey, signs_from: signsFrom })
              .execute();
          },
          insertNaming: async (key) => {
            await trx
              .insertInto('session_key')
              .values({ ...key, algorithm: namingAlgorithm, signs_from: clock.rows[0]?.now ?? new Date(Number.NaN) })
              .execute();
          },
          remove: async (kid) => {
            await trx.deleteFrom('session_key').where('kid', '=', kid).execute();
          },
        });
      });
    } catch (error) {
      throw databaseFailure(error);
    }
  }
}
