import type { PasskeyCreation } from '@quantumvault/api';
import { randomBytes } from '@quantumvault/crypto';
import type { Actor } from '../../../../kernel/actor.ts';
import { isoInstant } from '../../../../kernel/clock.ts';
import { bindingOf } from '../domain/ceremony.ts';
import { factorErrors } from '../domain/errors.ts';
import { needPerson } from '../domain/last-factor.ts';
import { creationOptions } from '../domain/relying-party.ts';
import type { FactorParts } from '../factor-parts.ts';

type Needs = Pick<FactorParts, 'authorize' | 'uow' | 'newId' | 'accounts' | 'passkeys' | 'party'>;

export const passkeysMax = 20;

/** Begins the registration of a passkey. Throws `FACTORS_PASSKEYS_MAX` and `FACTORS_BUSY`. */
export class StartPasskey {
  readonly #needs: Needs;
  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async execute(actor: Actor): Promise<PasskeyCreation> {
    await this.#needs.authorize(actor, 'identity.secure', { type: 'user', id: actor.id });
    needPerson(actor);
    const { uow, newId, accounts, passkeys, party } = this.#needs;
    return uow.write(actor, async (tx) => {
      const account = await accounts.nameOf(tx, actor.id);
      if (account === null) throw factorErrors.FACTORS_USERS_ONLY();
      const known = await passkeys.list(tx, actor.id);
      if (known.length >= passkeysMax) throw factorErrors.FACTORS_PASSKEYS_MAX();
      const challenge = randomBytes(32);
      const id = newId<string>();
      const ceremony = { id, purpose: 'register', binding: bindingOf('register', actor.id), challenge } as const;
      const expiresAt = await passkeys.startCeremony(tx, ceremony);
      if (expiresAt === null) throw factorErrors.FACTORS_BUSY();
      await tx.audit({
        action: 'second-factor.enrolment-started',
        resource: { type: 'user', id: actor.id },
        details: { method: 'passkey', factorId: null },
      });
      const user = { tenantId: actor.tenantId, subjectId: actor.id, account };
      return {
        challengeId: id,
        expiresAt: isoInstant(expiresAt),
        options: creationOptions({ party, user, challenge, known }),
      };
    });
  }
}
