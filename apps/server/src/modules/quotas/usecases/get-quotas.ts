import type { QuotaView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { idFrom, type TenantId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { May } from '../../access/index.ts';
import { tenancyErrors } from '../../tenancy/index.ts';
import { listOfQuotas, type QuotaParts } from '../list-of-quotas.ts';

/** What an organization may have and what it uses: the own one, any for the platform. Throws `TENANCY_ORGANIZATION_NOT_FOUND`. */
export class GetQuotas {
  readonly #authorize: Authorize;
  readonly #may: May;
  readonly #uow: UnitOfWork;
  readonly #parts: QuotaParts;
  constructor(options: QuotaParts & { authorize: Authorize; may: May; uow: UnitOfWork }) {
    this.#authorize = options.authorize;
    this.#may = options.may;
    this.#uow = options.uow;
    this.#parts = options;
  }

  async execute(actor: Actor, id: string): Promise<{ readonly items: readonly QuotaView[] }> {
    await this.#authorize(actor, 'quota.read', { type: 'organization', id });
    if (id !== actor.tenantId) await this.#needOther(actor, id);
    return { items: await this.#uow.read(idFrom<TenantId>(id), (tx) => listOfQuotas(tx, this.#parts)) };
  }

  async #needOther(actor: Actor, id: string): Promise<void> {
    const found = this.#may(actor, 'organization.list')
      ? await this.#uow.read(actor.tenantId, (tx) => this.#parts.tenancy.findAny(tx, id))
      : null;
    if (found === null) throw tenancyErrors.TENANCY_ORGANIZATION_NOT_FOUND();
  }
}
