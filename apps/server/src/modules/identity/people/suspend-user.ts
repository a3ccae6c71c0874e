import type { UserView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import type { Revocation } from '../offboarding/offboarding-repository.ts';
import { recordingRefusal } from '../recording-refusal.ts';
import type { PeopleRepository } from './people-repository.ts';
import { needAdministratorLeft, needAnother, needRightsOver } from './protect-administrators.ts';
import { userView } from './user.ts';

interface SuspendUserDeps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly people: PeopleRepository;
  readonly revocations: readonly Revocation[];
}

export interface SuspendUserInput {
  readonly id: string;
  readonly reason?: string | undefined;
}

/**
 * Suspends a user. The change of the subject raises the organization's access version, which every process reads with
 * every credential: keys are dead from the next request on, until the user is resumed. Sessions, begun sign-ins and links for
 * new passwords end for good: whoever had them may be why. Throws `IDENTITY_*`.
 */
export class SuspendUser {
  readonly #deps: SuspendUserDeps;
  constructor(deps: SuspendUserDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, { id, reason }: SuspendUserInput): Promise<UserView> {
    await this.#deps.authorize(actor, 'user.suspend', { type: 'user', id });
    const { authorize, people, revocations, uow } = this.#deps;
    const target = await uow.read(actor.tenantId, (tx) => people.find(tx, id));
    if (target === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
    await needRightsOver(authorize, actor, target);
    const resource = { type: 'user', id };
    return recordingRefusal({ uow, actor, permission: 'user.suspend', resource }, () => {
      needAnother(actor, id);
      return uow.write(actor, async (tx) => {
        const user = await people.hold(tx, id);
        if (user === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
        if (user.status !== 'active')
          throw identityErrors.IDENTITY_USER_STATE({ detail: `The user is ${user.status}.` });
        await needAdministratorLeft(people, tx, user);
        await people.setStatus(tx, id, 'suspended');
        let sessions = 0;
        for (const { of, revoke } of revocations) if (of === 'sessions') sessions += await revoke(tx, id);
        const said = reason === undefined ? {} : { reason: { code: 'user-suspended', text: reason } };
        await tx.audit({ action: 'user.suspended', resource, details: { sessions }, ...said });
        return userView({ ...user, status: 'suspended', version: user.version + 1 });
      });
    });
  }
}
