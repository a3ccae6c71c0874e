import type { Actor } from '../../../kernel/actor.ts';
import { permissions } from '../../../kernel/permissions.ts';
import { handsOn, refuseEscalation } from '../../access/index.ts';
import { identityErrors } from '../errors.ts';
import { recordingRefusal, unrepeated } from '../recording-refusal.ts';
import type { ServiceAccountRepository } from '../service-accounts/service-account-repository.ts';
import {
  credentialPermissions,
  type KeyDeps,
  type KeyWish,
  type MadeKey,
  makeKey,
  needPermissions,
  needPlace,
  needUnlimitedKey,
} from './make-key.ts';

/**
 * Makes a key for the user who asks. It never holds anything of its own: each use is decided by what its owner was given,
 * with its conditions and its end. Without permissions it may what its owner may, now and later. Throws `IDENTITY_*`.
 */
export class CreateOwnApiKey {
  readonly #deps: KeyDeps;
  constructor(deps: KeyDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, wish: KeyWish): Promise<MadeKey> {
    await this.#deps.authorize(actor, 'api-key.create-own', { type: actor.kind, id: actor.id });
    const { authorize, uow } = this.#deps;
    if (actor.kind !== 'user') throw identityErrors.IDENTITY_USERS_ONLY();
    const resource = { type: actor.kind, id: actor.id };
    return recordingRefusal({ uow, actor, permission: 'api-key.create-own', resource }, async () => {
      await needUnlimitedKey(this.#deps, actor, null);
      const place = await needPlace(this.#deps, actor, wish);
      const asked = wish.permissions ?? credentialPermissions(actor);
      if (asked !== null) await needPermissions(authorize, actor, { permissions: asked, place, ownerId: actor.id });
      return uow.write(unrepeated(actor), (tx) =>
        makeKey(this.#deps, tx, { ownerId: actor.id, madeBy: actor.id, wish, permissions: asked }),
      );
    });
  }
}

/**
 * Makes a key for a service account. Its permissions are fixed to what the maker holds for good at this moment, also when
 * none are named: grants that the account gets later must not come into the hands of the maker, who has seen the secret.
 */
export class CreateApiKey {
  readonly #deps: KeyDeps & { readonly accounts: Pick<ServiceAccountRepository, 'find'> };
  constructor(deps: KeyDeps & { accounts: Pick<ServiceAccountRepository, 'find'> }) {
    this.#deps = deps;
  }

  async execute(actor: Actor, { serviceAccountId, ...wish }: KeyWish & { serviceAccountId: string }): Promise<MadeKey> {
    await this.#deps.authorize(actor, 'api-key.create', { type: 'service-account', id: serviceAccountId });
    const { accounts, uow } = this.#deps;
    const account = await uow.read(actor.tenantId, (tx) => accounts.find(tx, serviceAccountId));
    if (account === null) throw identityErrors.IDENTITY_SERVICE_ACCOUNT_NOT_FOUND();
    const resource = { type: 'service-account', id: serviceAccountId };
    return recordingRefusal({ uow, actor, permission: 'api-key.create', resource }, async () => {
      await needUnlimitedKey(this.#deps, actor, null);
      const place = await needPlace(this.#deps, actor, wish);
      const asked = wish.permissions ?? handsOn(actor, { permissions, place });
      refuseEscalation(actor, { permissions: asked, place });
      return uow.write(unrepeated(actor), (tx) =>
        makeKey(this.#deps, tx, { ownerId: serviceAccountId, madeBy: actor.id, wish, permissions: asked }),
      );
    });
  }
}
