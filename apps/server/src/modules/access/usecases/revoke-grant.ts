import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate, PlanOf } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Transaction, UnitOfWork, WriteTransaction } from '../../../kernel/unit-of-work.ts';
import { refuseEscalation } from '../domain/escalation.ts';
import { roleOfName } from '../domain/give.ts';
import { accessErrors } from '../errors.ts';
import type { GrantRepository } from '../ports/grant-repository.ts';
import type { PlaceDirectory } from '../ports/place-directory.ts';
import type { RoleRepository } from '../ports/role-repository.ts';
import { recordingRefusals } from '../refusals.ts';

export interface RevokeGrantOptions {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly approvals: ApprovalGate;
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
    const { uow, grants, roles, places, approvals } = this.#options;
    const place = await places.placeOf(actor.tenantId, { type: 'grant', id });
    const asked = { actor, action: 'grant.revoke', resource: { type: 'grant', id } } as const;
    const ticket = await approvals.gate(actor, {
      operation: 'grant.revoke',
      resource: asked.resource,
      plan: (tx) => this.#plan(tx, id),
    });
    const revoke = async (tx: WriteTransaction): Promise<void> => {
      const grant = await grants.findForUpdate(tx, id);
      if (grant === null) throw accessErrors.ACCESS_GRANT_NOT_FOUND();
      if (grant.revokedAt !== null) throw accessErrors.ACCESS_GRANT_REVOKED();
      if (grant.effect === 'deny') {
        if (grant.subjectId === actor.id) throw accessErrors.ACCESS_SELF_GRANT();
        const { permissions } = await roleOfName(grant.role, (inTx, name) => roles.findByName(inTx, name), tx);
        refuseEscalation(actor, { permissions, place });
      }
      const hadAdministrators = await grants.countAdministrators(tx);
      await ticket.consume(tx);
      await grants.revoke(tx, id);
      if (hadAdministrators > 0 && (await grants.countAdministrators(tx)) === 0)
        throw accessErrors.ACCESS_LAST_ADMINISTRATOR();
      await tx.audit({
        action: 'grant.revoked',
        resource: { type: 'grant', id },
        details: { subjectId: grant.subjectId, role: grant.role, effect: grant.effect, source: grant.source },
      });
    };
    await recordingRefusals(uow, asked, () => uow.write(actor, revoke));
  }

  async #plan(tx: Transaction, id: string): Promise<PlanOf<'grant.revoke'>> {
    const { grants } = this.#options;
    const grant = await grants.find(tx, id);
    if (grant === null) throw accessErrors.ACCESS_GRANT_NOT_FOUND();
    const { subjectId, effect, role, place } = grant;
    const subjectName = (await grants.nameOf(tx, subjectId)) ?? '';
    return {
      grantId: id,
      subjectId,
      subjectName,
      effect,
      role,
      environmentId: place?.environmentId ?? null,
      projectId: place?.projectId ?? null,
      serviceId: place?.serviceId ?? null,
    };
  }
}
