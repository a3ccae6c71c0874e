import { sql } from 'kysely';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { type CommittedEvent, instantOf } from '../domain/committed-event.ts';

/**
 * Inserts an event with its pending mark (AUD-4), in one round trip and in the transaction of the effect. It reads
 * nothing back: the role that records platform events may insert and not look.
 */
export async function insertEvent(db: Sql, { event, bytes }: CommittedEvent): Promise<void> {
  await sql`
    WITH recorded AS (
      INSERT INTO audit_event (id, tenant_id, occurred_at, action, outcome, actor_kind, actor_id,
                               resource_type, resource_id, request_id, event)
      VALUES (${event.id}, ${event.tenant}, ${instantOf(event.time)}, ${event.action}, ${event.outcome}, ${event.actor.kind},
              ${event.actor.id}, ${event.resource.type}, ${event.resource.id}, ${event.requestId}, ${bytes})
    )
    INSERT INTO audit_pending (event_id, tenant_id) VALUES (${event.id}, ${event.tenant})`.execute(db);
}
