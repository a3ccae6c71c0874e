import type { ServiceAccountView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { isoInstant } from '../../../kernel/clock.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import type { ServiceAccount, ServiceAccountRepository } from './service-account-repository.ts';

interface Deps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly accounts: ServiceAccountRepository;
}

export const accountView = (account: ServiceAccount): ServiceAccountView => ({
  ...account,
  roles: [...account.roles],
  createdAt: isoInstant(account.createdAt),
});

/** Service accounts of the organization, oldest first. */
export class ListServiceAccounts {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(
    actor: Actor,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
  ): Promise<Page<ServiceAccountView>> {
    await this.#deps.authorize(actor, 'service-account.read', { type: 'organization', id: actor.tenantId });
    const after = cursor === undefined ? null : String(decodeCursor(cursor, ['uuid'])[0]);
    const query = { after, limit: limit + 1 };
    const accounts = await this.#deps.uow.read(actor.tenantId, (tx) => this.#deps.accounts.list(tx, query));
    return pageOf(accounts.map(accountView), limit, ({ id }) => [id]);
  }
}

/** One service account. Throws `IDENTITY_SERVICE_ACCOUNT_NOT_FOUND`. */
export class GetServiceAccount {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, id: string): Promise<ServiceAccountView> {
    await this.#deps.authorize(actor, 'service-account.read', { type: 'service-account', id });
    const account = await this.#deps.uow.read(actor.tenantId, (tx) => this.#deps.accounts.find(tx, id));
    if (account === null) throw identityErrors.IDENTITY_SERVICE_ACCOUNT_NOT_FOUND();
    return accountView(account);
  }
}
