/**
 * Token buckets in memory (ACC-10). A bucket has two fillings: `tokens`, what this process believes the whole installation
 * may still let through, and `share`, what this process may let through of it before it has spoken with the others again.
 * The share is what keeps N processes from spending N buckets in the second in which none knows of the others; when the
 * database is away it fills at the Nth part of the rate, so that the processes together still keep the limit.
 * docs/design/limits.md has the arithmetic.
 */

/** At most `quota` at once, and as many again in each window, evenly. */
export interface LimitPolicy {
  /** What `RateLimit-Policy` calls it. */
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
}

export interface Taken {
  readonly isAllowed: boolean;
  /** Whole requests that may follow now. */
  readonly remaining: number;
  /** Seconds until the next request may come; when this one was allowed, until the bucket is full. */
  readonly resetSeconds: number;
}

interface Bucket {
  readonly sharedId: string;
  policy: LimitPolicy;
  tokens: number;
  share: number;
  /** Let through here and not yet told to the others. */
  unreported: number;
  updatedMs: number;
}

/** What was let through of one bucket since it was last told. */
export interface UsedTokens {
  readonly sharedId: string;
  readonly policy: LimitPolicy;
  readonly used: number;
}

export interface SharedTokens {
  readonly sharedId: string;
  readonly tokens: number;
}

const evictionSample = 16;

/** A bounded number of buckets. Time is the caller's monotonic clock in milliseconds. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #bySharedId = new Map<string, Bucket>();
  /** What others have told of buckets that nobody asked for here yet. */
  readonly #elsewhere = new Map<string, { readonly tokens: number; readonly atMs: number }>();
  readonly #bucketsMax: number;
  readonly #sharedIdOf: (key: string) => string;
  #processes = 1;

  constructor(options: { readonly bucketsMax: number; readonly sharedIdOf: (key: string) => string }) {
    this.#bucketsMax = options.bucketsMax;
    this.#sharedIdOf = options.sharedIdOf;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes one token, or none when there is none. */
  take(key: string, policy: LimitPolicy, nowMs: number): Taken {
    const bucket = this.#bucketOf(key, policy, nowMs);
    this.#refill(bucket, nowMs);
    const isAllowed = bucket.tokens >= 1 && bucket.share >= 1;
    if (isAllowed) {
      bucket.tokens -= 1;
      bucket.share -= 1;
      bucket.unreported += 1;
    }
    const rate = policy.quota / policy.windowSeconds;
    if (isAllowed) {
      const resetSeconds = Math.ceil((policy.quota - bucket.tokens) / rate);
      return { isAllowed, remaining: Math.floor(bucket.tokens), resetSeconds };
    }
    // With tokens left and only the share gone, the next reconciliation, a second away, gives a new one.
    return { isAllowed, remaining: 0, resetSeconds: Math.max(1, Math.ceil((1 - bucket.tokens) / rate)) };
  }

  #refill(bucket: Bucket, nowMs: number): void {
    const { quota, windowSeconds } = bucket.policy;
    const added = (Math.max(0, nowMs - bucket.updatedMs) / 1000) * (quota / windowSeconds);
    bucket.updatedMs = nowMs;
    bucket.tokens = Math.min(quota, bucket.tokens + added);
    bucket.share = Math.min(this.#shareOf(bucket.tokens), bucket.share + added / this.#processes);
  }

  /** Never less than one request while there is one: else a small quota and many processes would let nobody in. */
  #shareOf(tokens: number): number {
    return Math.max(Math.min(1, tokens), tokens / this.#processes);
  }

  #bucketOf(key: string, policy: LimitPolicy, nowMs: number): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      // Another quota, e.g. after an override: what was spent stays spent.
      const more = policy.quota - known.policy.quota;
      known.tokens += more;
      known.share += more / this.#processes;
      known.policy = policy;
      return known;
    }
    if (this.#buckets.size >= this.#bucketsMax && !this.#evict(nowMs)) return this.#crowd(policy, nowMs);
    return this.#open(key, policy, nowMs);
  }

  #open(key: string, policy: LimitPolicy, nowMs: number): Bucket {
    const sharedId = this.#sharedIdOf(key);
    const told = this.#elsewhere.get(sharedId);
    this.#elsewhere.delete(sharedId);
    const tokens = told?.tokens ?? policy.quota;
    const share = this.#shareOf(tokens);
    const bucket = { sharedId, policy, tokens, share, unreported: 0, updatedMs: told?.atMs ?? nowMs };
    this.#buckets.set(key, bucket);
    this.#bySharedId.set(sharedId, bucket);
    return bucket;
  }

  /**
   * Makes room: of some buckets, oldest first, the fullest goes, because a full bucket says as much as none. One that is
   * spent never goes for a newcomer, else whoever has many addresses could wash the memory of one off.
   */
  #evict(nowMs: number): boolean {
    const sample: [string, Bucket][] = [];
    for (const entry of this.#buckets) if (sample.push(entry) >= evictionSample) break;
    let fullest: { readonly key: string; readonly bucket: Bucket; readonly fullness: number } | null = null;
    for (const [key, bucket] of sample) {
      this.#refill(bucket, nowMs);
      const fullness = bucket.unreported > 0 ? 0 : bucket.tokens / bucket.policy.quota;
      if (fullness > (fullest?.fullness ?? 0.5)) fullest = { key, bucket, fullness };
      // Looked at and kept: the next look begins with others.
      this.#buckets.delete(key);
      this.#buckets.set(key, bucket);
    }
    if (fullest === null) return false;
    this.#buckets.delete(fullest.key);
    this.#bySharedId.delete(fullest.bucket.sharedId);
    return true;
  }

  /** Newcomers who find no room share one bucket for each policy: a flood of addresses limits itself. */
  #crowd(policy: LimitPolicy, nowMs: number): Bucket {
    const key = `crowd ${policy.name}`;
    return this.#buckets.get(key) ?? this.#open(key, policy, nowMs);
  }

  /** What was let through since the last call, of at most `countMax` buckets; the rest is told next time. */
  drain(countMax: number): UsedTokens[] {
    const used: UsedTokens[] = [];
    for (const { sharedId, policy, unreported } of this.#buckets.values()) {
      if (unreported === 0) continue;
      used.push({ sharedId, policy, used: unreported });
      if (used.length >= countMax) break;
    }
    for (const { sharedId } of used) {
      const bucket = this.#bySharedId.get(sharedId);
      if (bucket !== undefined) bucket.unreported = 0;
    }
    return used;
  }

  /** Takes back what could not be told. */
  restore(used: readonly UsedTokens[]): void {
    for (const { sharedId, used: count } of used) {
      const bucket = this.#bySharedId.get(sharedId);
      if (bucket !== undefined) bucket.unreported += count;
    }
  }

  /** What all processes together have left, and how many they are; what was let through here meanwhile is taken off. */
  adopt(told: readonly SharedTokens[], processes: number, nowMs: number): void {
    this.#processes = Math.max(1, processes);
    for (const { sharedId, tokens } of told) {
      const bucket = this.#bySharedId.get(sharedId);
      if (bucket === undefined) {
        this.#remember(sharedId, tokens, nowMs);
        continue;
      }
      bucket.updatedMs = nowMs;
      bucket.tokens = Math.min(bucket.policy.quota, tokens) - bucket.unreported;
      bucket.share = this.#shareOf(bucket.tokens);
    }
  }

  #remember(sharedId: string, tokens: number, atMs: number): void {
    this.#elsewhere.delete(sharedId);
    this.#elsewhere.set(sharedId, { tokens, atMs });
    if (this.#elsewhere.size <= this.#bucketsMax) return;
    const [oldest] = this.#elsewhere.keys();
    if (oldest !== undefined) this.#elsewhere.delete(oldest);
  }
}
