import type { RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import type { ActorId } from '../../../../kernel/ids.ts';
import type { WriteTransaction } from '../../../../kernel/unit-of-work.ts';
import { errorOfRefusal, type ResetGuard } from '../../resets/reset-guard.ts';
import type { SessionOpener } from '../../sessions/open-session.ts';
import { factorErrors } from '../domain/errors.ts';
import type { FactorParts } from '../factor-parts.ts';

type Needs = Pick<FactorParts, 'authorize' | 'uow' | 'accounts' | 'factors' | 'passkeys'> & {
  readonly guard: ResetGuard;
  readonly opener: Pick<SessionOpener, 'endSessions'>;
};

/**
 * For a user who has lost all of them: takes every second factor and recovery code away, by another person; see `ResetGuard`
 * for whom. The user's sessions end, and the user signs in with the password and enrols anew. A notice tells the user. Throws
 * `FACTORS_USER_NOT_FOUND`, and what the guard refuses.
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
    const { uow, accounts } = this.#needs;
    const { id } = input;
    // The own ones need a proof of the factor itself.
    if (id === actor.id) throw factorErrors.FACTORS_NOT_FOR_ONESELF();
    const done = await uow.write(actor, async (tx) => {
      if ((await accounts.nameOf(tx, id)) === null) throw factorErrors.FACTORS_USER_NOT_FOUND();
      const refusal = await this.#needs.guard.whyNot(tx, actor, id, 'factors');
      if (refusal === null) return this.#reset(tx, actor, input);
      const { code, ...details } = refusal;
      await tx.audit({
        action: 'second-factor.reset',
        resource: { type: 'user', id },
        outcome: 'refused',
        reason: { code, text: input.reason },
        details,
      });
      return { refused: code };
    });
    if ('refused' in done) throw errorOfRefusal[done.refused]();
    return done;
  }

  async #reset(tx: WriteTransaction, actor: Actor, { id, reason }: { readonly id: ActorId; readonly reason: string }) {
    const { accounts, factors, passkeys, guard, opener } = this.#needs;
    await accounts.lock(tx, id);
    const hadTotp = await factors.removeTotp(tx, id);
    const removedPasskeys = await passkeys.removeAll(tx, id);
    await factors.removeRecoveryCodes(tx, id);
    await factors.forgetFailures(tx, id);
    await guard.record(tx, actor, id, 'factors');
    await tx.audit({
      action: 'second-factor.reset',
      resource: { type: 'user', id },
      reason: { code: 'ADMINISTRATOR', text: reason },
      details: { totp: hadTotp, passkeys: removedPasskeys },
    });
    await opener.endSessions(tx, { subjectId: id, ids: null, reason: 'factors-reset' });
    await tx.publish('security.second-factors-reset', { subjectId: id, by: actor.id });
    return { removed: removedPasskeys + (hadTotp ? 1 : 0) };
  }
}
