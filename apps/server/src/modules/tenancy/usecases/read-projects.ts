import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Page } from '../../../kernel/page.ts';
import type { PlaceView, Project, ProjectDraft } from '../domain/place-kinds.ts';
import type { Places } from '../places.ts';

interface ProjectsParts {
  readonly authorize: Authorize;
  readonly projects: Places<Project, ProjectDraft>;
}

/** Projects of the organization or of one environment, oldest first. */
export class ListProjects {
  readonly #authorize: Authorize;
  readonly #projects: Places<Project, ProjectDraft>;
  constructor({ authorize, projects }: ProjectsParts) {
    this.#authorize = authorize;
    this.#projects = projects;
  }

  async execute(
    actor: Actor,
    query: {
      readonly limit: number;
      readonly cursor?: string | undefined;
      readonly environmentId?: string | undefined;
    },
  ): Promise<Page<PlaceView<Project>>> {
    await this.#authorize(actor, 'project.read', { type: 'organization', id: actor.tenantId });
    return this.#projects.list(actor, { ...query, parentId: query.environmentId });
  }
}

/** One project of the actor's organization. Throws `TENANCY_PROJECT_NOT_FOUND`. */
export class GetProject {
  readonly #authorize: Authorize;
  readonly #projects: Places<Project, ProjectDraft>;
  constructor({ authorize, projects }: ProjectsParts) {
    this.#authorize = authorize;
    this.#projects = projects;
  }

  async execute(actor: Actor, id: string): Promise<PlaceView<Project>> {
    await this.#authorize(actor, 'project.read', { type: 'project', id });
    return this.#projects.get(actor, id);
  }
}
