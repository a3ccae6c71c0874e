import type { RouteOutput, routes } from '@quantumvault/api';
import { SecretBytes } from '@quantumvault/crypto';
import type { Actor } from '../../../../kernel/actor.ts';
import { isoInstant } from '../../../../kernel/clock.ts';
import { factorErrors } from '../domain/errors.ts';
import { needPerson } from '../domain/last-factor.ts';
import { totpEnrolment, totpForm } from '../domain/totp.ts';
import type { FactorParts } from '../factor-parts.ts';
import { totpContext } from '../prove-factor.ts';

type Needs = Pick<FactorParts, 'authorize' | 'uow' | 'newId' | 'tenantKeys' | 'accounts' | 'factors'>;

/**
 * First step of an enrolment: makes the secret and shows it, the only time. An app that is in use stays so until a code
 * of the new one was given. Throws `FACTORS_USERS_ONLY`.
 */
export class StartTotp {
  readonly #needs: Needs;
  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async execute(actor: Actor): Promise<RouteOutput<typeof routes.startTotp>> {
    await this.#needs.authorize(actor, 'identity.secure', { type: 'user', id: actor.id });
    needPerson(actor);
    const { uow, newId, tenantKeys, accounts, factors } = this.#needs;
    using secret = SecretBytes.random(totpForm.secretBytes);
    // Awaited here: the secret is erased when this function ends.
    return await uow.write(actor, async (tx) => {
      const account = await accounts.nameOf(tx, actor.id);
      if (account === null) throw factorErrors.FACTORS_USERS_ONLY();
      const id = newId<string>();
      const wrapped = await tenantKeys.wrap(tx, totpContext(actor.id, id), secret);
      const expiresAt = await factors.startTotp(tx, actor.id, { id, secret: wrapped });
      await tx.audit({
        action: 'second-factor.enrolment-started',
        resource: { type: 'user', id: actor.id },
        details: { method: 'totp', factorId: id },
      });
      return { ...totpEnrolment({ secret, issuer: 'QuantumVault', account }), expiresAt: isoInstant(expiresAt) };
    });
  }
}
