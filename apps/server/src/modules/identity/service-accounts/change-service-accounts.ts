import type { ServiceAccountView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import type { ActorId, NewId } from '../../../kernel/ids.ts';
import type { Transaction, UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import type { Revocation } from '../offboarding/offboarding-repository.ts';
import { accountView } from './read-service-accounts.ts';
import type { ServiceAccountRepository } from './service-account-repository.ts';

export interface ServiceAccountDeps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly accounts: ServiceAccountRepository;
  readonly revocations: readonly Revocation[];
  readonly newId: NewId;
}

const accountsMax = 1_000;

/** The owner of an account answers for it, so it is a person who is there. */
async function needOwner(accounts: ServiceAccountRepository, tx: Transaction, ownerId: string | null): Promise<void> {
  if (ownerId !== null && !(await accounts.isActiveUser(tx, ownerId))) throw identityErrors.IDENTITY_USER_NOT_FOUND();
}

/** Creates a service account; what it may is given to it as grants. Without an owner named, a user owns what it creates. */
export class CreateServiceAccount {
  readonly #deps: ServiceAccountDeps;
  constructor(deps: ServiceAccountDeps) {
    this.#deps = deps;
  }

  async execute(
    actor: Actor,
    input: { name: string; description?: string | undefined; ownerId?: string | undefined },
  ): Promise<ServiceAccountView> {
    await this.#deps.authorize(actor, 'service-account.create', { type: 'organization', id: actor.tenantId });
    const { accounts, uow, newId } = this.#deps;
    return uow.write(actor, async (tx) => {
      if ((await accounts.count(tx)) >= accountsMax) throw identityErrors.IDENTITY_SERVICE_ACCOUNTS_TOO_MANY();
      const id = newId<ActorId>();
      const ownerId = input.ownerId ?? (actor.kind === 'user' ? actor.id : null);
      await needOwner(accounts, tx, input.ownerId ?? null);
      const { name, description = '' } = input;
      await accounts.insert(tx, { id, name, description, ownerId });
      await tx.audit({
        action: 'service-account.created',
        resource: { type: 'service-account', id },
        details: { ownerId },
      });
      const account = await accounts.find(tx, id);
      if (account === null) throw new Error('a new service account is not there');
      return accountView(account);
    });
  }
}

export interface UpdateServiceAccountInput {
  readonly id: string;
  readonly expectedVersion: number;
  readonly change: {
    readonly name?: string | undefined;
    readonly description?: string | undefined;
    readonly ownerId?: string | undefined;
    readonly isEnabled?: boolean | undefined;
  };
}

/** Changes, disables or enables a service account; disabled, its credentials are dead in the next request. */
export class UpdateServiceAccount {
  readonly #deps: ServiceAccountDeps;
  constructor(deps: ServiceAccountDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, { id, expectedVersion, change }: UpdateServiceAccountInput): Promise<ServiceAccountView> {
    await this.#deps.authorize(actor, 'service-account.update', { type: 'service-account', id });
    const { accounts, uow } = this.#deps;
    const resource = { type: 'service-account', id };
    return uow.write(actor, async (tx) => {
      const before = await accounts.hold(tx, id);
      if (before === null) throw identityErrors.IDENTITY_SERVICE_ACCOUNT_NOT_FOUND();
      if (before.version !== expectedVersion) throw kernelErrors.REQUEST_ETAG_MISMATCH();
      await needOwner(accounts, tx, change.ownerId ?? null);
      await accounts.change(tx, id, {
        name: change.name ?? before.name,
        description: change.description ?? before.description,
        ownerId: change.ownerId ?? before.ownerId,
      });
      const changed = Object.keys(change).filter((field) => field !== 'isEnabled');
      if (changed.length > 0)
        await tx.audit({ action: 'service-account.updated', resource, details: { fields: changed.join(' ') } });
      if (change.isEnabled !== undefined) {
        await accounts.setStatus(tx, id, change.isEnabled ? 'active' : 'suspended');
        await tx.audit({ action: change.isEnabled ? 'service-account.enabled' : 'service-account.disabled', resource });
      }
      const after = await accounts.find(tx, id);
      if (after === null) throw new Error('a service account is not there any more');
      return accountView(after);
    });
  }
}

/** Deletes a service account with its keys and grants; its id stays in the log. */
export class DeleteServiceAccount {
  readonly #deps: ServiceAccountDeps;
  constructor(deps: ServiceAccountDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#deps.authorize(actor, 'service-account.delete', { type: 'service-account', id });
    const { accounts, revocations, uow } = this.#deps;
    await uow.write(actor, async (tx) => {
      const account = await accounts.hold(tx, id);
      if (account === null) throw identityErrors.IDENTITY_SERVICE_ACCOUNT_NOT_FOUND();
      await accounts.setStatus(tx, id, 'offboarded');
      const revoked: Record<string, number> = {};
      for (const { of, revoke } of revocations) revoked[of] = (revoked[of] ?? 0) + (await revoke(tx, id));
      await tx.audit({
        action: 'service-account.deleted',
        resource: { type: 'service-account', id },
        details: revoked,
      });
    });
  }
}
