import { Module } from '@nestjs/common';
import type { Authorize } from '../../kernel/authorize.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { ACCESS, AUTHORIZE, CLOCK, NEW_ID, PLACES, REACH_OF, UNIT_OF_WORK } from '../../platform/tokens.ts';
import { PostgresGrantRepository } from './adapters/postgres-grant-repository.ts';
import { PostgresRoleRepository } from './adapters/postgres-role-repository.ts';
import { ExplainController, GrantsController, RolesController } from './api/access.controller.ts';
import type { ReachOf } from './may.ts';
import type { AccessDirectory } from './ports/access-directory.ts';
import type { GrantRepository } from './ports/grant-repository.ts';
import type { PlaceDirectory } from './ports/place-directory.ts';
import type { RoleRepository } from './ports/role-repository.ts';
import { CreateGrant } from './usecases/create-grant.ts';
import { CreateRole } from './usecases/create-role.ts';
import { DeleteRole } from './usecases/delete-role.ts';
import { ExplainAccess } from './usecases/explain-access.ts';
import { GetGrant, ListGrants } from './usecases/read-grants.ts';
import { GetRole, ListRoles } from './usecases/read-roles.ts';
import { RevokeGrant } from './usecases/revoke-grant.ts';
import { UpdateRole } from './usecases/update-role.ts';

export { PostgresAccessDirectory } from './adapters/postgres-access-directory.ts';
export { PostgresHierarchy } from './adapters/postgres-hierarchy.ts';

const ROLE_REPOSITORY = Symbol('RoleRepository');
const GRANT_REPOSITORY = Symbol('GrantRepository');

interface Deps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly roles: RoleRepository;
  readonly grants: GrantRepository;
  readonly access: AccessDirectory;
  readonly places: PlaceDirectory;
  readonly reachOf: ReachOf;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** Each use case takes of these what it needs. */
const onAccess = <T>(useCase: new (deps: Deps) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, ROLE_REPOSITORY, GRANT_REPOSITORY, ACCESS, PLACES, REACH_OF, CLOCK, NEW_ID],
  useFactory: (...[authorize, uow, roles, grants, access, places, reachOf, clock, newId]: DepList) =>
    new useCase({ authorize, uow, roles, grants, access, places, reachOf, clock, newId }),
});
type DepList = [
  Authorize,
  UnitOfWork,
  RoleRepository,
  GrantRepository,
  AccessDirectory,
  PlaceDirectory,
  ReachOf,
  Clock,
  NewId,
];

@Module({
  controllers: [ExplainController, RolesController, GrantsController],
  providers: [
    { provide: ROLE_REPOSITORY, useFactory: () => new PostgresRoleRepository() },
    { provide: GRANT_REPOSITORY, useFactory: () => new PostgresGrantRepository() },
    onAccess(ExplainAccess),
    onAccess(ListRoles),
    onAccess(GetRole),
    onAccess(CreateRole),
    onAccess(UpdateRole),
    onAccess(DeleteRole),
    onAccess(ListGrants),
    onAccess(GetGrant),
    onAccess(CreateGrant),
    onAccess(RevokeGrant),
  ],
})
export class AccessModule {}
