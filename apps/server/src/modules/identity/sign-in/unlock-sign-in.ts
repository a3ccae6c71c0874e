import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { ActorId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import type { SessionKeys } from '../tokens/session-keys.ts';
import type { UserLookup } from '../users/user-lookup.ts';
import type { SignInDirectory } from './sign-in-directory.ts';
import { identityName } from './sign-in-names.ts';

/** Forgets the failed sign-ins of a user. The event comes first: an unlocking that is not recorded must not be (AUD-1). */
export class UnlockSignIn {
  readonly authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #users: UserLookup;
  readonly #keys: Pick<SessionKeys, 'nameOf'>;
  readonly #directory: Pick<SignInDirectory, 'unlock'>;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    users: UserLookup;
    keys: Pick<SessionKeys, 'nameOf'>;
    directory: Pick<SignInDirectory, 'unlock'>;
  }) {
    this.authorize = options.authorize;
    this.#uow = options.uow;
    this.#users = options.users;
    this.#keys = options.keys;
    this.#directory = options.directory;
  }

  async execute(actor: Actor, userId: ActorId): Promise<void> {
    await this.authorize(actor, 'credential.reset', { type: 'user', id: userId });
    const email = await this.#uow.write(actor, async (tx) => {
      const found = await this.#users.emailOf(tx, userId);
      if (found === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
      await tx.audit({ action: 'sign-in.unlocked', resource: { type: 'user', id: userId } });
      return found;
    });
    const identity = identityName(this.#keys, email);
    await this.#directory.unlock({ identity, tenantId: actor.tenantId, subjectId: userId });
  }
}
