import type { RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import { factorErrors } from '../domain/errors.ts';
import { needPerson } from '../domain/last-factor.ts';
import { matchTotp } from '../domain/totp.ts';
import type { FactorParts } from '../factor-parts.ts';
import { totpContext } from '../prove-factor.ts';
import { issueRecoveryCodes } from '../recovery-code-issue.ts';

type Needs = Pick<FactorParts, 'authorize' | 'uow' | 'clock' | 'tenantKeys' | 'accounts' | 'factors' | 'sessions'>;
type Answer = RouteOutput<typeof routes.confirmTotp>;

/**
 * Second step: a code of the new app puts it in use, in the place of a former one. Whoever has no recovery codes gets
 * them. The code is a proof as well: the session counts as shown with a second factor. Throws `FACTORS_ENROLMENT_ENDED`
 * and `FACTORS_CODE_WRONG`; five codes are tried at most.
 */
export class ConfirmTotp {
  readonly #needs: Needs;
  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async execute(actor: Actor, input: { readonly code: string }): Promise<Answer> {
    await this.#needs.authorize(actor, 'identity.secure', { type: 'user', id: actor.id });
    needPerson(actor);
    const { uow, clock, tenantKeys, accounts, factors, sessions } = this.#needs;
    const answer = await uow.write(actor, async (tx): Promise<Answer | 'ended' | 'wrong'> => {
      const resource = { type: 'user', id: actor.id };
      const refused = (code: string) =>
        tx.audit({
          action: 'second-factor.refused',
          resource,
          outcome: 'refused',
          reason: { code },
          details: { method: 'totp', purpose: 'enrolment' },
        });
      await accounts.lock(tx, actor.id);
      const pending = await factors.tryPendingTotp(tx, actor.id);
      if (pending === null) {
        await refused('ENROLMENT_ENDED');
        return 'ended';
      }
      using secret = await tenantKeys.unwrap(tx, totpContext(actor.id, pending.id), pending.secret);
      const now = clock.now();
      const step = matchTotp({ secret, code: input.code, now, lastStep: 0n });
      if (step === null) {
        // Committed, not thrown: the attempt counts.
        await refused('WRONG');
        return 'wrong';
      }
      if (!(await factors.activateTotp(tx, actor.id, { id: pending.id, step }))) return 'ended';
      await tx.audit({
        action: 'second-factor.enrolled',
        resource,
        details: { method: 'totp', factorId: pending.id },
      });
      await sessions.raise(
        tx,
        { id: String(actor.credential.id), subjectId: actor.id },
        { authenticatedAt: null, mfaAt: now },
      );
      const hasCodes = (await factors.recoveryCodesLeft(tx, actor.id)) > 0;
      return { recoveryCodes: hasCodes ? [] : await issueRecoveryCodes(tx, actor.id, factors) };
    });
    if (answer === 'ended') throw factorErrors.FACTORS_ENROLMENT_ENDED();
    if (answer === 'wrong') throw factorErrors.FACTORS_CODE_WRONG();
    return answer;
  }
}
