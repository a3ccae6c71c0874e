import type { PolicyView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { policyView } from '../domain/policy.ts';
import type { PolicyRepository } from '../ports/policy-repository.ts';

/** Protection policies of the organization, oldest first. */
export class ListPolicies {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #policies: PolicyRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; policies: PolicyRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#policies = options.policies;
  }

  async execute(actor: Actor, query: { limit: number; cursor?: string | undefined }): Promise<Page<PolicyView>> {
    await this.#authorize(actor, 'policy.read', { type: 'organization', id: actor.tenantId });
    const after = query.cursor === undefined ? null : String(decodeCursor(query.cursor, ['uuid'])[0]);
    const policies = await this.#uow.read(actor.tenantId, (tx) =>
      this.#policies.list(tx, { after, limit: query.limit + 1 }),
    );
    return pageOf(policies.map(policyView), query.limit, (policy) => [policy.id]);
  }
}
