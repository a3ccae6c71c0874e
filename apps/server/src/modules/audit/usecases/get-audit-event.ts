import type { AuditEventView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { SubjectKeys } from '../../keys/index.ts';
import { auditErrors } from '../domain/errors.ts';
import type { TenantLogReader } from '../ports/log-reader.ts';
import { EventViews } from '../reading/event-views.ts';

/** One event of the actor's organization, as listings show it. */
export class GetAuditEvent {
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

  async execute(actor: Actor, eventId: string): Promise<AuditEventView> {
    await this.#authorize(actor, 'audit.read', { type: 'audit-event', id: eventId });
    return this.#uow.read(actor.tenantId, async (tx) => {
      const row = await this.#reader.findEvent(tx, eventId);
      if (row === null) throw auditErrors.AUDIT_EVENT_NOT_FOUND();
      return this.#views.view(tx, row);
    });
  }
}
