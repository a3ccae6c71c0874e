import type { SealedField } from '@quantumvault/tlog';
import type { Actor } from '../../../kernel/actor.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { EventId, NewId } from '../../../kernel/ids.ts';
import type { AuditEntry } from '../../../kernel/unit-of-work.ts';
import type {
  AuditAppender,
  EncodedAudit,
  PreparedAudit,
  SqlTransaction,
} from '../../../platform/postgres/unit-of-work.ts';
import type { SubjectKey, SubjectKeys } from '../../keys/index.ts';
import { commitEvent } from '../domain/committed-event.ts';
import { auditErrors } from '../domain/errors.ts';
import { insertEvents, rowOf } from './insert-event.ts';

/** Fields of an event that are sealed, as the subject's key binds them. */
export const sealedFields = { source: 'source', reason: 'reason' } as const;

/** Personal data of an event: ciphertext under the subject's key from the first moment (AUD-2). */
export function sealField(key: SubjectKey, field: keyof typeof sealedFields, text: string): SealedField {
  const sealed = key.seal(sealedFields[field], text);
  return { subjectKey: key.id, suite: sealed.suite, bytes: sealed.bytes };
}

/** Writes the events of use cases into the transaction of their effect (AUD-1). */
export class PostgresAuditAppender implements AuditAppender {
  readonly #subjectKeys: () => SubjectKeys;
  readonly #clock: Clock;
  readonly #newId: NewId;
  #onAppended: () => void = () => {};

  /** `subjectKeys` is asked for late: making a subject's key needs the unit of work, which needs this appender. */
  constructor(options: { subjectKeys: () => SubjectKeys; clock: Clock; newId: NewId }) {
    this.#subjectKeys = options.subjectKeys;
    this.#clock = options.clock;
    this.#newId = options.newId;
  }

  /** Tells a sequencer in this process that there will be work; the event is not committed yet when it is called. */
  set onAppended(listener: () => void) {
    this.#onAppended = listener;
  }

  async prepare(actor: Actor): Promise<PreparedAudit> {
    const key = await this.#subjectKey(actor);
    const address = actor.request.sourceAddress;
    const source = key === null || address === null ? null : sealField(key, 'source', address);
    return { encode: (entry) => this.#encode(entry, { actor, key, source }) };
  }

  async insert(db: SqlTransaction, events: readonly EncodedAudit[]): Promise<void> {
    await insertEvents(db, events);
    this.#onAppended();
  }

  /**
   * A user's events are sealed under the user's key, a job's under the organization's own; the installation itself is
   * no person and has none, so its events carry no free text.
   */
  async #subjectKey(actor: Actor): Promise<SubjectKey | null> {
    if (actor.kind === 'system') return null;
    return this.#subjectKeys().forSubject(actor.tenantId, actor.kind === 'user' ? actor.id : actor.tenantId);
  }

  #encode(entry: AuditEntry, by: { actor: Actor; key: SubjectKey | null; source: SealedField | null }): EncodedAudit {
    const text = entry.reason?.text;
    if (text !== undefined && by.key === null)
      throw auditErrors.AUDIT_EVENT_INVALID({ detail: 'an event of the system itself carries no free text' });
    const committed = commitEvent(entry, {
      id: this.#newId<EventId>(),
      tenantId: by.actor.tenantId,
      occurredAt: this.#clock.now(),
      actor: { kind: by.actor.kind, id: by.actor.id },
      session: by.actor.credential.id,
      source: by.source,
      reasonText: text === undefined || by.key === null ? null : sealField(by.key, 'reason', text),
      requestId: by.actor.request.id,
    });
    return rowOf(committed);
  }
}
