import { Module } from '@nestjs/common';
import type { PlaceInput } from '@quantumvault/api';
import type { ApprovalGate, ApprovalOutlooks, PlanOf } from '../../kernel/approvals.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { NewId } from '../../kernel/ids.ts';
import { isPermission } from '../../kernel/permissions.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { carriesOut } from '../../platform/approved-runner.ts';
import {
  ACCESS,
  APPROVAL_OUTLOOKS,
  APPROVALS,
  AUTHORIZE,
  CLOCK,
  NEW_ID,
  PLACES,
  REACH_OF,
  UNIT_OF_WORK,
} from '../../platform/tokens.ts';
import { PostgresGrantRepository } from './adapters/postgres-grant-repository.ts';
import { PostgresRoleRepository } from './adapters/postgres-role-repository.ts';
import { PostgresExpiredGrants, PostgresTemporaryRepository } from './adapters/postgres-temporary-repository.ts';
import { ExplainController, GrantsController, RolesController } from './api/access.controller.ts';
import { AccessRequestsController, BreakGlassController } from './api/temporary-access.controller.ts';
import type { ReachOf } from './may.ts';
import type { AccessDirectory } from './ports/access-directory.ts';
import type { GrantRepository } from './ports/grant-repository.ts';
import type { PlaceDirectory } from './ports/place-directory.ts';
import type { RoleRepository } from './ports/role-repository.ts';
import type { TemporaryRepository } from './ports/temporary-repository.ts';
import { BreakGlass, ReviewBreakGlass } from './usecases/break-glass.ts';
import { CreateGrant } from './usecases/create-grant.ts';
import { CreateRole } from './usecases/create-role.ts';
import { ApproveRequest, DenyRequest } from './usecases/decide-request.ts';
import { DeleteRole } from './usecases/delete-role.ts';
import { ExplainAccess } from './usecases/explain-access.ts';
import { GetGrant, ListGrants } from './usecases/read-grants.ts';
import { GetRole, ListRoles } from './usecases/read-roles.ts';
import { ListBreakGlass, ListNotices, ListRequests, ReadNotice } from './usecases/read-temporary.ts';
import { RequestAccess, WithdrawRequest } from './usecases/request-access.ts';
import { RevokeGrant } from './usecases/revoke-grant.ts';
import { UpdateRole } from './usecases/update-role.ts';

export { PostgresAccessDirectory } from './adapters/postgres-access-directory.ts';
export { PostgresEndingGrants } from './adapters/postgres-ending-grants.ts';
export { PostgresHierarchy } from './adapters/postgres-hierarchy.ts';
export { PostgresExpiredGrants, PostgresTemporaryRepository };

const ROLE_REPOSITORY = Symbol('RoleRepository');
const GRANT_REPOSITORY = Symbol('GrantRepository');
const TEMPORARY_REPOSITORY = Symbol('TemporaryRepository');

interface Deps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly approvals: ApprovalGate;
  readonly outlooks: ApprovalOutlooks;
  readonly roles: RoleRepository;
  readonly grants: GrantRepository;
  readonly temporary: TemporaryRepository;
  readonly access: AccessDirectory;
  readonly places: PlaceDirectory;
  readonly reachOf: ReachOf;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** Each use case takes of these what it needs. */
const onAccess = <T>(useCase: new (deps: Deps) => T) => ({
  provide: useCase,
  inject: [
    AUTHORIZE,
    UNIT_OF_WORK,
    APPROVALS,
    APPROVAL_OUTLOOKS,
    ROLE_REPOSITORY,
    GRANT_REPOSITORY,
    TEMPORARY_REPOSITORY,
    ACCESS,
    PLACES,
    REACH_OF,
    CLOCK,
    NEW_ID,
  ],
  useFactory: (
    ...[authorize, uow, approvals, outlooks, roles, grants, temporary, access, places, reachOf, clock, newId]: DepList
  ) =>
    new useCase({
      authorize,
      uow,
      approvals,
      outlooks,
      roles,
      grants,
      temporary,
      access,
      places,
      reachOf,
      clock,
      newId,
    }),
});
type DepList = [
  Authorize,
  UnitOfWork,
  ApprovalGate,
  ApprovalOutlooks,
  RoleRepository,
  GrantRepository,
  TemporaryRepository,
  AccessDirectory,
  PlaceDirectory,
  ReachOf,
  Clock,
  NewId,
];

/** The one level that a plan names; undefined: the organization. */
function levelOf(level: PlanOf<'grant.revoke'> | PlanOf<'grant.create'>): PlaceInput | undefined {
  const { environmentId, projectId, serviceId } = level;
  if (environmentId !== null) return { environmentId };
  if (projectId !== null) return { projectId };
  return serviceId === null ? undefined : { serviceId };
}

@Module({
  controllers: [ExplainController, RolesController, GrantsController, AccessRequestsController, BreakGlassController],
  providers: [
    { provide: ROLE_REPOSITORY, useFactory: () => new PostgresRoleRepository() },
    { provide: GRANT_REPOSITORY, useFactory: () => new PostgresGrantRepository() },
    {
      provide: TEMPORARY_REPOSITORY,
      inject: [NEW_ID],
      useFactory: (newId: NewId) => new PostgresTemporaryRepository({ newId }),
    },
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
    onAccess(RequestAccess),
    onAccess(WithdrawRequest),
    onAccess(ApproveRequest),
    onAccess(DenyRequest),
    onAccess(ListRequests),
    onAccess(BreakGlass),
    onAccess(ReviewBreakGlass),
    onAccess(ListBreakGlass),
    onAccess(ListNotices),
    onAccess(ReadNotice),
    carriesOut('grant.create', CreateGrant, async (useCase, actor, plan) => {
      const { subjectId, effect, role, rules, notBefore, expiresAt } = plan;
      const place = levelOf(plan);
      const grant = await useCase.execute(actor, {
        subjectId,
        effect,
        role,
        rules,
        place,
        notBefore: notBefore ?? undefined,
        expiresAt: expiresAt ?? undefined,
      });
      return grant.id;
    }),
    carriesOut('grant.revoke', RevokeGrant, async (useCase, actor, { grantId }) => {
      await useCase.execute(actor, grantId);
      return null;
    }),
    carriesOut('role.update', UpdateRole, async (useCase, actor, plan) => {
      await useCase.execute(actor, {
        id: plan.roleId,
        expectedVersion: plan.version,
        change: {
          name: plan.newName ?? undefined,
          description: plan.newDescription ?? undefined,
          permissions: plan.newPermissions?.filter(isPermission),
        },
      });
      return null;
    }),
  ],
})
export class AccessModule {}
export { someAdministrators } from './adapters/postgres-administrators.ts';
