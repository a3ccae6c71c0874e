import { hashPassword, randomBytes, SecretBytes } from '@quantumvault/crypto';
import type { Actor } from '../../kernel/actor.ts';
import type { ActorId, ApiKeyId, EnvironmentId, GrantId, NewId, TenantId } from '../../kernel/ids.ts';
import type { UnitOfWork, WriteTransaction } from '../../kernel/unit-of-work.ts';
import { generateApiKey, type IdentityStore } from '../identity/index.ts';
import type { TenantKeys } from '../keys/index.ts';
import { tenancyErrors } from './errors.ts';
import type { TenancyStore } from './tenancy-store.ts';

export interface FirstSignIn {
  readonly email: string;
  readonly password: string;
  readonly apiKey: string;
  readonly organizationId: string;
}

export interface FirstOrganizationOptions {
  readonly uow: UnitOfWork;
  readonly tenancy: TenancyStore;
  readonly identity: IdentityStore;
  readonly tenantKeys: TenantKeys;
  readonly seedPolicies: (tx: WriteTransaction, createdBy: ActorId) => Promise<void>;
  readonly newId: NewId;
}

/** First boot: the first organization and its administrator, with credentials that exist nowhere else. */
export class FirstOrganization {
  readonly #options: FirstOrganizationOptions;
  constructor(options: FirstOrganizationOptions) {
    this.#options = options;
  }

  /**
   * Prepares the credentials and gives a `commit` for them. They are two steps so that the caller can put the
   * credentials on disk first: a crash in between must not leave an administrator whom nobody can be.
   */
  async prepare(): Promise<{
    signIn: FirstSignIn;
    commit: (systemActor: (tenantId: TenantId) => Actor) => Promise<void>;
  }> {
    const { newId } = this.#options;
    const tenantId = newId<TenantId>();
    const password = Buffer.from(randomBytes(18)).toString('base64url');
    using secret = SecretBytes.fromUtf8(password);
    const passwordHash = await hashPassword(secret, 'high');
    const key = generateApiKey();
    const signIn: FirstSignIn = { email: 'admin@localhost', password, apiKey: key.text, organizationId: tenantId };
    const commit = async (systemActor: (tenantId: TenantId) => Actor) => {
      await this.#options.uow.write(systemActor(tenantId), (tx) =>
        this.#create(tx, { email: signIn.email, passwordHash, key }),
      );
    };
    return { signIn, commit };
  }

  async #create(
    tx: WriteTransaction,
    admin: { email: string; passwordHash: string; key: ReturnType<typeof generateApiKey> },
  ): Promise<void> {
    const { tenancy, identity, tenantKeys, seedPolicies, newId } = this.#options;
    const userId = newId<ActorId>();
    const environmentId = newId<EnvironmentId>();
    const apiKeyId = newId<ApiKeyId>();
    if (!(await tenancy.claimFirstOrganization(tx))) throw tenancyErrors.TENANCY_ALREADY_BOOTSTRAPPED();
    await tenancy.insertOrganization(tx, { name: 'First organization' });
    await tenantKeys.create(tx);
    await tenancy.insertEnvironment(tx, { id: environmentId, name: 'local', type: 'local' });
    await tx.audit({
      action: 'organization.created',
      resource: { type: 'organization', id: tx.tenantId },
      details: { environmentId, environmentType: 'local' },
    });
    await identity.insertUser(tx, { id: userId, email: admin.email, passwordHash: admin.passwordHash });
    await tx.audit({ action: 'user.created', resource: { type: 'user', id: userId } });
    await identity.assignRole(tx, { id: newId<GrantId>(), subjectId: userId, role: 'platform-admin' });
    await tx.audit({
      action: 'role.assigned',
      resource: { type: 'user', id: userId },
      details: { role: 'platform-admin' },
    });
    await identity.insertApiKey(tx, {
      id: apiKeyId,
      subjectId: userId,
      name: 'bootstrap',
      prefix: admin.key.prefix,
      secretHash: admin.key.secretHash,
    });
    await tx.audit({
      action: 'api-key.created',
      resource: { type: 'api-key', id: apiKeyId },
      details: { subjectId: userId },
    });
    await seedPolicies(tx, userId);
  }
}
