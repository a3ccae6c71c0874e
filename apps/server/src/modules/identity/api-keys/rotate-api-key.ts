import type { Actor } from '../../../kernel/actor.ts';
import { isPermission, permissions } from '../../../kernel/permissions.ts';
import { refuseEscalation } from '../../access/index.ts';
import { identityErrors } from '../errors.ts';
import { recordingRefusal, unrepeated } from '../recording-refusal.ts';
import { resourceOf } from './key-limits.ts';
import { type KeyDeps, type MadeKey, needUnlimitedKey, replaceKey } from './make-key.ts';

export interface RotateInput {
  readonly id: string;
  readonly overlapHours: number;
}

/**
 * Replaces an own key by one with the same limits. A key may replace itself, and the new one ends when it would have: else a
 * key that was made for a month could be kept alive for ever by whoever holds it. Anybody else gets a secret that outlives
 * the session, and must show the fresh proof that making a key demands. Throws `IDENTITY_KEY_NOT_FOUND`, `_STATE`, `_LIMITED`.
 */
export class RotateOwnApiKey {
  readonly #deps: KeyDeps;
  constructor(deps: KeyDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, { id, overlapHours }: RotateInput): Promise<MadeKey> {
    await this.#deps.authorize(actor, 'identity.self', { type: 'api-key', id });
    const { authorize, keys, uow } = this.#deps;
    const resource = { type: 'api-key', id };
    const isItself = actor.credential.kind === 'api-key' && actor.credential.id === id;
    if (!isItself) await authorize(actor, 'api-key.create-own', resource);
    return recordingRefusal({ uow, actor, permission: 'identity.self', resource }, async () => {
      await needUnlimitedKey(this.#deps, actor, id);
      return uow.write(unrepeated(actor), async (tx) => {
        const old = await keys.hold(tx, id);
        if (old?.owner.id !== actor.id) throw identityErrors.IDENTITY_KEY_NOT_FOUND();
        // The successor is in the hands that held the key, so its maker stays behind it (ACC-9, ACC-12).
        const madeBy = isItself ? (old.createdBy ?? actor.id) : actor.id;
        return replaceKey(this.#deps, tx, { old, madeBy, overlapHours, keepsEnd: isItself });
      });
    });
  }
}

/** Replaces a key of a service account: whoever sees the new secret must hold for good all that it is for. */
export class RotateApiKey {
  readonly #deps: KeyDeps;
  constructor(deps: KeyDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, { id, overlapHours }: RotateInput): Promise<MadeKey> {
    await this.#deps.authorize(actor, 'api-key.create', { type: 'api-key', id });
    const { keys, places, uow } = this.#deps;
    const resource = { type: 'api-key', id };
    return recordingRefusal({ uow, actor, permission: 'api-key.create', resource }, async () => {
      const key = await uow.read(actor.tenantId, (tx) => keys.find(tx, id));
      // A person's key is nobody else's to see.
      if (key?.owner.kind !== 'service-account') throw identityErrors.IDENTITY_KEY_NOT_FOUND();
      await needUnlimitedKey(this.#deps, actor, null);
      const resourceOfKey = resourceOf(key);
      const place = resourceOfKey === null ? null : await places.placeOf(actor.tenantId, resourceOfKey);
      if (resourceOfKey !== null && place === null) throw identityErrors.IDENTITY_PLACE_NOT_FOUND();
      refuseEscalation(actor, { permissions: key.permissions?.filter(isPermission) ?? permissions, place });
      return uow.write(unrepeated(actor), async (tx) => {
        const old = await keys.hold(tx, id);
        if (old === null) throw identityErrors.IDENTITY_KEY_NOT_FOUND();
        return replaceKey(this.#deps, tx, { old, madeBy: actor.id, overlapHours, keepsEnd: false });
      });
    });
  }
}
