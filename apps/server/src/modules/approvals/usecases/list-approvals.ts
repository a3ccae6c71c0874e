import type { ApprovalSummary, RouteInput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { May } from '../../access/index.ts';
import type { ApprovalRepository } from '../ports/approval-repository.ts';
import { type ApprovalViews, seesAll } from '../view.ts';

/** The inbox: requests, what was asked or changed last first. Who may not decide sees those that it has asked or decided. */
export class ListApprovals {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #repository: ApprovalRepository;
  readonly #views: ApprovalViews;
  readonly #may: May;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    repository: ApprovalRepository;
    views: ApprovalViews;
    may: May;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#repository = options.repository;
    this.#views = options.views;
    this.#may = options.may;
  }

  async execute(actor: Actor, query: RouteInput<Routes['listApprovals']>['query']): Promise<Page<ApprovalSummary>> {
    await this.#authorize(actor, 'approval.read', { type: 'organization', id: actor.tenantId });
    const { mine, status, order, limit, cursor } = query;
    const before = cursor === undefined ? null : positionOf(cursor);
    const rows = await this.#uow.read(actor.tenantId, async (tx) => {
      const requests = await this.#repository.list(tx, {
        status,
        order,
        before,
        limit: limit + 1,
        ...(mine === 'requested' ? { requesterId: actor.id } : {}),
        ...(mine === 'decided' ? { decidedBy: actor.id } : {}),
        ...(mine === 'to-decide' ? { openFor: actor.id } : {}),
        ...(seesAll(this.#may, actor) ? {} : { concerning: actor.id }),
      });
      return this.#views.summaries(tx, requests);
    });
    return pageOf(rows, limit, ({ id, changedAt }) => [Date.parse(changedAt), id]);
  }
}

/** The same for both orders, so that a cursor of one is no secret mistake in the other. */
function positionOf(cursor: string): { readonly id: string; readonly changedAt: Date } {
  const [changedAt, id] = decodeCursor(cursor, ['number', 'uuid']);
  const instant = new Date(Number(changedAt));
  if (!(instant.getTime() >= 0)) throw kernelErrors.REQUEST_CURSOR_INVALID();
  return { id: String(id), changedAt: instant };
}
