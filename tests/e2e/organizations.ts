import path from 'node:path';
import type { ActorId, ApiKeyId, EnvironmentId, GrantId, TenantId } from '../../apps/server/src/kernel/ids.ts';
import { idFrom } from '../../apps/server/src/kernel/ids.ts';
import type { Role } from '../../apps/server/src/kernel/permissions.ts';
import { systemActor } from '../../apps/server/src/kernel/system-actor.ts';
import { type Composition, compose } from '../../apps/server/src/main.compose.ts';
import { PostgresIdentityStore } from '../../apps/server/src/modules/identity/identity.module.ts';
import { generateApiKey } from '../../apps/server/src/modules/identity/index.ts';
import { seedBuiltInPolicies } from '../../apps/server/src/modules/protection/index.ts';
import { PostgresTenancyStore } from '../../apps/server/src/modules/tenancy/tenancy.module.ts';
import { createLogger } from '../../apps/server/src/platform/logging/logger.ts';
import type { TestServer } from '../harness/server.ts';

/** Somebody who may sign in, and in which organization. */
export interface Member {
  readonly organizationId: string;
  readonly userId: string;
  readonly apiKey: string;
}

// There is no route yet that makes a second organization or user. These do it as the first boot does: through the
// product's own units of work and repositories, on the database and root key of a running server.

export async function composeFor(server: TestServer): Promise<Composition> {
  const composition = compose({
    databases: server.database.databases,
    checkpointDir: path.join(server.dataDir, 'checkpoints'),
    keyFile: path.join(server.dataDir, 'seal.key'),
    logger: createLogger('silent'),
  });
  await composition.unseal();
  return composition;
}

export async function addOrganization(
  server: TestServer,
  { name, role }: { readonly name: string; readonly role: Role },
): Promise<Member & { readonly environmentId: string }> {
  const composition = await composeFor(server);
  const { newId, uow, tenantKeys } = composition;
  const tenantId = newId<TenantId>();
  const environmentId = newId<EnvironmentId>();
  const userId = newId<ActorId>();
  const tenancy = new PostgresTenancyStore();
  await uow.write(systemActor(tenantId), async (tx) => {
    await tenancy.insertOrganization(tx, { name });
    await tenantKeys.create(tx);
    await tenancy.insertEnvironment(tx, { id: environmentId, name: 'local', type: 'local' });
    await tx.audit({ action: 'organization.created', resource: { type: 'organization', id: tenantId } });
    await new PostgresIdentityStore().insertUser(tx, { id: userId, email: 'first@example.org', passwordHash: '-' });
    await seedBuiltInPolicies(tx, userId);
  });
  const apiKey = await giveRole(composition, { tenantId, userId, role });
  return { organizationId: tenantId, environmentId, userId, apiKey };
}

/** Another user of an organization, with one role; null: with none. */
export async function addMember(
  server: TestServer,
  organizationId: string,
  role: Role | null,
  wantedEmail?: string,
): Promise<Member> {
  const composition = await composeFor(server);
  const tenantId = idFrom<TenantId>(organizationId);
  const userId = composition.newId<ActorId>();
  await composition.uow.write(systemActor(tenantId), async (tx) => {
    const email = wantedEmail ?? `${role ?? 'member'}.${userId}@example.org`;
    await new PostgresIdentityStore().insertUser(tx, { id: userId, email, passwordHash: '-' });
    await tx.audit({ action: 'user.created', resource: { type: 'user', id: userId } });
  });
  return { organizationId, userId, apiKey: await giveRole(composition, { tenantId, userId, role }) };
}

async function giveRole(
  { uow, newId }: Composition,
  { tenantId, userId, role }: { tenantId: TenantId; userId: ActorId; role: Role | null },
): Promise<string> {
  const key = generateApiKey();
  const identity = new PostgresIdentityStore();
  const id = newId<ApiKeyId>();
  await uow.write(systemActor(tenantId), async (tx) => {
    if (role !== null) {
      await identity.assignRole(tx, { id: newId<GrantId>(), subjectId: userId, role });
      await tx.audit({ action: 'role.assigned', resource: { type: 'user', id: userId }, details: { role } });
    }
    await identity.insertApiKey(tx, {
      id,
      subjectId: userId,
      name: role ?? 'key',
      prefix: key.prefix,
      secretHash: key.secretHash,
    });
    await tx.audit({ action: 'api-key.created', resource: { type: 'api-key', id } });
  });
  return key.text;
}
