import type { ActorId, ApiKeyId, EnvironmentId, GrantId, NewId } from '../../kernel/ids.ts';
import type { Role } from '../../kernel/permissions.ts';
import type { WriteTransaction } from '../../kernel/unit-of-work.ts';
import type { generateApiKey, IdentityStore } from '../identity/index.ts';
import type { TenantKeys } from '../keys/index.ts';
import type { Environment } from './domain/place-kinds.ts';
import type { TenancyStore } from './ports/tenancy-store.ts';

export interface FoundingParts {
  readonly tenancy: TenancyStore;
  readonly identity: IdentityStore;
  readonly tenantKeys: TenantKeys;
  readonly seedPolicies: (tx: WriteTransaction, createdBy: ActorId) => Promise<void>;
  readonly newId: NewId;
}

export interface Founding {
  readonly name: string;
  readonly environment: { readonly name: string; readonly type: Environment['type'] };
  readonly administrator: {
    readonly email: string;
    readonly role: Role;
    /** Null: signs in with the key until a password is set. */
    readonly passwordHash: string | null;
    readonly key: Pick<ReturnType<typeof generateApiKey>, 'prefix' | 'secretHash'> & { readonly origin?: 'setting' };
    readonly keyName: string;
  };
}

export interface Founded {
  readonly environmentId: EnvironmentId;
  readonly administratorId: ActorId;
}

/** All that an organization needs to exist: keys, an environment, somebody who may do everything in it, policies. */
export async function foundOrganization(
  tx: WriteTransaction,
  { tenancy, identity, tenantKeys, seedPolicies, newId }: FoundingParts,
  { name, environment, administrator }: Founding,
): Promise<Founded> {
  const administratorId = newId<ActorId>();
  const environmentId = newId<EnvironmentId>();
  const apiKeyId = newId<ApiKeyId>();
  const user = { type: 'user', id: administratorId };
  await tenancy.insertOrganization(tx, { name });
  await tenantKeys.create(tx);
  await tenancy.insertEnvironment(tx, { id: environmentId, ...environment });
  await tx.audit({
    action: 'organization.created',
    resource: { type: 'organization', id: tx.tenantId },
    details: { environmentId, environmentType: environment.type },
  });
  const { email, passwordHash, role, key, keyName } = administrator;
  await identity.insertUser(tx, { id: administratorId, email, passwordHash });
  await tx.audit({ action: 'user.created', resource: user });
  await identity.assignRole(tx, { id: newId<GrantId>(), subjectId: administratorId, role });
  await tx.audit({ action: 'role.assigned', resource: user, details: { role } });
  const { prefix, secretHash, origin = 'made' } = key;
  await identity.insertApiKey(tx, {
    id: apiKeyId,
    subjectId: administratorId,
    name: keyName,
    prefix,
    secretHash,
    origin,
  });
  await tx.audit({
    action: 'api-key.created',
    resource: { type: 'api-key', id: apiKeyId },
    details: { subjectId: administratorId, ...(origin === 'made' ? {} : { origin }) },
  });
  await seedPolicies(tx, administratorId);
  return { environmentId, administratorId };
}
