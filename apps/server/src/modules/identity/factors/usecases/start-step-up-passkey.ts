import type { PasskeyRequest } from '@quantumvault/api';
import { randomBytes } from '@quantumvault/crypto';
import type { Actor } from '../../../../kernel/actor.ts';
import { isoInstant } from '../../../../kernel/clock.ts';
import { bindingOf } from '../domain/ceremony.ts';
import { factorErrors } from '../domain/errors.ts';
import { needPerson } from '../domain/last-factor.ts';
import { requestOptions } from '../domain/relying-party.ts';
import type { FactorParts } from '../factor-parts.ts';

type Needs = Pick<FactorParts, 'authorize' | 'uow' | 'newId' | 'passkeys' | 'party'>;

/** Begins the ceremony with which a session is proven anew. Throws `FACTORS_NOT_FOUND` where there is no passkey. */
export class StartStepUpPasskey {
  readonly #needs: Needs;
  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async execute(actor: Actor): Promise<PasskeyRequest> {
    await this.#needs.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    needPerson(actor);
    const { uow, newId, passkeys, party } = this.#needs;
    const options = { tenantId: actor.tenantId, reason: 'a challenge; what is done with it is recorded' };
    return uow.writeUnaudited(options, async (tx) => {
      const known = await passkeys.list(tx, actor.id);
      if (known.length === 0) throw factorErrors.FACTORS_NOT_FOUND();
      const challenge = randomBytes(32);
      const id = newId<string>();
      const binding = bindingOf('step-up', String(actor.credential.id));
      const expiresAt = await passkeys.startCeremony(tx, { id, purpose: 'step-up', binding, challenge });
      if (expiresAt === null) throw factorErrors.FACTORS_BUSY();
      return {
        challengeId: id,
        expiresAt: isoInstant(expiresAt),
        options: requestOptions({ party, challenge, known }),
      };
    });
  }
}
