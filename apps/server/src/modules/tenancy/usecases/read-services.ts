import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Page } from '../../../kernel/page.ts';
import type { PlaceView, Service, ServiceDraft } from '../domain/place-kinds.ts';
import type { Places } from '../places.ts';

interface ServicesParts {
  readonly authorize: Authorize;
  readonly services: Places<Service, ServiceDraft>;
}

/** Services of the organization or of one project, oldest first. */
export class ListServices {
  readonly #authorize: Authorize;
  readonly #services: Places<Service, ServiceDraft>;
  constructor({ authorize, services }: ServicesParts) {
    this.#authorize = authorize;
    this.#services = services;
  }

  async execute(
    actor: Actor,
    query: { readonly limit: number; readonly cursor?: string | undefined; readonly projectId?: string | undefined },
  ): Promise<Page<PlaceView<Service>>> {
    await this.#authorize(actor, 'service.read', { type: 'organization', id: actor.tenantId });
    return this.#services.list(actor, { ...query, parentId: query.projectId });
  }
}

/** One service of the actor's organization. Throws `TENANCY_SERVICE_NOT_FOUND`. */
export class GetService {
  readonly #authorize: Authorize;
  readonly #services: Places<Service, ServiceDraft>;
  constructor({ authorize, services }: ServicesParts) {
    this.#authorize = authorize;
    this.#services = services;
  }

  async execute(actor: Actor, id: string): Promise<PlaceView<Service>> {
    await this.#authorize(actor, 'service.read', { type: 'service', id });
    return this.#services.get(actor, id);
  }
}
