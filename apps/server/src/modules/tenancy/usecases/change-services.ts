import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { PlaceView, Service, ServiceDraft } from '../domain/place-kinds.ts';
import type { Places } from '../places.ts';

interface ServicesParts {
  readonly authorize: Authorize;
  readonly services: Places<Service, ServiceDraft>;
}

/** Creates a service in a project. Throws `TENANCY_PARENT_UNKNOWN` or `TENANCY_NAME_TAKEN`. */
export class CreateService {
  readonly #authorize: Authorize;
  readonly #services: Places<Service, ServiceDraft>;
  constructor({ authorize, services }: ServicesParts) {
    this.#authorize = authorize;
    this.#services = services;
  }

  async execute(actor: Actor, draft: ServiceDraft): Promise<PlaceView<Service>> {
    await this.#authorize(actor, 'service.create', { type: 'project', id: draft.projectId });
    return this.#services.create(actor, draft);
  }
}

/** Renames a service. Throws `TENANCY_SERVICE_NOT_FOUND`, `TENANCY_NAME_TAKEN` or `REQUEST_ETAG_MISMATCH`. */
export class RenameService {
  readonly #authorize: Authorize;
  readonly #services: Places<Service, ServiceDraft>;
  constructor({ authorize, services }: ServicesParts) {
    this.#authorize = authorize;
    this.#services = services;
  }

  async execute(
    actor: Actor,
    which: { readonly id: string; readonly expectedVersion: number },
    change: { readonly name: string },
  ): Promise<PlaceView<Service>> {
    await this.#authorize(actor, 'service.update', { type: 'service', id: which.id });
    return this.#services.change(actor, which, change);
  }
}

/** Deletes a service in which nothing stands. Throws `TENANCY_SERVICE_NOT_FOUND` or `TENANCY_NOT_EMPTY`. */
export class DeleteService {
  readonly #authorize: Authorize;
  readonly #services: Places<Service, ServiceDraft>;
  constructor({ authorize, services }: ServicesParts) {
    this.#authorize = authorize;
    this.#services = services;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#authorize(actor, 'service.delete', { type: 'service', id });
    await this.#services.delete(actor, id);
  }
}
