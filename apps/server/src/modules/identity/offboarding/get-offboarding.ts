import type { OffboardingView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import type { OffboardingRepository } from './offboarding-repository.ts';

/** The report of a user's last off-boarding, as it was made. Throws `IDENTITY_OFFBOARDING_NOT_FOUND`. */
export class GetOffboarding {
  readonly #deps: { authorize: Authorize; uow: UnitOfWork; offboardings: OffboardingRepository };
  constructor(deps: { authorize: Authorize; uow: UnitOfWork; offboardings: OffboardingRepository }) {
    this.#deps = deps;
  }

  async execute(actor: Actor, userId: string): Promise<OffboardingView> {
    await this.#deps.authorize(actor, 'user.offboard', { type: 'user', id: userId });
    const { offboardings, uow } = this.#deps;
    const report = await uow.read(actor.tenantId, (tx) => offboardings.lastReport(tx, userId));
    if (report === null) throw identityErrors.IDENTITY_OFFBOARDING_NOT_FOUND();
    return report;
  }
}
