import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { PlaceView, Project, ProjectDraft } from '../domain/place-kinds.ts';
import type { Places } from '../places.ts';

interface ProjectsParts {
  readonly authorize: Authorize;
  readonly projects: Places<Project, ProjectDraft>;
}

/** Creates a project in an environment. Throws `TENANCY_PARENT_UNKNOWN` or `TENANCY_NAME_TAKEN`. */
export class CreateProject {
  readonly #authorize: Authorize;
  readonly #projects: Places<Project, ProjectDraft>;
  constructor({ authorize, projects }: ProjectsParts) {
    this.#authorize = authorize;
    this.#projects = projects;
  }

  async execute(actor: Actor, draft: ProjectDraft): Promise<PlaceView<Project>> {
    await this.#authorize(actor, 'project.create', {
      type: 'environment',
      id: draft.environmentId,
      place: { environmentId: draft.environmentId, projectId: null, serviceId: null },
    });
    return this.#projects.create(actor, draft);
  }
}

/** Renames a project. Throws `TENANCY_PROJECT_NOT_FOUND`, `TENANCY_NAME_TAKEN` or `REQUEST_ETAG_MISMATCH`. */
export class RenameProject {
  readonly #authorize: Authorize;
  readonly #projects: Places<Project, ProjectDraft>;
  constructor({ authorize, projects }: ProjectsParts) {
    this.#authorize = authorize;
    this.#projects = projects;
  }

  async execute(
    actor: Actor,
    which: { readonly id: string; readonly expectedVersion: number },
    change: { readonly name: string },
  ): Promise<PlaceView<Project>> {
    await this.#authorize(actor, 'project.update', { type: 'project', id: which.id });
    return this.#projects.change(actor, which, change);
  }
}

/** Deletes a project in which nothing stands. Throws `TENANCY_PROJECT_NOT_FOUND` or `TENANCY_NOT_EMPTY`. */
export class DeleteProject {
  readonly #authorize: Authorize;
  readonly #projects: Places<Project, ProjectDraft>;
  constructor({ authorize, projects }: ProjectsParts) {
    this.#authorize = authorize;
    this.#projects = projects;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#authorize(actor, 'project.delete', { type: 'project', id });
    await this.#projects.delete(actor, id);
  }
}
