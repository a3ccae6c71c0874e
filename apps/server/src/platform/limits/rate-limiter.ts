import { sha256 } from '@quantumvault/crypto';
import { addressBytes } from '../http/client-address.ts';
import type { Logger } from '../logging/logger.ts';
import type { LimitExchange } from './limit-exchange.ts';
import { type LimitPolicy, type Taken, TokenBuckets } from './token-buckets.ts';

/** How dear a route is; each class has buckets of its own, so that sign-ins cannot be starved by listings. */
export type RateClass = 'default' | 'sign-in' | 'costly';

export interface RateLimits {
  /** Requests per minute of one address, by class. */
  readonly address: Readonly<Record<RateClass, number>>;
  /** Requests per minute of one identity, whatever address and credential it uses. */
  readonly identity: Readonly<Record<RateClass, number>>;
  /** Buckets in the memory of this process. */
  readonly bucketsMax: number;
}

/** Requests of a whole organization (ACC-13). */
export interface OrganizationRequestQuota {
  readonly perMinute: number;
  readonly perDay: number;
}

export interface Verdict {
  readonly isAllowed: boolean;
  /** The limit that has the least left, or that refused. */
  readonly policy: LimitPolicy;
  readonly taken: Taken;
  /** Every limit that was asked. */
  readonly policies: readonly LimitPolicy[];
}

export interface RateLimiterOptions {
  readonly limits: RateLimits;
  /** Null: this process is the only one, e.g. in a test. */
  readonly exchange: LimitExchange | null;
  readonly requestQuotaOf: (tenantId: string) => OrganizationRequestQuota;
  readonly monotonicMs: () => number;
  readonly logger: Logger;
}

const exchangeIntervalMs = 1_000;
/** Buckets told at once; a flood of more addresses in a second is told over the next ones. */
const toldMax = 5_000;
const minute = 60;
const day = 86_400;

/** An IPv6 client holds at least a /64: limits count the network, not the address. */
export function limitKeyOf(address: string): string {
  const bytes = addressBytes(address);
  if (bytes === null) return 'unknown';
  return bytes.length === 4 ? bytes.join('.') : `${Buffer.from(bytes.subarray(0, 8)).toString('hex')}/64`;
}

const policiesOf = (scope: string, quotas: Readonly<Record<RateClass, number>>): Record<RateClass, LimitPolicy> => ({
  default: { name: scope, quota: quotas.default, windowSeconds: minute },
  'sign-in': { name: `${scope}-sign-in`, quota: quotas['sign-in'], windowSeconds: minute },
  costly: { name: `${scope}-costly`, quota: quotas.costly, windowSeconds: minute },
});

/** ACC-10: who may send how many requests, decided in memory and before anything of a request's body is read. */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #buckets: TokenBuckets;
  readonly #address: Record<RateClass, LimitPolicy>;
  readonly #identity: Record<RateClass, LimitPolicy>;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#address = policiesOf('address', options.limits.address);
    this.#identity = policiesOf('identity', options.limits.identity);
    this.#buckets = new TokenBuckets({
      bucketsMax: options.limits.bucketsMax,
      // Addresses and ids are nobody's business in a table of the platform; 16 bytes do not collide by accident.
      sharedIdOf: (key) => Buffer.from(sha256(Buffer.from(key, 'utf8')).subarray(0, 16)).toString('base64url'),
    });
  }

  takeAddress(address: string | null, rateClass: RateClass): Verdict {
    const policy = this.#address[rateClass];
    const taken = this.#take(`${policy.name} ${limitKeyOf(address ?? '')}`, policy);
    return { isAllowed: taken.isAllowed, policy, taken, policies: [policy] };
  }

  /** After the credentials were found good: the identity and its organization, each refusal without a further charge. */
  takeIdentity(actor: { readonly tenantId: string; readonly id: string }, rateClass: RateClass): Verdict {
    const quota = this.#options.requestQuotaOf(actor.tenantId);
    const limits: readonly (readonly [policy: LimitPolicy, key: string])[] = [
      [this.#identity[rateClass], `${actor.tenantId} ${actor.id}`],
      [{ name: 'organization-minute', quota: quota.perMinute, windowSeconds: minute }, actor.tenantId],
      [{ name: 'organization-day', quota: quota.perDay, windowSeconds: day }, actor.tenantId],
    ];
    const policies = limits.map(([policy]) => policy);
    let least: { readonly policy: LimitPolicy; readonly taken: Taken } | null = null;
    for (const [policy, key] of limits) {
      const taken = this.#take(`${policy.name} ${key}`, policy);
      if (!taken.isAllowed) return { isAllowed: false, policy, taken, policies };
      if (least === null || taken.remaining < least.taken.remaining) least = { policy, taken };
    }
    if (least === null) throw new TypeError('an identity is under at least one limit');
    return { isAllowed: true, ...least, policies };
  }

  #take(key: string, policy: LimitPolicy): Taken {
    return this.#buckets.take(key, policy, this.#options.monotonicMs());
  }

  /** Reads what is known, so that a process that starts again does not begin with full buckets, and goes on each second. */
  async start(): Promise<void> {
    await this.exchange();
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.exchange());
    }, exchangeIntervalMs);
    this.#timer.unref();
  }

  /** Tells and learns once. Without a database each process keeps to its own share of every limit. */
  async exchange(): Promise<void> {
    const { exchange, monotonicMs, logger } = this.#options;
    if (exchange === null) return;
    const used = this.#buckets.drain(toldMax);
    try {
      const { tokens, processes } = await exchange.exchange(used);
      this.#buckets.adopt(tokens, processes, monotonicMs());
      this.#hasFailed = false;
    } catch (err) {
      this.#buckets.restore(used);
      if (!this.#hasFailed) logger.warn({ err }, 'limits were not reconciled with other processes');
      this.#hasFailed = true;
    }
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#running;
    await this.exchange();
    await this.#options.exchange?.leave().catch(() => {});
  }
}
