import { generateSigningKey, importSigningKey, SecretBytes, type SigningKey } from '@quantumvault/crypto';
import { sql } from 'kysely';
import type { NewId } from '../../kernel/ids.ts';
import type { Sql } from '../../platform/postgres/schema.ts';
import { keyErrors } from './errors.ts';
import { createSealKeyFile, readSealKeyFile, sealRootKey, unsealRootKey } from './key-file-seal.ts';
import type { RootKey } from './root-key.ts';

/** The two keys that sign every checkpoint of the audit log (AUD-4). */
export interface LogSigningKeys {
  readonly ed25519: SigningKey;
  readonly mlDsa44: SigningKey;
}

const logAlgorithms = ['Ed25519', 'ML-DSA-44'] as const;
const logKeyContext = (installation: string, algorithm: string) => ({
  purpose: 'audit-log-signing-key',
  tenant: 'platform',
  installation,
  algorithm,
});

/**
 * First boot and every later one: installation id, root key under the key-file seal, signing keys of the log. All in
 * one transaction under an advisory lock, so that two processes that start at once make one root of trust.
 */
export class RootOfTrust {
  readonly #db: Sql;
  readonly #root: RootKey;
  readonly #keyFile: string;
  readonly #newId: NewId;

  constructor(options: { db: Sql; root: RootKey; keyFile: string; newId: NewId }) {
    this.#db = options.db;
    this.#root = options.root;
    this.#keyFile = options.keyFile;
    this.#newId = options.newId;
  }

  /** Unseals the root key, making it first if this database has none. Throws a `KEYS_*` error that says what is missing. */
  async open(): Promise<{ installationId: string; created: boolean }> {
    return this.#db.transaction().execute(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(7203418922)`.execute(trx);
      const installation = await trx.selectFrom('installation').select('id').executeTakeFirst();
      const stored = await trx
        .selectFrom('root_key_seal')
        .select(['suite', 'sealed'])
        .where('kind', '=', 'key-file')
        .executeTakeFirst();
      if (installation !== undefined && stored !== undefined) {
        using sealKey = readSealKeyFile(this.#keyFile) ?? fail(keyErrors.KEYS_SEAL_KEY_MISSING());
        this.#root.unseal(
          unsealRootKey({
            sealed: { suite: stored.suite, bytes: stored.sealed },
            sealKey,
            installationId: installation.id,
          }),
        );
        return { installationId: installation.id, created: false };
      }
      // A file left by a first boot that was killed before its commit is used again.
      if (readSealKeyFile(this.#keyFile) === null) createSealKeyFile(this.#keyFile);
      using sealKey = readSealKeyFile(this.#keyFile) ?? fail(keyErrors.KEYS_SEAL_KEY_MISSING());
      const installationId: string = this.#newId<string>();
      const rootKey = SecretBytes.random(32);
      const sealed = sealRootKey({ rootKey, sealKey, installationId });
      this.#root.unseal(rootKey);
      await trx.insertInto('installation').values({ id: installationId }).execute();
      await trx
        .insertInto('root_key_seal')
        .values({ id: this.#newId<string>(), kind: 'key-file', suite: sealed.suite, sealed: sealed.bytes })
        .execute();
      for (const algorithm of logAlgorithms) {
        const pair = generateSigningKey(algorithm);
        const wrapped = this.#root.wrap(logKeyContext(installationId, algorithm), pair.privateKey);
        pair.privateKey.dispose();
        await trx
          .insertInto('log_key')
          .values({ algorithm, public_key: pair.publicKey, suite: wrapped.suite, wrapped: wrapped.bytes })
          .execute();
      }
      return { installationId, created: true };
    });
  }

  async logKeys(installationId: string): Promise<LogSigningKeys> {
    const rows = await this.#db.selectFrom('log_key').select(['algorithm', 'suite', 'wrapped']).execute();
    const key = (algorithm: (typeof logAlgorithms)[number]): SigningKey => {
      const row =
        rows.find((candidate) => candidate.algorithm === algorithm) ??
        fail(keyErrors.KEYS_SEALED({ detail: `the log's ${algorithm} key is missing` }));
      const privateKey = this.#root.unwrap(logKeyContext(installationId, algorithm), {
        suite: row.suite,
        bytes: row.wrapped,
      });
      return importSigningKey({ algorithm, privateKey });
    };
    return { ed25519: key('Ed25519'), mlDsa44: key('ML-DSA-44') };
  }
}

function fail(error: Error): never {
  throw error;
}
