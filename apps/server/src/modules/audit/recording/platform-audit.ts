import type { Clock } from '../../../kernel/clock.ts';
import { type EventId, type NewId, platformTenantId } from '../../../kernel/ids.ts';
import { systemActorId } from '../../../kernel/system-actor.ts';
import type { AuditEntry } from '../../../kernel/unit-of-work.ts';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { databaseFailure } from '../../../platform/postgres/unit-of-work.ts';
import { commitEvent } from '../domain/committed-event.ts';
import { auditErrors } from '../domain/errors.ts';
import { insertEvents, rowOf } from './insert-event.ts';

/** Events of the installation itself, which belong to no organization: start, stop, unsealing, first boot. */
export class PlatformAudit {
  readonly #db: Sql;
  readonly #clock: Clock;
  readonly #newId: NewId;

  /** `db` is the role `qv_audit`, which may insert events and read nothing. */
  constructor(options: { db: Sql; clock: Clock; newId: NewId }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#newId = options.newId;
  }

  /** Durable when it returns: call it before the effect becomes visible. Free text is refused, there is nobody's key to seal it. */
  async record(entry: AuditEntry): Promise<void> {
    if (entry.reason?.text !== undefined)
      throw auditErrors.AUDIT_EVENT_INVALID({ detail: 'a platform event carries no free text' });
    const committed = commitEvent(entry, {
      id: this.#newId<EventId>(),
      tenantId: platformTenantId,
      occurredAt: this.#clock.now(),
      actor: { kind: 'system', id: systemActorId },
      session: null,
      source: null,
      reasonText: null,
      requestId: null,
    });
    try {
      await insertEvents(this.#db, [rowOf(committed)]);
    } catch (error) {
      throw databaseFailure(error);
    }
  }
}
