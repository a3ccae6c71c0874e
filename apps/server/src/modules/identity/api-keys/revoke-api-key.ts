import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import { needWholeAccount } from '../own-account.ts';
import type { ApiKeyRepository } from './api-key-repository.ts';

interface Deps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly keys: ApiKeyRepository;
}

async function revoke({ keys, uow }: Deps, actor: Actor, id: string, isOwn: boolean): Promise<void> {
  await uow.write(actor, async (tx) => {
    const key = await keys.hold(tx, id);
    if (key === null || (isOwn && key.owner.id !== actor.id)) throw identityErrors.IDENTITY_KEY_NOT_FOUND();
    if (key.state === 'revoked') throw identityErrors.IDENTITY_KEY_STATE({ detail: 'The key is revoked.' });
    await keys.revoke(tx, id);
    const details = { ownerId: key.owner.id };
    await tx.audit({ action: 'api-key.revoked', resource: { type: 'api-key', id }, details });
  });
}

/** Revokes an own key; it is dead in the next request. Throws `IDENTITY_KEY_NOT_FOUND` and `IDENTITY_KEY_STATE`. */
export class RevokeOwnApiKey {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#deps.authorize(actor, 'identity.self', { type: 'api-key', id });
    // A key that falls into wrong hands may end itself; the others of its owner are not of its place.
    if (actor.credential.id !== id) await needWholeAccount(this.#deps.uow, actor);
    await revoke(this.#deps, actor, id, true);
  }
}

/** Revokes a key of anybody in the organization; it is dead in the next request. */
export class RevokeApiKey {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#deps.authorize(actor, 'api-key.revoke', { type: 'api-key', id });
    await revoke(this.#deps, actor, id, false);
  }
}
