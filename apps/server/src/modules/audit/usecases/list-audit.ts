import type { AuditEventView } from '@quantumvault/api';
import { type AuditEvent, type DetailValue, encodeBase64, type SealedField } from '@quantumvault/tlog';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { isoInstant } from '../../../kernel/clock.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { Transaction, UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { SubjectKeys } from '../../keys/index.ts';
import { instantOf } from '../domain/committed-event.ts';
import { eventOfRow } from '../domain/leaf-of-row.ts';
import type { ListedEvent, TenantLogReader } from '../ports/log-reader.ts';

export interface ListAuditQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly action?: string | undefined;
  readonly resourceId?: string | undefined;
}

/** Events of the actor's organization, newest first, read from their committed form; sealed fields are opened. */
export class ListAudit {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #reader: TenantLogReader;
  readonly #subjectKeys: Pick<SubjectKeys, 'read'>;

  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    reader: TenantLogReader;
    subjectKeys: Pick<SubjectKeys, 'read'>;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#reader = options.reader;
    this.#subjectKeys = options.subjectKeys;
  }

  async execute(actor: Actor, query: ListAuditQuery): Promise<Page<AuditEventView>> {
    await this.#authorize(actor, 'audit.read', { type: 'organization', id: actor.tenantId });
    const before = query.cursor === undefined ? null : String(decodeCursor(query.cursor, ['uuid'])[0]);
    const { action, resourceId, limit } = query;
    return this.#uow.read(actor.tenantId, async (tx) => {
      const rows = await this.#reader.listEvents(tx, { before, action, resourceId, limit: limit + 1 });
      const views: AuditEventView[] = [];
      // The row beyond the page only tells that there is a next one: nothing of it is opened.
      for (const [at, row] of rows.entries()) views.push(at < limit ? await this.#view(tx, row) : plainView(row));
      return pageOf(views, limit, (item) => [item.id]);
    });
  }

  async #view(tx: Transaction, row: ListedEvent): Promise<AuditEventView> {
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
function plainView(row: ListedEvent): AuditEventView {
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
