import type { RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../kernel/actor.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import { isoInstant } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { assessHealth, type HealthCheck } from './health.ts';
import type { ServerFacts } from './server-facts.ts';

type Status = RouteOutput<typeof routes.getStatus>;

/** Numbers of the whole installation, which name no tenant, unless they say otherwise. */
export interface StatusSource {
  databaseVersion(): Promise<string>;
  audit(): Promise<Status['audit']>;
  jobs(): Promise<Status['jobs']>;
  /** Of one organization. */
  emergencies(tenantId: TenantId): Promise<NonNullable<Status['emergencies']>>;
  memory(): Status['memory'];
}

/** What an operator asks first: version, health, database, audit log, jobs, memory. */
export class GetStatus {
  readonly #authorize: Authorize;
  readonly #facts: ServerFacts;
  readonly #source: StatusSource;
  readonly #checks: readonly HealthCheck[];

  constructor(options: {
    authorize: Authorize;
    facts: ServerFacts;
    source: StatusSource;
    checks: readonly HealthCheck[];
  }) {
    this.#authorize = options.authorize;
    this.#facts = options.facts;
    this.#source = options.source;
    this.#checks = options.checks;
  }

  async execute(actor: Actor): Promise<Status> {
    await this.#authorize(actor, 'status.read', { type: 'installation', id: this.#facts.installationId });
    const [health, databaseVersion, audit, jobs, emergencies] = await Promise.all([
      assessHealth(this.#checks),
      this.#source.databaseVersion(),
      this.#source.audit(),
      this.#source.jobs(),
      this.#source.emergencies(actor.tenantId),
    ]);
    const { version, installationId, role, startedAt, isDatabaseEmbedded } = this.#facts;
    return {
      version,
      installationId,
      role,
      startedAt: isoInstant(startedAt),
      health,
      database: { version: databaseVersion, embedded: isDatabaseEmbedded },
      audit,
      jobs,
      emergencies,
      memory: this.#source.memory(),
    };
  }
}
