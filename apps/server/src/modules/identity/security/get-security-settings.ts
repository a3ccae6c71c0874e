import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { SecuritySettingsStore } from './settings-store.ts';

/** Tells how the organization wants passwords, sessions, lockout and second factors. */
export class GetSecuritySettings {
  readonly authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #store: SecuritySettingsStore;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; store: SecuritySettingsStore }) {
    this.authorize = options.authorize;
    this.#uow = options.uow;
    this.#store = options.store;
  }

  async execute(actor: Actor) {
    await this.authorize(actor, 'security.read', { type: 'organization', id: actor.tenantId });
    const { settings, version } = await this.#uow.read(actor.tenantId, (tx) => this.#store.read(tx));
    return { ...settings, version };
  }
}
