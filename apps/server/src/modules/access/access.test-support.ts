// An organization with a hierarchy and subjects, over a real database; for the tests of roles, grants and what they decide.

import { freshSession } from '../../kernel/access.test-support.ts';
import type { Actor } from '../../kernel/actor.ts';
import { internalRequest } from '../../kernel/actor.ts';
import { noOutlooks, openGate } from '../../kernel/approvals.test-support.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { ActorId, EnvironmentId, TenantId } from '../../kernel/ids.ts';
import { PostgresInventoryPlaces } from '../inventory/inventory.module.ts';
import { createWorld, newId, type World } from '../jobs/world.test-support.ts';
import { PostgresAccessDirectory } from './adapters/postgres-access-directory.ts';
import { PostgresGrantRepository } from './adapters/postgres-grant-repository.ts';
import { PostgresHierarchy } from './adapters/postgres-hierarchy.ts';
import { PostgresRoleRepository } from './adapters/postgres-role-repository.ts';
import { PostgresExpiredGrants, PostgresTemporaryRepository } from './adapters/postgres-temporary-repository.ts';
import { createAuthorize } from './authorize.ts';
import { createReachOf } from './may.ts';
import { PlaceRegistry } from './place-registry.ts';
import { ExpiryNotices, TemporaryUse } from './temporary-use.ts';
import { BreakGlass, ReviewBreakGlass } from './usecases/break-glass.ts';
import { CreateGrant, type CreateGrantInput } from './usecases/create-grant.ts';
import { CreateRole } from './usecases/create-role.ts';
import { ApproveRequest, DenyRequest } from './usecases/decide-request.ts';
import { DeleteRole } from './usecases/delete-role.ts';
import { ExplainAccess } from './usecases/explain-access.ts';
import { GetGrant, ListGrants } from './usecases/read-grants.ts';
import { ListRoles } from './usecases/read-roles.ts';
import { ListBreakGlass, ListNotices, ListRequests, ReadNotice } from './usecases/read-temporary.ts';
import { RequestAccess, WithdrawRequest } from './usecases/request-access.ts';
import { RevokeGrant } from './usecases/revoke-grant.ts';
import { UpdateRole } from './usecases/update-role.ts';

export interface Subject {
  readonly id: ActorId;
  /** The subject as a request of it would meet the server now. */
  actor(changes?: Partial<Actor>): Promise<Actor>;
}

export interface Hierarchy {
  readonly production: EnvironmentId;
  readonly staging: EnvironmentId;
  readonly shop: string;
  readonly payments: string;
}

export interface AccessWorld extends World {
  readonly now: Clock & { set(at: Date | null): void };
  readonly places: PlaceRegistry;
  readonly access: PostgresAccessDirectory;
  readonly hierarchy: Hierarchy;
  readonly use: ReturnType<typeof useCasesOf>;
  readonly expiry: ExpiryNotices;
  newHierarchy(tenantId: TenantId): Promise<Hierarchy>;
  /** A user with grants that nobody had to give. */
  subject(grants?: readonly RawGrant[], tenantId?: TenantId): Promise<Subject>;
  grantRaw(subjectId: ActorId, grant: RawGrant, tenantId?: TenantId): Promise<string>;
}

export interface RawGrant {
  readonly role: string;
  readonly effect?: 'allow' | 'deny';
  readonly column?: 'environment_id' | 'project_id' | 'service_id';
  readonly placeId?: string;
  readonly expiresAt?: Date;
  readonly rules?: object;
}

type Deps = ConstructorParameters<typeof CreateGrant>[0] &
  ConstructorParameters<typeof ExplainAccess>[0] &
  ConstructorParameters<typeof ListGrants>[0] &
  ConstructorParameters<typeof BreakGlass>[0];

function useCasesOf(deps: Deps) {
  return {
    explain: new ExplainAccess(deps),
    listRoles: new ListRoles(deps),
    createRole: new CreateRole(deps),
    updateRole: new UpdateRole(deps),
    deleteRole: new DeleteRole(deps),
    listGrants: new ListGrants(deps),
    getGrant: new GetGrant(deps),
    createGrant: new CreateGrant(deps),
    revokeGrant: new RevokeGrant(deps),
    request: new RequestAccess(deps),
    withdraw: new WithdrawRequest(deps),
    listRequests: new ListRequests(deps),
    approve: new ApproveRequest(deps),
    deny: new DenyRequest(deps),
    breakGlass: new BreakGlass(deps),
    reviewBreakGlass: new ReviewBreakGlass(deps),
    listBreakGlass: new ListBreakGlass(deps),
    listNotices: new ListNotices(deps),
    readNotice: new ReadNotice(deps),
  };
}

export const give = (input: Partial<CreateGrantInput> & { readonly subjectId: string }): CreateGrantInput => ({
  effect: 'allow',
  role: 'auditor',
  ...input,
});

export async function createAccessWorld(): Promise<AccessWorld> {
  const world = await createWorld();
  let fixed: Date | null = null;
  const now = {
    now: () => fixed ?? systemClock.now(),
    set: (at: Date | null) => {
      fixed = at;
    },
  };
  const { uow } = world;
  const places = new PlaceRegistry({ uow, sources: [new PostgresHierarchy(), new PostgresInventoryPlaces()] });
  const access = new PostgresAccessDirectory({ uow });
  const temporary = new PostgresTemporaryRepository({ newId });
  const temporaryUse = new TemporaryUse({ uow, temporary });
  const authorize = createAuthorize({ uow, clock: now, places, temporaryUse });
  const reachOf = createReachOf({ clock: now });
  const use = useCasesOf({
    authorize,
    uow,
    approvals: openGate,
    outlooks: noOutlooks,
    access,
    places,
    clock: now,
    newId,
    grants: new PostgresGrantRepository(),
    roles: new PostgresRoleRepository(),
    reachOf,
    temporary,
  });
  const home = world.actor.tenantId;

  const newHierarchy = async (tenantId: TenantId): Promise<Hierarchy> => {
    const [production, staging, shop, payments] = [
      newId<EnvironmentId>(),
      newId<EnvironmentId>(),
      newId<string>(),
      newId<string>(),
    ];
    await world.sql(
      "INSERT INTO environment (id, tenant_id, name, type) VALUES ($1, $3, 'production', 'production'), ($2, $3, 'staging', 'staging')",
      [production, staging, tenantId],
    );
    await world.sql("INSERT INTO project (id, tenant_id, environment_id, name) VALUES ($1, $2, $3, 'shop')", [
      shop,
      tenantId,
      production,
    ]);
    await world.sql("INSERT INTO service (id, tenant_id, project_id, name) VALUES ($1, $2, $3, 'payments')", [
      payments,
      tenantId,
      shop,
    ]);
    return { production, staging, shop, payments };
  };

  const grantRaw = async (subjectId: ActorId, grant: RawGrant, tenantId = home): Promise<string> => {
    const id = newId<string>();
    const column = (name: RawGrant['column']) => (grant.column === name ? (grant.placeId ?? null) : null);
    await world.sql(
      `INSERT INTO access_grant (id, tenant_id, subject_id, effect, role, environment_id, project_id, service_id, expires_at, conditions)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        id,
        tenantId,
        subjectId,
        grant.effect ?? 'allow',
        grant.role,
        column('environment_id'),
        column('project_id'),
        column('service_id'),
        grant.expiresAt ?? null,
        JSON.stringify(grant.rules ?? {}),
      ],
    );
    return id;
  };

  const subject = async (grants: readonly RawGrant[] = [], tenantId = home): Promise<Subject> => {
    const id = newId<ActorId>();
    await world.sql("INSERT INTO subject (id, tenant_id, kind, display_name) VALUES ($1, $2, 'user', 'Somebody')", [
      id,
      tenantId,
    ]);
    for (const grant of grants) await grantRaw(id, grant, tenantId);
    const actor = async (changes: Partial<Actor> = {}): Promise<Actor> => {
      const held = await uow.read(tenantId, (tx) => access.now(tx, id));
      if (held === null) throw new Error('the subject is not active');
      const request = internalRequest(newId<string>());
      return {
        kind: 'user',
        id,
        tenantId,
        access: held,
        credential: freshSession(),
        request,
        approval: null,
        ...changes,
      };
    };
    return { id, actor };
  };

  return {
    ...world,
    authorize,
    reachOf,
    now,
    places,
    access,
    use,
    expiry: new ExpiryNotices({
      uow,
      temporary,
      expired: new PostgresExpiredGrants({ db: world.database.databases.worker }),
    }),
    newHierarchy,
    hierarchy: await newHierarchy(home),
    subject,
    grantRaw,
  };
}
