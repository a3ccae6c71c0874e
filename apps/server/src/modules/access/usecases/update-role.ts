import type { RoleView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import { isRole, type Permission } from '../../../kernel/permissions.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { refuseEscalation } from '../domain/escalation.ts';
import { roleView } from '../domain/role.ts';
import { accessErrors } from '../errors.ts';
import type { RoleRepository } from '../ports/role-repository.ts';

export interface UpdateRoleInput {
  readonly id: string;
  readonly expectedVersion: number;
  readonly change: {
    readonly name?: string | undefined;
    readonly description?: string | undefined;
    readonly permissions?: readonly Permission[] | undefined;
  };
}

/**
 * Changes a role, for everybody who holds it and at once: so what is added must be held by the actor, as if it were
 * granted. Throws `ACCESS_ROLE_NOT_FOUND`, `ACCESS_ESCALATION`, `ACCESS_ROLE_EXISTS` or `REQUEST_ETAG_MISMATCH`.
 */
export class UpdateRole {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #roles: RoleRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; roles: RoleRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#roles = options.roles;
  }

  async execute(actor: Actor, { id, expectedVersion, change }: UpdateRoleInput): Promise<RoleView> {
    await this.#authorize(actor, 'role.update', { type: 'role', id });
    return this.#uow.write(actor, async (tx) => {
      const before = await this.#roles.findForUpdate(tx, id);
      if (before === null) throw accessErrors.ACCESS_ROLE_NOT_FOUND();
      if (before.version !== expectedVersion) throw kernelErrors.REQUEST_ETAG_MISMATCH();
      const { name = before.name, description = before.description, permissions = before.permissions } = change;
      const added = permissions.filter((permission) => !before.permissions.includes(permission));
      const removed = before.permissions.filter((permission) => !permissions.includes(permission));
      // What is taken away counts too: a role that somebody is denied gives back what is taken out of it.
      refuseEscalation(actor, { permissions: [...added, ...removed], place: null });
      const role = isRole(name) ? null : await this.#roles.change(tx, id, { name, description, permissions });
      if (role === null) throw accessErrors.ACCESS_ROLE_EXISTS();
      await tx.audit({
        action: 'role.updated',
        resource: { type: 'role', id },
        details: { name, added: added.join(' '), removed: removed.join(' '), version: role.version },
      });
      return roleView(role);
    });
  }
}
