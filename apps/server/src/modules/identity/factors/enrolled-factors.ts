import type { SecondFactorMethod } from '@quantumvault/api';
import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { SecondFactors } from '../sessions/ports/second-factors.ts';
import type { FactorRepository } from './ports/factor-repository.ts';
import type { PasskeyRepository } from './ports/passkey-repository.ts';

/** Whoever has a second factor is asked for it, whether or not the organization requires one. */
export class EnrolledFactors implements SecondFactors {
  readonly #factors: Pick<FactorRepository, 'activeTotp' | 'recoveryCodesLeft'>;
  readonly #passkeys: Pick<PasskeyRepository, 'list'>;
  constructor(options: {
    factors: Pick<FactorRepository, 'activeTotp' | 'recoveryCodesLeft'>;
    passkeys: Pick<PasskeyRepository, 'list'>;
  }) {
    this.#factors = options.factors;
    this.#passkeys = options.passkeys;
  }

  async required(tx: Transaction, { subjectId }: { readonly subjectId: ActorId }) {
    const methods: SecondFactorMethod[] = [];
    if ((await this.#factors.activeTotp(tx, subjectId)) !== null) methods.push('totp');
    if ((await this.#passkeys.list(tx, subjectId)).length > 0) methods.push('passkey');
    if (methods.length === 0) return null;
    if ((await this.#factors.recoveryCodesLeft(tx, subjectId)) > 0) methods.push('recovery-code');
    return { methods };
  }
}
