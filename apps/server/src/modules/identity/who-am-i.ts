import type { Actor } from '../../kernel/actor.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import { type Permission, permissions } from '../../kernel/permissions.ts';

/** Tells an actor who it is and what it may do. */
export class WhoAmI {
  readonly #authorize: Authorize;
  readonly #may: (actor: Actor, action: Permission) => boolean;
  constructor(options: { authorize: Authorize; may: (actor: Actor, action: Permission) => boolean }) {
    this.#authorize = options.authorize;
    this.#may = options.may;
  }

  async execute(actor: Actor) {
    await this.#authorize(actor, 'identity.read', { type: 'actor', id: actor.id });
    return {
      actorId: actor.id,
      organizationId: actor.tenantId,
      kind: actor.kind,
      credential: actor.credential.kind,
      roles: [...actor.access.roles],
      permissions: permissions.filter((action) => this.#may(actor, action)),
    };
  }
}
