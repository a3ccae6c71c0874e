import type { AuditEventView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { SubjectKeys } from '../../keys/index.ts';
import type { TenantLogReader } from '../ports/log-reader.ts';
import { EventViews, plainView } from '../reading/event-views.ts';

export interface ListAuditQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly action?: string | undefined;
  readonly resourceId?: string | undefined;
  /** `from` <= time < `to` */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Events of the actor's organization, newest first, read from their committed form; sealed fields are opened. */
export class ListAudit {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #reader: TenantLogReader;
  readonly #views: EventViews;

  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    reader: TenantLogReader;
    subjectKeys: Pick<SubjectKeys, 'read'>;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#reader = options.reader;
    this.#views = new EventViews(options.subjectKeys);
  }

  async execute(actor: Actor, query: ListAuditQuery): Promise<Page<AuditEventView>> {
    await this.#authorize(actor, 'audit.read', { type: 'organization', id: actor.tenantId });
    const before = query.cursor === undefined ? null : String(decodeCursor(query.cursor, ['uuid'])[0]);
    const { action, resourceId, limit } = query;
    const [from, to] = [query.from, query.to].map((text) => (text === undefined ? undefined : new Date(text)));
    return this.#uow.read(actor.tenantId, async (tx) => {
      const rows = await this.#reader.listEvents(tx, { before, action, resourceId, from, to, limit: limit + 1 });
      const views: AuditEventView[] = [];
      // The row beyond the page only tells that there is a next one: nothing of it is opened.
      for (const [at, row] of rows.entries()) views.push(at < limit ? await this.#views.view(tx, row) : plainView(row));
      return pageOf(views, limit, (item) => [item.id]);
    });
  }
}
