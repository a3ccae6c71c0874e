import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Page } from '../../../kernel/page.ts';
import type { ReachOf } from '../../access/index.ts';
import type { Environment, EnvironmentDraft, PlaceView } from '../domain/place-kinds.ts';
import type { Places } from '../places.ts';

interface EnvironmentsParts {
  readonly authorize: Authorize;
  readonly reachOf: ReachOf;
  readonly environments: Places<Environment, EnvironmentDraft>;
}

/** Environments of the actor's organization, or of its part of it, oldest first. */
export class ListEnvironments {
  readonly #authorize: Authorize;
  readonly #environments: Places<Environment, EnvironmentDraft>;
  readonly #reachOf: ReachOf;
  constructor({ authorize, environments, reachOf }: EnvironmentsParts) {
    this.#authorize = authorize;
    this.#reachOf = reachOf;
    this.#environments = environments;
  }

  async execute(
    actor: Actor,
    query: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<PlaceView<Environment>>> {
    await this.#authorize(actor, 'environment.read', { type: 'organization', id: actor.tenantId, isListing: true });
    const reach = this.#reachOf(actor, 'environment.read');
    return this.#environments.list(actor, { ...query, reach });
  }
}

/** One environment of the actor's organization. Throws `TENANCY_ENVIRONMENT_NOT_FOUND`. */
export class GetEnvironment {
  readonly #authorize: Authorize;
  readonly #environments: Places<Environment, EnvironmentDraft>;
  constructor({ authorize, environments }: EnvironmentsParts) {
    this.#authorize = authorize;
    this.#environments = environments;
  }

  async execute(actor: Actor, id: string): Promise<PlaceView<Environment>> {
    await this.#authorize(actor, 'environment.read', { type: 'environment', id });
    return this.#environments.get(actor, id);
  }
}
