import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Page } from '../../../kernel/page.ts';
import type { Environment, EnvironmentDraft, PlaceView } from '../domain/place-kinds.ts';
import type { Places } from '../places.ts';

interface EnvironmentsParts {
  readonly authorize: Authorize;
  readonly environments: Places<Environment, EnvironmentDraft>;
}

/** Environments of the actor's organization, oldest first. */
export class ListEnvironments {
  readonly #authorize: Authorize;
  readonly #environments: Places<Environment, EnvironmentDraft>;
  constructor({ authorize, environments }: EnvironmentsParts) {
    this.#authorize = authorize;
    this.#environments = environments;
  }

  async execute(
    actor: Actor,
    query: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<PlaceView<Environment>>> {
    await this.#authorize(actor, 'environment.read', { type: 'organization', id: actor.tenantId });
    return this.#environments.list(actor, query);
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
