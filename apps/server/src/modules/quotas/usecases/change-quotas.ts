import { type ChangeQuotas as Change, type QuotaView, quotaKinds } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { idFrom, type TenantId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { tenancyErrors } from '../../tenancy/index.ts';
import { listOfQuotas, type QuotaParts } from '../list-of-quotas.ts';

/**
 * The platform sets quotas of one organization, its own included, or takes them back to the settings. Throws
 * `TENANCY_ORGANIZATION_NOT_FOUND`, also to whoever is not of the platform's organization.
 */
export class ChangeQuotas {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #parts: QuotaParts;
  constructor(options: QuotaParts & { authorize: Authorize; uow: UnitOfWork }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#parts = options;
  }

  async execute(actor: Actor, id: string, change: Change): Promise<{ readonly items: readonly QuotaView[] }> {
    await this.#authorize(actor, 'quota.update', { type: 'organization', id });
    const { quotas, tenancy } = this.#parts;
    const facts = Object.fromEntries(
      Object.entries(change).flatMap(([kind, quota]) => (quota === undefined ? [] : [[kind, quota]])),
    );
    const event = { action: 'quota.updated', resource: { type: 'organization', id }, details: facts };
    const items = await this.#uow.writeInto(actor, async (tx, into) => {
      if ((await tenancy.findAny(tx, id)) === null) throw tenancyErrors.TENANCY_ORGANIZATION_NOT_FOUND();
      const after = await into(idFrom<TenantId>(id), async (inside) => {
        for (const kind of quotaKinds) {
          const quota = change[kind];
          if (quota !== undefined) await quotas.override(inside, kind, quota);
        }
        await inside.audit(event);
        return listOfQuotas(inside, this.#parts);
      });
      await tx.audit(event);
      return after;
    });
    return { items };
  }
}
