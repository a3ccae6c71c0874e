import { sql } from 'kysely';
import type { NewRow, Sql } from '../../../platform/postgres/schema.ts';
import { type CommittedEvent, instantOf } from '../domain/committed-event.ts';

type EventRow = NewRow<'audit_event'>;

/** An event as its row: the committed bytes, and beside them what queries look for. */
export function rowOf({ event, bytes }: CommittedEvent): EventRow {
  return {
    id: event.id,
    tenant_id: event.tenant,
    occurred_at: instantOf(event.time),
    action: event.action,
    outcome: event.outcome,
    actor_kind: event.actor.kind,
    actor_id: event.actor.id,
    resource_type: event.resource.type,
    resource_id: event.resource.id,
    request_id: event.requestId,
    event: bytes,
  };
}

/**
 * Inserts events with their pending marks (AUD-4), in one round trip and in the transaction of the effects. It reads
 * nothing back: the role that records platform events may insert and not look.
 */
export async function insertEvents(db: Sql, events: readonly EventRow[]): Promise<void> {
  if (events.length === 0) return;
  const column = <N extends keyof EventRow>(name: N) => events.map((row) => row[name] ?? null);
  await sql`
    WITH given AS (
      SELECT * FROM unnest(${column('id')}::uuid[], ${column('tenant_id')}::uuid[], ${column('occurred_at')}::timestamptz[],
                           ${column('action')}::text[], ${column('outcome')}::text[], ${column('actor_kind')}::text[],
                           ${column('actor_id')}::uuid[], ${column('resource_type')}::text[], ${column('resource_id')}::text[],
                           ${column('request_id')}::text[], ${column('event')}::bytea[])
        AS given (id, tenant_id, occurred_at, action, outcome, actor_kind, actor_id, resource_type, resource_id, request_id, event)
    ), recorded AS (
      INSERT INTO audit_event (id, tenant_id, occurred_at, action, outcome, actor_kind, actor_id,
                               resource_type, resource_id, request_id, event)
      SELECT * FROM given
    )
    INSERT INTO audit_pending (event_id, tenant_id) SELECT id, tenant_id FROM given`.execute(db);
}
