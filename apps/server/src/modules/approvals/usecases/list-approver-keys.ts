import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { approverKeyView } from '../domain/approver-key.ts';
import type { ApproverKeys } from '../ports/approver-keys.ts';

/** One's own keys for signing approvals, oldest first. */
export class ListApproverKeys {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #keys: ApproverKeys;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; keys: ApproverKeys }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#keys = options.keys;
  }

  async execute(actor: Actor): Promise<RouteOutput<Routes['listApproverKeys']>> {
    await this.#authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    const keys = await this.#uow.read(actor.tenantId, (tx) => this.#keys.of(tx, actor.id));
    return { items: keys.map(approverKeyView) };
  }
}
