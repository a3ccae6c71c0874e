import type { AuditEventView } from '@quantumvault/api';
import { type AuditEvent, type DetailValue, encodeBase64, type SealedField } from '@quantumvault/tlog';
import { isoInstant } from '../../../kernel/clock.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { SubjectKeys } from '../../keys/index.ts';
import { instantOf } from '../domain/committed-event.ts';
import { eventOfRow } from '../domain/leaf-of-row.ts';
import type { ListedEvent } from '../ports/log-reader.ts';

/** Events as the interface shows them, read from their committed form; sealed fields are opened. */
export class EventViews {
  readonly #subjectKeys: Pick<SubjectKeys, 'read'>;

  constructor(subjectKeys: Pick<SubjectKeys, 'read'>) {
    this.#subjectKeys = subjectKeys;
  }

  async view(tx: Transaction, row: ListedEvent): Promise<AuditEventView> {
    const event = eventOfRow(row);
    if (event === null) return plainView(row);
    return {
      ...plainView(row),
      time: isoInstant(instantOf(event.time)),
      source: await this.#open(tx, event.source, 'source'),
      reason:
        event.reason === null
          ? null
          : { code: event.reason.code, text: await this.#open(tx, event.reason.text, 'reason') },
      riskScore: event.riskScore,
      details: detailsView(event),
    };
  }

  /** null once the subject's key is destroyed, and for what its key does not open. */
  async #open(tx: Transaction, sealed: SealedField | null, field: 'source' | 'reason'): Promise<string | null> {
    if (sealed === null) return null;
    const { subjectKey: keyId, suite, bytes } = sealed;
    try {
      return await this.#subjectKeys.read(tx, { keyId, suite, bytes }, field);
    } catch (error) {
      if (error instanceof Error && error.name === 'CryptoError') return null;
      throw error;
    }
  }
}

/** What the query columns say; all that can be shown of a row whose event is damaged. */
export function plainView(row: ListedEvent): AuditEventView {
  return {
    id: row.id,
    time: isoInstant(instantOf(row.occurredAtMicros)),
    action: row.action,
    outcome: row.outcome,
    actor: { kind: row.actorKind, id: row.actorId },
    resource: { type: row.resourceType, id: row.resourceId },
    requestId: row.requestId,
    source: null,
    reason: null,
    riskScore: 0,
    details: { damaged: true },
    logIndex: row.logIndex === null ? null : Number(row.logIndex),
    tenantSequence: row.tenantSequence === null ? null : Number(row.tenantSequence),
  };
}

function detailsView({ details }: AuditEvent): AuditEventView['details'] {
  const view: Record<string, string | number | boolean | null> = {};
  for (const [key, value] of Object.entries(details)) view[key] = scalarView(value);
  return view;
}

function scalarView(value: DetailValue): string | number | boolean | null {
  if (value instanceof Uint8Array) return encodeBase64(value);
  return typeof value === 'bigint' ? String(value) : value;
}
