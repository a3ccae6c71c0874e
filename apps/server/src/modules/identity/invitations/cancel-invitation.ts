import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import type { PeopleRepository } from '../people/people-repository.ts';
import type { InvitationRepository } from './invitation-repository.ts';

/** Cancels an invitation and the grants that waited for it. Throws `IDENTITY_USER_NOT_FOUND` and `IDENTITY_USER_STATE`. */
export class CancelInvitation {
  readonly #deps: {
    authorize: Authorize;
    uow: UnitOfWork;
    people: PeopleRepository;
    invitations: InvitationRepository;
  };
  constructor(deps: {
    authorize: Authorize;
    uow: UnitOfWork;
    people: PeopleRepository;
    invitations: InvitationRepository;
  }) {
    this.#deps = deps;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#deps.authorize(actor, 'user.invite', { type: 'user', id });
    const { people, invitations, uow } = this.#deps;
    await uow.write(actor, async (tx) => {
      const user = await people.hold(tx, id);
      if (user === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
      if (user.status !== 'invited')
        throw identityErrors.IDENTITY_USER_STATE({ detail: `The user is ${user.status}.` });
      await invitations.cancel(tx, id);
      const grants = await people.revokeGrants(tx, id);
      await people.setStatus(tx, id, 'offboarded');
      await tx.audit({ action: 'user.invitation-cancelled', resource: { type: 'user', id }, details: { grants } });
    });
  }
}
