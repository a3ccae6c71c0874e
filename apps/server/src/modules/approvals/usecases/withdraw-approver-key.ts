import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { approvalErrors } from '../domain/errors.ts';
import type { ApproverKeys } from '../ports/approver-keys.ts';

/** Withdraws one's own key: it signs nothing any more, and stays to check what it has signed. Throws `APPROVALS_KEY_NOT_FOUND`. */
export class WithdrawApproverKey {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #keys: ApproverKeys;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; keys: ApproverKeys }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#keys = options.keys;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#authorize(actor, 'approval.sign', { type: 'user', id: actor.id });
    await this.#uow.write(actor, async (tx) => {
      if (!(await this.#keys.withdraw(tx, { id, subjectId: actor.id }))) throw approvalErrors.APPROVALS_KEY_NOT_FOUND();
      await tx.audit({ action: 'approver-key.withdrawn', resource: { type: 'approver-key', id } });
    });
  }
}
