/*
 * Unwrapped data keys, kept for a while (ENV-10), so that reading one object a hundred times asks the key backend once.
 *
 * What it must never do: outlive a revocation, serve another tenant, or stand in for authorization. So a hit needs a lease
 * that says that every revocation of the last second has arrived; the name of an entry has everything in it that the wrap
 * is bound to; and whoever opens authorizes and audits first, hit or miss. It only opens: no data key is ever taken from it
 * for new content. Entries end by number, bytes, uses and age, and all of them when the vault is sealed.
 */
import { SecretBytes, secretAccess, sha256 } from '@quantumvault/crypto';
import type { FreshnessLease } from '@quantumvault/ports';
import { need } from '../errors.ts';
import type { HpkeRecipientInfo, KekRecipientInfo } from '../header/recipients.ts';

export interface DataKeyCacheLimits {
  readonly entriesMax: number;
  /** Of data keys and the names of entries together. */
  readonly bytesMax: number;
  /** How often one entry is used before its key is unwrapped again. */
  readonly usesMax: number;
  readonly ageMillisecondsMax: number;
}

/** ENV-10, and enough bytes for as many entries with the longest names; uses bound what one unwrapping lets through. */
export const dataKeyCacheDefaults: DataKeyCacheLimits = Object.freeze({
  entriesMax: 1_000,
  bytesMax: 1_048_576,
  usesMax: 10_000,
  ageMillisecondsMax: 5 * 60_000,
});

/** A lease that is older gives no hits. */
export const leaseMillisecondsMax = 1_000;

/** Why a key was unwrapped and not found here. */
export type DataKeyMiss = 'absent' | 'stale-lease' | 'expired' | 'used-up' | 'locked';

export interface DataKeyCacheHooks {
  onHit?(): void;
  onMiss?(reason: DataKeyMiss): void;
}

/** What an entry is for. Nothing that a wrap is bound to is left out. */
export interface DataKeyName {
  readonly tenant: string;
  readonly coreHash: Uint8Array;
  readonly recipient: HpkeRecipientInfo | KekRecipientInfo;
}

interface Entry {
  readonly tenant: string;
  readonly keyId: string;
  readonly keyVersion: number;
  readonly dataKey: SecretBytes;
  readonly bytes: number;
  readonly endsAt: number;
  usesLeft: number;
}

export class DataKeyCache implements Disposable {
  readonly #limits: DataKeyCacheLimits;
  readonly #lease: FreshnessLease;
  readonly #now: () => number;
  readonly #hooks: DataKeyCacheHooks;
  /** By growing time of the last use: the first is dropped first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #generation: number;
  #isLocked = false;
  /** Counts what empties the cache, so that an unwrapping that began before is not kept after. */
  #round = 0;

  /** `now` in milliseconds of a monotonic clock. Throws LIMIT for limits that are no whole numbers. */
  constructor(options: {
    readonly lease: FreshnessLease;
    readonly now: () => number;
    readonly limits?: Partial<DataKeyCacheLimits>;
    readonly hooks?: DataKeyCacheHooks;
  }) {
    this.#limits = { ...dataKeyCacheDefaults, ...options.limits };
    for (const limit of Object.values(this.#limits)) {
      need(Number.isSafeInteger(limit) && limit >= 0, 'ENVELOPE_LIMIT', 'limits of a cache are whole numbers');
    }
    this.#lease = options.lease;
    this.#now = options.now;
    this.#hooks = options.hooks ?? {};
    this.#generation = options.lease.generation;
  }

  /** How many entries there are, for metrics. */
  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The data key of this name, from here or from `unwrap`; the caller disposes of it. A failure is never kept. */
  async unwrap(name: DataKeyName, unwrap: () => Promise<SecretBytes>): Promise<SecretBytes> {
    const id = idOf(name);
    const found = this.#take(id);
    if (found instanceof SecretBytes) {
      this.#hooks.onHit?.();
      return found;
    }
    this.#hooks.onMiss?.(found);
    const round = this.#round;
    const { generation } = this.#lease;
    const dataKey = await unwrap();
    // Sealing, a revocation or an interrupted link in the meantime: what was unwrapped before is not kept.
    if (round === this.#round && generation === this.#lease.generation) this.#keep(id, name, dataKey);
    return dataKey;
  }

  /** A key was revoked, disabled or destroyed: its entries go at once, those of one version or of all. */
  forget({ tenant, keyId, keyVersion }: { tenant: string; keyId: string; keyVersion?: number | undefined }): void {
    this.#round += 1;
    for (const [id, entry] of this.#entries) {
      const isVersion = keyVersion === undefined || entry.keyVersion === keyVersion;
      if (entry.tenant === tenant && entry.keyId === keyId && isVersion) this.#drop(id, entry);
    }
  }

  /** Sealing the vault: everything goes, and nothing is kept until {@link unlock}. */
  lock(): void {
    this.#isLocked = true;
    this.clear();
  }

  /** What was being unwrapped while it was locked is not kept either. */
  unlock(): void {
    this.#round += 1;
    this.#isLocked = false;
  }

  clear(): void {
    this.#round += 1;
    for (const [id, entry] of this.#entries) this.#drop(id, entry);
  }

  [Symbol.dispose](): void {
    this.lock();
  }

  #take(id: string): SecretBytes | DataKeyMiss {
    if (this.#isLocked) return 'locked';
    const { generation } = this.#lease;
    if (generation !== this.#generation) {
      // Something may have been revoked while nobody could tell.
      this.clear();
      this.#generation = generation;
    }
    const entry = this.#entries.get(id);
    if (entry === undefined) return 'absent';
    if (this.#now() >= entry.endsAt) {
      this.#drop(id, entry);
      return 'expired';
    }
    // The comparison is false for an age that is no number, too.
    if (!(this.#lease.ageMilliseconds() < leaseMillisecondsMax)) return 'stale-lease';
    if (entry.usesLeft === 0) {
      this.#drop(id, entry);
      return 'used-up';
    }
    entry.usesLeft -= 1;
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    return copyOf(entry.dataKey);
  }

  #keep(id: string, { tenant, recipient }: DataKeyName, dataKey: SecretBytes): void {
    const { entriesMax, bytesMax, usesMax, ageMillisecondsMax } = this.#limits;
    const bytes = dataKey.length + id.length;
    if (this.#isLocked || entriesMax === 0 || usesMax === 0 || bytes > bytesMax) return;
    const earlier = this.#entries.get(id);
    if (earlier !== undefined) this.#drop(id, earlier);
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size < entriesMax && this.#bytes + bytes <= bytesMax) break;
      this.#drop(oldest, entry);
    }
    const { keyId, keyVersion } = recipient;
    const kept = { tenant, keyId, keyVersion, bytes, usesLeft: usesMax, endsAt: this.#now() + ageMillisecondsMax };
    this.#entries.set(id, { ...kept, dataKey: copyOf(dataKey) });
    this.#bytes += bytes;
  }

  #drop(id: string, entry: Entry): void {
    this.#entries.delete(id);
    this.#bytes -= entry.bytes;
    entry.dataKey.dispose();
  }
}

function copyOf(secret: SecretBytes): SecretBytes {
  return secret.open(secretAccess, (bytes) => SecretBytes.take(bytes.slice()));
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** JSON keeps apart what a separator could join. */
function idOf({ tenant, coreHash, recipient }: DataKeyName): string {
  const { type, keyId, keyVersion, wrapped } = recipient;
  const enc = recipient.type === 'hpke' ? recipient.enc : new Uint8Array(0);
  const suite = recipient.type === 'hpke' ? recipient.suite : '';
  return JSON.stringify([
    tenant,
    type,
    suite,
    keyId,
    keyVersion,
    hex(coreHash),
    hex(sha256(enc)),
    hex(sha256(wrapped)),
  ]);
}
