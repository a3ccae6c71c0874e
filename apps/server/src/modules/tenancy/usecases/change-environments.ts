import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Environment, EnvironmentDraft, PlaceView } from '../domain/place-kinds.ts';
import type { Places } from '../places.ts';

interface EnvironmentsParts {
  readonly authorize: Authorize;
  readonly environments: Places<Environment, EnvironmentDraft>;
}

/** Creates an environment in the organization. Throws `TENANCY_NAME_TAKEN`. */
export class CreateEnvironment {
  readonly #authorize: Authorize;
  readonly #environments: Places<Environment, EnvironmentDraft>;
  constructor({ authorize, environments }: EnvironmentsParts) {
    this.#authorize = authorize;
    this.#environments = environments;
  }

  async execute(actor: Actor, draft: EnvironmentDraft): Promise<PlaceView<Environment>> {
    await this.#authorize(actor, 'environment.create', { type: 'organization', id: actor.tenantId });
    return this.#environments.create(actor, draft);
  }
}

/** Changes an environment. Throws `TENANCY_ENVIRONMENT_NOT_FOUND`, `TENANCY_NAME_TAKEN` or `REQUEST_ETAG_MISMATCH`. */
export class ChangeEnvironment {
  readonly #authorize: Authorize;
  readonly #environments: Places<Environment, EnvironmentDraft>;
  constructor({ authorize, environments }: EnvironmentsParts) {
    this.#authorize = authorize;
    this.#environments = environments;
  }

  async execute(
    actor: Actor,
    which: { readonly id: string; readonly expectedVersion: number },
    change: { readonly name?: string | undefined; readonly type?: Environment['type'] | undefined },
  ): Promise<PlaceView<Environment>> {
    await this.#authorize(actor, 'environment.update', { type: 'environment', id: which.id });
    return this.#environments.change(actor, which, change);
  }
}

/** Deletes an environment in which nothing stands. Throws `TENANCY_ENVIRONMENT_NOT_FOUND` or `TENANCY_NOT_EMPTY`. */
export class DeleteEnvironment {
  readonly #authorize: Authorize;
  readonly #environments: Places<Environment, EnvironmentDraft>;
  constructor({ authorize, environments }: EnvironmentsParts) {
    this.#authorize = authorize;
    this.#environments = environments;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#authorize(actor, 'environment.delete', { type: 'environment', id });
    await this.#environments.delete(actor, id);
  }
}
