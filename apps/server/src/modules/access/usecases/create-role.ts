import type { RoleView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { NewId, RoleId } from '../../../kernel/ids.ts';
import { isRole, type Permission } from '../../../kernel/permissions.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { refuseEscalation } from '../domain/escalation.ts';
import { customRolesMax, roleView } from '../domain/role.ts';
import { accessErrors } from '../errors.ts';
import type { RoleRepository } from '../ports/role-repository.ts';

export interface CreateRoleInput {
  readonly name: string;
  readonly description?: string | undefined;
  readonly permissions: readonly Permission[];
}

/**
 * Makes a role of permissions that the actor holds for good. Throws `ACCESS_ESCALATION`, `ACCESS_ROLE_EXISTS` or
 * `ACCESS_ROLES_FULL`.
 */
export class CreateRole {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #roles: RoleRepository;
  readonly #newId: NewId;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; roles: RoleRepository; newId: NewId }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#roles = options.roles;
    this.#newId = options.newId;
  }

  async execute(actor: Actor, input: CreateRoleInput): Promise<RoleView> {
    await this.#authorize(actor, 'role.create', { type: 'organization', id: actor.tenantId });
    refuseEscalation(actor, { permissions: input.permissions, place: null });
    if (isRole(input.name)) throw accessErrors.ACCESS_ROLE_EXISTS();
    return this.#uow.write(actor, async (tx) => {
      if ((await this.#roles.count(tx)) >= customRolesMax) throw accessErrors.ACCESS_ROLES_FULL();
      const role = await this.#roles.insert(tx, {
        id: this.#newId<RoleId>(),
        ...input,
        description: input.description ?? '',
      });
      if (role === null) throw accessErrors.ACCESS_ROLE_EXISTS();
      await tx.audit({
        action: 'role.created',
        resource: { type: 'role', id: role.id },
        details: { name: role.name, permissions: role.permissions.join(' ') },
      });
      return roleView(role);
    });
  }
}
