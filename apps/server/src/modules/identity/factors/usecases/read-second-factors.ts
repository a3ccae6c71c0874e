import type { RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import { isoInstant } from '../../../../kernel/clock.ts';
import { passkeyView } from '../domain/views.ts';
import type { FactorParts } from '../factor-parts.ts';

type Needs = Pick<FactorParts, 'authorize' | 'uow' | 'factors' | 'passkeys'>;

/** What an actor has, and what its organization demands of it. */
export class ReadSecondFactors {
  readonly #needs: Needs;
  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async execute(actor: Actor): Promise<RouteOutput<typeof routes.getSecondFactors>> {
    await this.#needs.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    const { uow, factors, passkeys } = this.#needs;
    const { isRequired, stepUpMaxAgeSeconds } = actor.access.secondFactor;
    return uow.read(actor.tenantId, async (tx) => {
      const totp = await factors.activeTotp(tx, actor.id);
      const keys = await passkeys.list(tx, actor.id);
      return {
        isRequired,
        isEnrolled: totp !== null || keys.length > 0,
        totp:
          totp === null
            ? null
            : {
                createdAt: isoInstant(totp.createdAt),
                lastUsedAt: totp.lastUsedAt === null ? null : isoInstant(totp.lastUsedAt),
              },
        passkeys: keys.map(passkeyView),
        recoveryCodesLeft: await factors.recoveryCodesLeft(tx, actor.id),
        stepUpMaxAgeSeconds,
      };
    });
  }
}
