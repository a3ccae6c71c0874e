import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, ExpectedVersion, Input } from '../../../platform/http/endpoint.ts';
import { CreateProject, DeleteProject, RenameProject } from '../usecases/change-projects.ts';
import { GetProject, ListProjects } from '../usecases/read-projects.ts';

@Controller()
export class ProjectsController {
  readonly #list: ListProjects;
  readonly #get: GetProject;
  readonly #create: CreateProject;
  readonly #rename: RenameProject;
  readonly #delete: DeleteProject;
  constructor(
    @Inject(ListProjects) list: ListProjects,
    @Inject(GetProject) get: GetProject,
    @Inject(CreateProject) create: CreateProject,
    @Inject(RenameProject) rename: RenameProject,
    @Inject(DeleteProject) remove: DeleteProject,
  ) {
    this.#list = list;
    this.#get = get;
    this.#create = create;
    this.#rename = rename;
    this.#delete = remove;
  }

  @Endpoint(routes.listProjects)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listProjects>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.getProject)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getProject>) {
    return this.#get.execute(actor, input.params.id);
  }

  @Endpoint(routes.createProject)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createProject>) {
    return this.#create.execute(actor, input.body);
  }

  @Endpoint(routes.renameProject)
  rename(
    @CurrentActor() actor: Actor,
    @Input() input: RouteInput<typeof routes.renameProject>,
    @ExpectedVersion() expectedVersion: number,
  ) {
    return this.#rename.execute(actor, { id: input.params.id, expectedVersion }, input.body);
  }

  @Endpoint(routes.deleteProject)
  delete(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.deleteProject>) {
    return this.#delete.execute(actor, input.params.id);
  }
}
