import { Module } from '@nestjs/common';
import type { Authorize } from '../../kernel/authorize.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { AUTHORIZE, MAY, NEW_ID, UNIT_OF_WORK } from '../../platform/tokens.ts';
import type { May } from '../access/index.ts';
import { PostgresIdentityStore } from '../identity/identity.module.ts';
import { TenantKeys } from '../keys/index.ts';
import { seedBuiltInPolicies } from '../protection/index.ts';
import { environmentRepository, projectRepository, serviceRepository } from './adapters/postgres-place-repositories.ts';
import { PostgresTenancyStore } from './adapters/postgres-tenancy-store.ts';
import { EnvironmentsController } from './api/environments.controller.ts';
import { OrganizationsController } from './api/organizations.controller.ts';
import { ProjectsController } from './api/projects.controller.ts';
import { ServicesController } from './api/services.controller.ts';
import {
  type Environment,
  type EnvironmentDraft,
  environments,
  type Project,
  type ProjectDraft,
  projects,
  type Service,
  type ServiceDraft,
  services,
} from './domain/place-kinds.ts';
import { Places } from './places.ts';
import type { TenancyStore } from './ports/tenancy-store.ts';
import { ChangeEnvironment, CreateEnvironment, DeleteEnvironment } from './usecases/change-environments.ts';
import { CreateProject, DeleteProject, RenameProject } from './usecases/change-projects.ts';
import { CreateService, DeleteService, RenameService } from './usecases/change-services.ts';
import { CreateOrganization } from './usecases/create-organization.ts';
import { GetEnvironment, ListEnvironments } from './usecases/read-environments.ts';
import { GetOrganization, ListOrganizations } from './usecases/read-organizations.ts';
import { GetProject, ListProjects } from './usecases/read-projects.ts';
import { GetService, ListServices } from './usecases/read-services.ts';
import { RenameOrganization } from './usecases/rename-organization.ts';
import { ResumeOrganization, SuspendOrganization } from './usecases/suspend-organization.ts';

export { PostgresTenancyStore } from './adapters/postgres-tenancy-store.ts';

type OrganizationParts = { authorize: Authorize; uow: UnitOfWork; tenancy: TenancyStore; may: May };
const onOrganizations = <T>(useCase: new (parts: OrganizationParts) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, MAY],
  useFactory: (authorize: Authorize, uow: UnitOfWork, may: May) =>
    new useCase({ authorize, uow, may, tenancy: new PostgresTenancyStore() }),
});

type Deps = readonly [authorize: Authorize, uow: UnitOfWork, newId: NewId];
const level = <T>(useCase: new (...parts: never[]) => T, make: (...deps: Deps) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, NEW_ID],
  useFactory: make,
});
const onEnvironments = <T>(
  useCase: new (parts: { authorize: Authorize; environments: Places<Environment, EnvironmentDraft> }) => T,
) =>
  level(useCase, (authorize, uow, newId) => {
    const repository = environmentRepository();
    return new useCase({ authorize, environments: new Places({ uow, newId, kind: environments, repository }) });
  });
const onProjects = <T>(useCase: new (parts: { authorize: Authorize; projects: Places<Project, ProjectDraft> }) => T) =>
  level(useCase, (authorize, uow, newId) => {
    const repository = projectRepository();
    return new useCase({ authorize, projects: new Places({ uow, newId, kind: projects, repository }) });
  });
const onServices = <T>(useCase: new (parts: { authorize: Authorize; services: Places<Service, ServiceDraft> }) => T) =>
  level(useCase, (authorize, uow, newId) => {
    const repository = serviceRepository();
    return new useCase({ authorize, services: new Places({ uow, newId, kind: services, repository }) });
  });

@Module({
  controllers: [OrganizationsController, EnvironmentsController, ProjectsController, ServicesController],
  providers: [
    {
      provide: CreateOrganization,
      inject: [AUTHORIZE, UNIT_OF_WORK, NEW_ID, TenantKeys],
      useFactory: (authorize: Authorize, uow: UnitOfWork, newId: NewId, tenantKeys: TenantKeys) =>
        new CreateOrganization({
          authorize,
          uow,
          newId,
          tenantKeys,
          tenancy: new PostgresTenancyStore(),
          identity: new PostgresIdentityStore(),
          seedPolicies: seedBuiltInPolicies,
        }),
    },
    onOrganizations(ListOrganizations),
    onOrganizations(GetOrganization),
    onOrganizations(RenameOrganization),
    onOrganizations(SuspendOrganization),
    onOrganizations(ResumeOrganization),
    onEnvironments(ListEnvironments),
    onEnvironments(GetEnvironment),
    onEnvironments(CreateEnvironment),
    onEnvironments(ChangeEnvironment),
    onEnvironments(DeleteEnvironment),
    onProjects(ListProjects),
    onProjects(GetProject),
    onProjects(CreateProject),
    onProjects(RenameProject),
    onProjects(DeleteProject),
    onServices(ListServices),
    onServices(GetService),
    onServices(CreateService),
    onServices(RenameService),
    onServices(DeleteService),
  ],
})
export class TenancyModule {}
