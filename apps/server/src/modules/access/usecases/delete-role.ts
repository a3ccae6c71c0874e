import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { accessErrors } from '../errors.ts';
import type { RoleRepository } from '../ports/role-repository.ts';

/** Deletes a role that nobody holds or is denied. Throws `ACCESS_ROLE_NOT_FOUND` or `ACCESS_ROLE_IN_USE`. */
export class DeleteRole {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #roles: RoleRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; roles: RoleRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#roles = options.roles;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#authorize(actor, 'role.delete', { type: 'role', id });
    await this.#uow.write(actor, async (tx) => {
      const role = await this.#roles.findForUpdate(tx, id);
      if (role === null) throw accessErrors.ACCESS_ROLE_NOT_FOUND();
      if (await this.#roles.isHeld(tx, id)) throw accessErrors.ACCESS_ROLE_IN_USE();
      await this.#roles.delete(tx, id);
      await tx.audit({ action: 'role.deleted', resource: { type: 'role', id }, details: { name: role.name } });
    });
  }
}
