import type { RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import { isoInstant } from '../../../../kernel/clock.ts';
import type { Transaction, WriteTransaction } from '../../../../kernel/unit-of-work.ts';
import { bindingOf } from '../domain/ceremony.ts';
import { factorErrors } from '../domain/errors.ts';
import { needPerson } from '../domain/last-factor.ts';
import type { FactorParts } from '../factor-parts.ts';
import type { AttemptLimits } from '../ports/factor-repository.ts';
import type { FactorProof } from '../prove-factor.ts';
import { recordProof, secondsUntil } from '../record-proof.ts';

export type StepUpFactor =
  | Extract<FactorProof, { method: 'passkey' }>
  | { readonly method: 'totp'; readonly code: string };
export type StepUpProof = { readonly method: 'password'; readonly password: string } | StepUpFactor;

type Needs = Pick<FactorParts, 'authorize' | 'uow' | 'clock' | 'factors' | 'sessions' | 'prove'> & {
  readonly limits: (tx: Transaction) => Promise<AttemptLimits>;
  /** Whether it is the user's password now; the same work where there is none. */
  readonly isPassword: (actor: Actor, password: string) => Promise<boolean>;
};
type Answer = RouteOutput<typeof routes.stepUp>;

/**
 * Raises the session that asks (ACC-5). A second factor raises the time of the second factor; the password that of the
 * first, which is enough only for those who have no second one and must have none. A recovery code is for getting in, not
 * for this. Throws `FACTORS_PROOF_REFUSED` and `FACTORS_LOCKED`.
 */
export class StepUp {
  readonly #needs: Needs;
  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async execute(actor: Actor, proof: StepUpProof): Promise<Answer> {
    await this.#needs.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    needPerson(actor);
    const { clock } = this.#needs;
    const answer =
      proof.method === 'password' ? await this.#byPassword(actor, proof.password) : await this.#byFactor(actor, proof);
    if (!('lockedUntil' in answer)) return answer;
    if (answer.lockedUntil === null) throw factorErrors.FACTORS_PROOF_REFUSED();
    throw factorErrors.FACTORS_LOCKED({ retryAfterSeconds: secondsUntil(answer.lockedUntil, clock.now()) });
  }

  #byFactor(actor: Actor, proof: StepUpFactor) {
    const { uow, prove, clock } = this.#needs;
    return uow.write(actor, async (tx): Promise<Answer | { readonly lockedUntil: Date | null }> => {
      const place = { purpose: 'step-up', binding: bindingOf('step-up', String(actor.credential.id)) } as const;
      const outcome = await prove.prove(tx, actor.id, proof, place);
      await recordProof(tx, actor.id, outcome, 'step-up');
      if (!outcome.isProven) return { lockedUntil: outcome.lockedUntil };
      return this.#raise(tx, actor, { authenticatedAt: null, mfaAt: clock.now() }, proof.method);
    });
  }

  /** The attempt is counted before the password is looked at, so that a hundred at once are not a hundred guesses. */
  async #byPassword(actor: Actor, password: string): Promise<Answer | { readonly lockedUntil: Date | null }> {
    const { uow, factors, limits, isPassword, clock } = this.#needs;
    const counting = { tenantId: actor.tenantId, reason: 'an attempt that is taken back when it was right' };
    const before = await uow.writeUnaudited(counting, async (tx) => {
      const lockedUntil = await factors.lockAttempts(tx, actor.id);
      if (lockedUntil !== null) return { isLocked: true, lockedUntil };
      return { isLocked: false, lockedUntil: await factors.countFailure(tx, actor.id, await limits(tx)) };
    });
    const isRight = !before.isLocked && (await isPassword(actor, password));
    return uow.write(actor, async (tx) => {
      if (isRight) {
        await factors.forgetFailures(tx, actor.id);
        return this.#raise(tx, actor, { authenticatedAt: clock.now(), mfaAt: null }, 'password');
      }
      await tx.audit({
        action: 'second-factor.refused',
        resource: { type: 'user', id: actor.id },
        outcome: 'refused',
        reason: { code: before.isLocked ? 'LOCKED' : 'WRONG' },
        details: { method: 'password', purpose: 'step-up', isLocked: before.lockedUntil !== null },
      });
      return { lockedUntil: before.lockedUntil };
    });
  }

  async #raise(
    tx: WriteTransaction,
    actor: Actor,
    shown: { readonly authenticatedAt: Date | null; readonly mfaAt: Date | null },
    method: string,
  ): Promise<Answer> {
    const id = String(actor.credential.id);
    if (!(await this.#needs.sessions.raise(tx, { id, subjectId: actor.id }, shown)))
      throw factorErrors.FACTORS_PROOF_REFUSED();
    await tx.audit({ action: 'session.stepped-up', resource: { type: 'session', id }, details: { method } });
    const at = shown.authenticatedAt ?? actor.credential.authenticatedAt;
    const mfaAt = shown.mfaAt ?? actor.credential.mfaAt;
    return {
      authenticatedAt: at === null ? null : isoInstant(at),
      mfaAt: mfaAt === null ? null : isoInstant(mfaAt),
      maxAgeSeconds: actor.access.secondFactor.stepUpMaxAgeSeconds,
    };
  }
}
