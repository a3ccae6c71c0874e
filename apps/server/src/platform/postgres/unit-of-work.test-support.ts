// For tests of what runs inside a unit of work: events that name no more than they must, and no keys.
import type { EventId, NewId } from '../../kernel/ids.ts';
import type { AuditAppender } from './write-transaction.ts';

export const plainAppender = (newId: NewId): AuditAppender => ({
  prepare: async (actor) => ({
    encode: (entry) => ({
      id: newId<EventId>(),
      tenant_id: actor.tenantId,
      occurred_at: new Date(0),
      action: entry.action,
      outcome: entry.outcome ?? 'success',
      actor_kind: actor.kind,
      actor_id: actor.id,
      resource_type: entry.resource.type,
      resource_id: entry.resource.id,
      request_id: null,
      event: new Uint8Array([1]),
    }),
  }),
  insert: async (db, events) => void (await db.insertInto('audit_event').values(events).execute()),
});
