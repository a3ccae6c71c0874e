import { type EncryptionContext, SecretBytes, seal, secretAccess, unsealSecret } from '@quantumvault/crypto';
import { platformTenantId, type TenantId } from '../../kernel/ids.ts';
import { type TimeCrypto, untimed } from '../../kernel/time-crypto.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { keyErrors } from './errors.ts';
import type { KeyStore } from './key-store.ts';
import type { RootKey } from './root-key.ts';

/** A secret under a tenant's KEK, as it is stored. */
export interface WrappedSecret {
  readonly suite: string;
  readonly bytes: Uint8Array;
  readonly kekVersion: number;
}

/** What a wrap is bound to besides its tenant; `purpose` names the use, the rest names the record. */
export type WrapContext = Readonly<{ purpose: string } & Record<string, string>>;

/**
 * Wraps and unwraps under the KEK of the transaction's tenant (RES-1: root key -> tenant KEK). The KEKs of tenants
 * recently used stay in memory, bounded, and are erased when they leave.
 */
export class TenantKeys {
  readonly #root: RootKey;
  readonly #store: KeyStore;
  readonly #cache = new Map<string, SecretBytes>();
  readonly #cacheMax = 1000;
  readonly #timeCrypto: TimeCrypto;

  constructor(options: { root: RootKey; store: KeyStore; timeCrypto?: TimeCrypto }) {
    this.#root = options.root;
    this.#store = options.store;
    this.#timeCrypto = options.timeCrypto ?? untimed;
  }

  /** Makes the first KEK of a new organization; in the transaction that creates it. */
  async create(tx: Transaction): Promise<void> {
    using kek = SecretBytes.random(32);
    const wrapped = this.#root.wrap(kekContext(tx.tenantId, 1), kek);
    await this.#store.insertTenantKey(tx, { version: 1, suite: wrapped.suite, wrapped: wrapped.bytes });
  }

  async wrap(tx: Transaction, context: WrapContext, secret: SecretBytes): Promise<WrappedSecret> {
    if (tx.tenantId === platformTenantId) {
      const wrapped = this.#root.wrap({ ...context, tenant: tx.tenantId }, secret);
      return { suite: wrapped.suite, bytes: wrapped.bytes, kekVersion: 0 };
    }
    const { key, version } = await this.#kek(tx, null);
    const sealed = this.#timeCrypto({ operation: 'wrap', algorithm: 'AES-256-GCM' }, () =>
      secret.open(secretAccess, (plaintext) => seal({ key, context: bound(tx.tenantId, version, context), plaintext })),
    );
    return { suite: sealed.suite, bytes: sealed.bytes, kekVersion: version };
  }

  /** Throws when the wrap was made for another tenant, record or purpose (`CRYPTO_AUTHENTICATION_FAILED`). */
  async unwrap(tx: Transaction, context: WrapContext, wrapped: WrappedSecret): Promise<SecretBytes> {
    if (tx.tenantId === platformTenantId) return this.#root.unwrap({ ...context, tenant: tx.tenantId }, wrapped);
    const { key } = await this.#kek(tx, wrapped.kekVersion);
    return this.#timeCrypto({ operation: 'unwrap', algorithm: 'AES-256-GCM' }, () =>
      unsealSecret({ key, context: bound(tx.tenantId, wrapped.kekVersion, context), sealed: wrapped }),
    );
  }

  /** Erases all KEKs from memory. */
  clear(): void {
    for (const key of this.#cache.values()) key.dispose();
    this.#cache.clear();
  }

  async #kek(tx: Transaction, wanted: number | null): Promise<{ key: SecretBytes; version: number }> {
    const version = wanted ?? (await this.#store.newestTenantKeyVersion(tx));
    if (version === null) throw keyErrors.KEYS_TENANT_KEY_MISSING();
    const id = `${tx.tenantId}/${version}`;
    const cached = this.#cache.get(id);
    if (cached !== undefined) return { key: cached, version };
    const stored = await this.#store.findTenantKey(tx, version);
    if (stored === null) throw keyErrors.KEYS_TENANT_KEY_MISSING();
    const key = this.#root.unwrap(kekContext(tx.tenantId, version), { suite: stored.suite, bytes: stored.wrapped });
    this.#cache.set(id, key);
    const oldest = this.#cache.keys().next().value;
    // The key that leaves is not disposed here: another call may be using it at this moment; the collector frees it.
    if (this.#cache.size > this.#cacheMax && oldest !== undefined) this.#cache.delete(oldest);
    return { key, version };
  }
}

const kekContext = (tenant: TenantId, version: number): EncryptionContext => ({
  purpose: 'tenant-kek',
  tenant,
  version: String(version),
});
const bound = (tenant: TenantId, version: number, context: WrapContext): EncryptionContext => ({
  ...context,
  tenant,
  kekVersion: String(version),
});
