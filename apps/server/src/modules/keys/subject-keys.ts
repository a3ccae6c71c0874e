import { SecretBytes, seal, secretAccess, unseal } from '@quantumvault/crypto';
import type { NewId, SubjectKeyId, TenantId } from '../../kernel/ids.ts';
import type { Transaction, UnitOfWork } from '../../kernel/unit-of-work.ts';
import { keyErrors } from './errors.ts';
import type { KeyStore, StoredSubjectKey } from './key-store.ts';
import type { TenantKeys } from './tenant-keys.ts';

/** A subject's key, ready to seal personal data for the audit log. */
export interface SubjectKey {
  readonly id: SubjectKeyId;
  /** `field` names the place, so that an address cannot be passed off as a reason. */
  seal(field: string, text: string): { readonly suite: string; readonly bytes: Uint8Array };
}

/**
 * AUD-2: one key per subject, wrapped under the tenant's KEK. Personal data in the log is ciphertext under it;
 * destroying the key erases the data, and every proof stays valid.
 */
export class SubjectKeys {
  readonly #uow: UnitOfWork;
  readonly #store: KeyStore;
  readonly #tenantKeys: TenantKeys;
  readonly #newId: NewId;
  readonly #cache = new Map<string, { id: SubjectKeyId; key: SecretBytes }>();
  readonly #cacheMax = 10_000;

  constructor(options: { uow: UnitOfWork; store: KeyStore; tenantKeys: TenantKeys; newId: NewId }) {
    this.#uow = options.uow;
    this.#store = options.store;
    this.#tenantKeys = options.tenantKeys;
    this.#newId = options.newId;
  }

  /**
   * The live key of a subject, made on first need. It commits by itself, before the transaction that will use it: a key
   * made inside a transaction that rolls back would leave later events sealed under a key that does not exist.
   */
  async forSubject(tenantId: TenantId, subjectId: string): Promise<SubjectKey> {
    const cacheId = `${tenantId}/${subjectId}`;
    const cached = this.#cache.get(cacheId);
    if (cached !== undefined) return sealer(tenantId, subjectId, cached);
    const entry = await this.#uow.writeUnaudited(
      { tenantId, reason: 'a key without which the event about the effect cannot be written' },
      async (tx) => {
        const found = await this.#store.findLiveSubjectKey(tx, subjectId);
        const stored = found ?? (await this.#create(tx, subjectId));
        return this.#open(tx, subjectId, stored);
      },
    );
    this.#cache.set(cacheId, entry);
    const oldest = this.#cache.keys().next().value;
    // As with tenants' KEKs, a key that leaves may be in use at this moment, so it is let go and not erased.
    if (this.#cache.size > this.#cacheMax && oldest !== undefined) this.#cache.delete(oldest);
    return sealer(tenantId, subjectId, entry);
  }

  /** Opens a sealed text of the log for a reader who may see it; null once the subject's key is destroyed. */
  async read(
    tx: Transaction,
    sealed: { keyId: string; suite: string; bytes: Uint8Array },
    field: string,
  ): Promise<string | null> {
    const stored = await this.#store.findSubjectKey(tx, sealed.keyId);
    if (stored === null || stored.wrapped === null) return null;
    const opened = await this.#open(tx, stored.subjectId, stored);
    using key = opened.key;
    const plaintext = unseal({ key, context: contextOf(tx.tenantId, stored.subjectId, field), sealed });
    return Buffer.from(plaintext).toString('utf8');
  }

  clear(): void {
    for (const entry of this.#cache.values()) entry.key.dispose();
    this.#cache.clear();
  }

  async #create(tx: Transaction, subjectId: string): Promise<StoredSubjectKey> {
    const id = this.#newId<SubjectKeyId>();
    using key = SecretBytes.random(32);
    const wrapped = await this.#tenantKeys.wrap(tx, wrapContext(id, subjectId), key);
    await this.#store.insertSubjectKey(tx, {
      id,
      subjectId,
      suite: wrapped.suite,
      wrapped: wrapped.bytes,
      kekVersion: wrapped.kekVersion,
    });
    // Another process may have been first: what is stored is what counts.
    const stored = await this.#store.findLiveSubjectKey(tx, subjectId);
    if (stored === null) throw keyErrors.KEYS_SUBJECT_KEY_DESTROYED();
    return stored;
  }

  async #open(
    tx: Transaction,
    subjectId: string,
    stored: StoredSubjectKey,
  ): Promise<{ id: SubjectKeyId; key: SecretBytes }> {
    if (stored.wrapped === null) throw keyErrors.KEYS_SUBJECT_KEY_DESTROYED();
    const key = await this.#tenantKeys.unwrap(tx, wrapContext(stored.id, subjectId), {
      suite: stored.suite,
      bytes: stored.wrapped,
      kekVersion: stored.kekVersion,
    });
    return { id: stored.id as SubjectKeyId, key };
  }
}

const wrapContext = (id: string, subject: string) => ({ purpose: 'subject-key', id, subject });
const contextOf = (tenant: string, subject: string, field: string) => ({
  purpose: 'audit-personal-data',
  tenant,
  subject,
  field,
});

function sealer(tenantId: TenantId, subjectId: string, entry: { id: SubjectKeyId; key: SecretBytes }): SubjectKey {
  return {
    id: entry.id,
    seal: (field, text) => {
      using secret = SecretBytes.fromUtf8(text);
      return secret.open(secretAccess, (plaintext) =>
        seal({ key: entry.key, context: contextOf(tenantId, subjectId, field), plaintext }),
      );
    },
  };
}
