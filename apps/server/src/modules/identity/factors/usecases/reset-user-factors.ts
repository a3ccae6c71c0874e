import type { RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import type { ActorId } from '../../../../kernel/ids.ts';
import { factorErrors } from '../domain/errors.ts';
import type { FactorParts } from '../factor-parts.ts';

type Needs = Pick<FactorParts, 'authorize' | 'uow' | 'accounts' | 'factors' | 'passkeys'>;

/**
 * For a user who has lost all of them: takes every second factor and recovery code away, by another person. The user
 * signs in with the password and enrols anew. A notice goes out, because whoever can do this can take an account over
 * together with a password reset. Throws `FACTORS_USER_NOT_FOUND`.
 */
export class ResetUserFactors {
  readonly #needs: Needs;
  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async execute(
    actor: Actor,
    input: { readonly id: ActorId; readonly reason: string },
  ): Promise<RouteOutput<typeof routes.resetUserFactors>> {
    await this.#needs.authorize(actor, 'credential.reset', { type: 'user', id: input.id });
    const { uow, accounts, factors, passkeys } = this.#needs;
    const { id, reason } = input;
    // The own ones need a proof of the factor itself.
    if (id === actor.id) throw factorErrors.FACTORS_NOT_FOR_ONESELF();
    return uow.write(actor, async (tx) => {
      if ((await accounts.nameOf(tx, id)) === null) throw factorErrors.FACTORS_USER_NOT_FOUND();
      await accounts.lock(tx, id);
      const hadTotp = await factors.removeTotp(tx, id);
      const removedPasskeys = await passkeys.removeAll(tx, id);
      await factors.removeRecoveryCodes(tx, id);
      await factors.forgetFailures(tx, id);
      await tx.audit({
        action: 'second-factor.reset',
        resource: { type: 'user', id },
        reason: { code: 'ADMINISTRATOR', text: reason },
        details: { totp: hadTotp, passkeys: removedPasskeys },
      });
      await tx.publish('security.second-factors-reset', { subjectId: id, by: actor.id });
      return { removed: removedPasskeys + (hadTotp ? 1 : 0) };
    });
  }
}
