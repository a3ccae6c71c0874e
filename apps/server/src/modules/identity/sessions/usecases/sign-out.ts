import type { Actor } from '../../../../kernel/actor.ts';
import type { Authorize } from '../../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../../kernel/unit-of-work.ts';
import { identityErrors } from '../../errors.ts';
import type { SessionOpener } from '../open-session.ts';

/** Ends the session that asks. */
export class SignOut {
  readonly authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #opener: SessionOpener;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; opener: SessionOpener }) {
    this.authorize = options.authorize;
    this.#uow = options.uow;
    this.#opener = options.opener;
  }

  async execute(actor: Actor): Promise<void> {
    await this.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    const { kind, id } = actor.credential;
    if (kind !== 'session' || id === null) throw identityErrors.IDENTITY_SESSION_REQUIRED();
    await this.#uow.write(actor, async (tx) => {
      await tx.audit({ action: 'sign-in.ended', resource: { type: 'user', id: actor.id } });
      await this.#opener.endSessions(tx, { subjectId: actor.id, ids: [id], reason: 'signed-out' });
    });
  }
}
