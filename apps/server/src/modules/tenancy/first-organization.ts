import { hashPassword, randomBytes, SecretBytes } from '@quantumvault/crypto';
import type { Actor } from '../../kernel/actor.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { generateApiKey } from '../identity/index.ts';
import { tenancyErrors } from './domain/errors.ts';
import { type FoundingParts, foundOrganization } from './found-organization.ts';

export interface FirstSignIn {
  readonly email: string;
  readonly password: string;
  /** Null: the operator has given the key by a setting, and has it. */
  readonly apiKey: string | null;
  readonly organizationId: string;
}

export interface FirstOrganizationOptions extends FoundingParts {
  readonly uow: UnitOfWork;
  /** Of QV_FIRST_API_KEY, as it will be stored. */
  readonly givenKey: { readonly prefix: string; readonly secretHash: Uint8Array } | null;
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
    const { newId, givenKey } = this.#options;
    const tenantId = newId<TenantId>();
    const password = Buffer.from(randomBytes(18)).toString('base64url');
    using secret = SecretBytes.fromUtf8(password);
    const passwordHash = await hashPassword(secret, 'high');
    const made = givenKey === null ? generateApiKey() : null;
    const key = givenKey === null ? made : { ...givenKey, origin: 'setting' as const };
    if (key === null) throw new Error('there is neither a given nor a made key');
    const signIn: FirstSignIn = {
      email: 'admin@localhost',
      password,
      apiKey: made?.text ?? null,
      organizationId: tenantId,
    };
    const commit = async (systemActor: (tenantId: TenantId) => Actor) => {
      await this.#options.uow.write(systemActor(tenantId), async (tx) => {
        if (!(await this.#options.tenancy.claimFirstOrganization(tx)))
          throw tenancyErrors.TENANCY_ALREADY_BOOTSTRAPPED();
        await foundOrganization(tx, this.#options, {
          name: 'First organization',
          environment: { name: 'local', type: 'local' },
          administrator: { email: signIn.email, role: 'platform-admin', passwordHash, key, keyName: 'bootstrap' },
        });
      });
    };
    return { signIn, commit };
  }
}
