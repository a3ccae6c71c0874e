import type { RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import { kernelErrors } from '../../../../kernel/errors.ts';
import { needWholeAccount } from '../../own-account.ts';
import { factorErrors } from '../domain/errors.ts';
import { passkeyView } from '../domain/views.ts';
import type { FactorParts } from '../factor-parts.ts';

type Needs = Pick<FactorParts, 'authorize' | 'uow' | 'passkeys'>;

/** Gives one of the own passkeys another name. Throws `FACTORS_NOT_FOUND` or `REQUEST_ETAG_MISMATCH`. */
export class RenamePasskey {
  readonly #needs: Needs;
  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async execute(
    actor: Actor,
    input: { readonly id: string; readonly name: string; readonly expectedVersion: number },
  ): Promise<RouteOutput<typeof routes.renamePasskey>> {
    await this.#needs.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    const { uow, passkeys } = this.#needs;
    await needWholeAccount(uow, actor);
    const { id, name, expectedVersion } = input;
    return uow.write(actor, async (tx) => {
      const stored = await passkeys.find(tx, id);
      if (stored?.subjectId !== actor.id) throw factorErrors.FACTORS_NOT_FOUND();
      const renamed = await passkeys.rename(tx, { id, subjectId: actor.id, name, version: expectedVersion });
      if (renamed === null) throw kernelErrors.REQUEST_ETAG_MISMATCH();
      await tx.audit({
        action: 'passkey.renamed',
        resource: { type: 'user', id: actor.id },
        details: { factorId: id, version: renamed.version },
      });
      return passkeyView(renamed);
    });
  }
}
