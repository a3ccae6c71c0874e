import type { RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import { factorErrors } from '../domain/errors.ts';
import { needPerson } from '../domain/last-factor.ts';
import type { FactorParts } from '../factor-parts.ts';
import { issueRecoveryCodes } from '../recovery-code-issue.ts';

type Needs = Pick<FactorParts, 'authorize' | 'uow' | 'accounts' | 'factors' | 'passkeys'>;

/** New recovery codes; the former ones open nothing any more. Throws `FACTORS_NONE` where there is no factor yet. */
export class CreateRecoveryCodes {
  readonly #needs: Needs;
  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async execute(actor: Actor): Promise<RouteOutput<typeof routes.createRecoveryCodes>> {
    await this.#needs.authorize(actor, 'identity.secure', { type: 'user', id: actor.id });
    needPerson(actor);
    const { uow, accounts, factors, passkeys } = this.#needs;
    return uow.write(actor, async (tx) => {
      await accounts.lock(tx, actor.id);
      const isEnrolled =
        (await factors.activeTotp(tx, actor.id)) !== null || (await passkeys.list(tx, actor.id)).length > 0;
      if (!isEnrolled) throw factorErrors.FACTORS_NONE();
      return { recoveryCodes: await issueRecoveryCodes(tx, actor.id, factors) };
    });
  }
}
