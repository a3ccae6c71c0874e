import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { refuseEscalation } from '../domain/escalation.ts';
import { roleOfName } from '../domain/give.ts';
import { accessErrors } from '../errors.ts';
import type { GrantRepository } from '../ports/grant-repository.ts';
import type { PlaceDirectory } from '../ports/place-directory.ts';
import type { RoleRepository } from '../ports/role-repository.ts';

export interface RevokeGrantOptions {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly grants: GrantRepository;
  readonly roles: RoleRepository;
  readonly places: PlaceDirectory;
}

/**
 * Revokes a grant; it counts for the next request. To lift a denial is to give, and what holds for giving holds for it.
 * Throws `ACCESS_GRANT_NOT_FOUND`, `ACCESS_GRANT_REVOKED`, `ACCESS_LAST_ADMINISTRATOR`, `ACCESS_SELF_GRANT` or
 * `ACCESS_ESCALATION`.
 */
export class RevokeGrant {
  readonly #authorize: Authorize;
  readonly #options: RevokeGrantOptions;
  constructor(options: RevokeGrantOptions) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#authorize(actor, 'grant.revoke', { type: 'grant', id });
    const { uow, grants, roles, places } = this.#options;
    const place = await places.placeOf(actor.tenantId, { type: 'grant', id });
    await uow.write(actor, async (tx) => {
      const grant = await grants.findForUpdate(tx, id);
      if (grant === null) throw accessErrors.ACCESS_GRANT_NOT_FOUND();
      if (grant.revokedAt !== null) throw accessErrors.ACCESS_GRANT_REVOKED();
      if (grant.effect === 'deny') {
        if (grant.subjectId === actor.id) throw accessErrors.ACCESS_SELF_GRANT();
        const { permissions } = await roleOfName(grant.role, (inTx, name) => roles.findByName(inTx, name), tx);
        refuseEscalation(actor, { permissions, place });
      }
      const hadAdministrators = await grants.countAdministrators(tx);
      await grants.revoke(tx, id);
      if (hadAdministrators > 0 && (await grants.countAdministrators(tx)) === 0)
        throw accessErrors.ACCESS_LAST_ADMINISTRATOR();
      await tx.audit({
        action: 'grant.revoked',
        resource: { type: 'grant', id },
        details: { subjectId: grant.subjectId, role: grant.role, effect: grant.effect, source: grant.source },
      });
    });
  }
}
