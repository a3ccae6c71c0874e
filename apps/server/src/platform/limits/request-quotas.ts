import type { QuotaKind } from '@quantumvault/api';
import { sql } from 'kysely';
import type { Logger } from '../logging/logger.ts';
import type { Sql } from '../postgres/schema.ts';
import type { OrganizationRequestQuota } from './rate-limiter.ts';

const refreshMs = 5_000;

/** Requests that organizations may send (ACC-13): the settings, and what the platform set for a few of them, in memory. */
export class RequestQuotas {
  readonly #db: Sql;
  readonly #logger: Logger;
  readonly #default: OrganizationRequestQuota;
  #overrides: ReadonlyMap<string, OrganizationRequestQuota> = new Map();
  #timer: NodeJS.Timeout | null = null;

  /** `db` is the role `qv_auth`. */
  constructor(options: { db: Sql; logger: Logger; defaults: Readonly<Record<QuotaKind, number>> }) {
    this.#db = options.db;
    this.#logger = options.logger;
    const { defaults } = options;
    this.#default = { perMinute: defaults['requests-per-minute'], perDay: defaults['requests-per-day'] };
  }

  of(tenantId: string): OrganizationRequestQuota {
    return this.#overrides.get(tenantId) ?? this.#default;
  }

  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), refreshMs);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Without the database what was known last goes on. */
  async refresh(): Promise<void> {
    try {
      const { rows } = await sql<{ tenantId: string; kind: QuotaKind; quota: bigint }>`
        SELECT tenant_id AS "tenantId", kind, quota FROM auth_request_quotas()`.execute(this.#db);
      const overrides = new Map<string, OrganizationRequestQuota>();
      for (const { tenantId, kind, quota } of rows) {
        const known = overrides.get(tenantId) ?? this.#default;
        // A bucket of nothing has no rate to fill at; one request in the window is as good as none.
        const value = Math.max(1, Number(quota));
        overrides.set(
          tenantId,
          kind === 'requests-per-minute' ? { ...known, perMinute: value } : { ...known, perDay: value },
        );
      }
      this.#overrides = overrides;
    } catch (err) {
      this.#logger.warn({ err }, 'quotas of requests were not read');
    }
  }
}
