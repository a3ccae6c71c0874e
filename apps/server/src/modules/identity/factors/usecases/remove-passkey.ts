import type { Actor } from '../../../../kernel/actor.ts';
import { factorErrors } from '../domain/errors.ts';
import { needFactorLeft, needPerson } from '../domain/last-factor.ts';
import type { FactorParts } from '../factor-parts.ts';

type Needs = Pick<FactorParts, 'authorize' | 'uow' | 'accounts' | 'factors' | 'passkeys'>;

/** Takes one of the own passkeys away. Throws `FACTORS_NOT_FOUND`, and `FACTORS_LAST_REQUIRED` where one is required. */
export class RemovePasskey {
  readonly #needs: Needs;
  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#needs.authorize(actor, 'identity.secure', { type: 'user', id: actor.id });
    needPerson(actor);
    const { uow, accounts, factors, passkeys } = this.#needs;
    await uow.write(actor, async (tx) => {
      await accounts.lock(tx, actor.id);
      if (!(await passkeys.remove(tx, { id, subjectId: actor.id }))) throw factorErrors.FACTORS_NOT_FOUND();
      const hasTotp = (await factors.activeTotp(tx, actor.id)) !== null;
      const left = (await passkeys.list(tx, actor.id)).length + (hasTotp ? 1 : 0);
      needFactorLeft({ isRequired: actor.access.secondFactor.isRequired, left });
      if (left === 0) await factors.removeRecoveryCodes(tx, actor.id);
      await tx.audit({
        action: 'second-factor.removed',
        resource: { type: 'user', id: actor.id },
        details: { method: 'passkey', factorId: id, left },
      });
    });
  }
}
