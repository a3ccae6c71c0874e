import { sql } from 'kysely';
import type { ActorId } from '../../../../kernel/ids.ts';
import type { Transaction } from '../../../../kernel/unit-of-work.ts';
import type { Row } from '../../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../../platform/postgres/unit-of-work.ts';
import { ceremonySeconds } from '../domain/relying-party.ts';
import type { NewCredential } from '../ports/passkey-ceremonies.ts';
import type { Ceremony, PasskeyRepository, StoredPasskey } from '../ports/passkey-repository.ts';

// Nobody who is not signed in may fill the table, nor one organization for itself.
const ceremoniesMax = 10_000;

const passkeyOf = (row: Row<'passkey'>): StoredPasskey => ({
  id: row.id,
  subjectId: row.subject_id,
  name: row.name,
  credentialId: row.credential_id,
  publicKey: row.public_key,
  signCount: Number(row.sign_count),
  transports: row.transports,
  isBackedUp: row.is_backed_up,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  version: row.version,
});

export class PostgresPasskeyRepository implements PasskeyRepository {
  async list(tx: Transaction, subjectId: ActorId): Promise<readonly StoredPasskey[]> {
    const rows = await sqlOf(tx)
      .selectFrom('passkey')
      .selectAll()
      .where('subject_id', '=', subjectId)
      .orderBy('id')
      .execute();
    return rows.map(passkeyOf);
  }

  async find(tx: Transaction, id: string): Promise<StoredPasskey | null> {
    const row = await sqlOf(tx).selectFrom('passkey').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : passkeyOf(row);
  }

  async findByCredential(tx: Transaction, credentialId: Uint8Array): Promise<StoredPasskey | null> {
    const row = await sqlOf(tx)
      .selectFrom('passkey')
      .selectAll()
      .where('credential_id', '=', credentialId)
      .executeTakeFirst();
    return row === undefined ? null : passkeyOf(row);
  }

  async insert(
    tx: Transaction,
    passkey: NewCredential & { id: string; subjectId: ActorId; name: string },
  ): Promise<StoredPasskey | null> {
    const row = await sqlOf(tx)
      .insertInto('passkey')
      .values({
        id: passkey.id,
        tenant_id: tx.tenantId,
        subject_id: passkey.subjectId,
        name: passkey.name,
        credential_id: passkey.credentialId,
        public_key: passkey.publicKey,
        algorithm: passkey.algorithm,
        sign_count: BigInt(passkey.signCount),
        transports: [...passkey.transports],
        is_backed_up: passkey.isBackedUp,
      })
      .onConflict((conflict) => conflict.column('credential_id').doNothing())
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : passkeyOf(row);
  }

  async rename(
    tx: Transaction,
    passkey: { id: string; subjectId: ActorId; name: string; version: number },
  ): Promise<StoredPasskey | null> {
    const row = await sqlOf(tx)
      .updateTable('passkey')
      .set({ name: passkey.name, version: passkey.version + 1 })
      .where('id', '=', passkey.id)
      .where('subject_id', '=', passkey.subjectId)
      .where('version', '=', passkey.version)
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : passkeyOf(row);
  }

  async remove(tx: Transaction, passkey: { id: string; subjectId: ActorId }): Promise<boolean> {
    const result = await sqlOf(tx)
      .deleteFrom('passkey')
      .where('id', '=', passkey.id)
      .where('subject_id', '=', passkey.subjectId)
      .executeTakeFirst();
    return result.numDeletedRows === 1n;
  }

  async removeAll(tx: Transaction, subjectId: ActorId): Promise<number> {
    const result = await sqlOf(tx).deleteFrom('passkey').where('subject_id', '=', subjectId).executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  async noteUse(
    tx: Transaction,
    { id, signCount, isBackedUp }: { id: string; signCount: number; isBackedUp: boolean },
  ): Promise<boolean> {
    const count = BigInt(signCount);
    const result = await sqlOf(tx)
      .updateTable('passkey')
      .set({ sign_count: count, is_backed_up: isBackedUp, last_used_at: sql`now()` })
      .where('id', '=', id)
      .where((where) =>
        where.or([where('sign_count', '<', count), where.and([where('sign_count', '=', 0n), where.val(count === 0n)])]),
      )
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  async startCeremony(tx: Transaction, ceremony: Ceremony & { challenge: Uint8Array }): Promise<Date | null> {
    const db = sqlOf(tx);
    await db.deleteFrom('passkey_challenge').where('expires_at', '<', sql<Date>`now()`).execute();
    const { rows } = await sql<{ expires_at: Date }>`
      INSERT INTO passkey_challenge (tenant_id, id, purpose, binding, challenge, expires_at)
      SELECT ${tx.tenantId}, ${ceremony.id}, ${ceremony.purpose}, ${ceremony.binding}, ${ceremony.challenge},
             now() + ${ceremonySeconds} * interval '1 second'
       WHERE (SELECT count(*) FROM (SELECT FROM passkey_challenge LIMIT ${ceremoniesMax}) AS waiting) < ${ceremoniesMax}
      RETURNING expires_at`.execute(db);
    return rows[0]?.expires_at ?? null;
  }

  async endCeremony(tx: Transaction, ceremony: Ceremony): Promise<Uint8Array | null> {
    const row = await sqlOf(tx)
      .deleteFrom('passkey_challenge')
      .where('id', '=', ceremony.id)
      .returning(['purpose', 'binding', 'challenge', sql<boolean>`expires_at > now()`.as('is_live')])
      .executeTakeFirst();
    if (row === undefined || !row.is_live || row.purpose !== ceremony.purpose) return null;
    return Buffer.compare(row.binding, ceremony.binding) === 0 ? row.challenge : null;
  }
}
