import type { Grant } from '../../kernel/access.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Permission } from '../../kernel/permissions.ts';
import { systemActor } from '../../kernel/system-actor.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import type { ExpiredGrants, TemporaryRepository } from './ports/temporary-repository.ts';

/** A grant that was given for a time, and not for good. */
export type TemporaryGrant = Pick<Grant, 'id' | 'source' | 'role'>;

// More grants for a time than an installation has in use at once; forgetting one costs a question to the database.
const rememberedMax = 10_000;

/**
 * Records that access for a time is used (ACC-8): the first use of a grant that was approved, and every use of one that
 * was taken in an emergency. It is durable before the use case goes on.
 */
export class TemporaryUse {
  readonly #uow: UnitOfWork;
  readonly #temporary: Pick<TemporaryRepository, 'noteFirstUse'>;
  readonly #known = new Set<string>();
  constructor(options: { uow: UnitOfWork; temporary: Pick<TemporaryRepository, 'noteFirstUse'> }) {
    this.#uow = options.uow;
    this.#temporary = options.temporary;
  }

  async note(actor: Actor, grant: TemporaryGrant, action: Permission): Promise<void> {
    const isEmergency = grant.source === 'break-glass';
    if (!isEmergency && this.#known.has(grant.id)) return;
    const plain: Actor = { ...actor, request: { ...actor.request, idempotency: null } };
    await this.#uow
      .write(plain, async (tx) => {
        const isFirst = await this.#temporary.noteFirstUse(tx, grant.id);
        if (!isFirst && !isEmergency) throw new NothingNew();
        await tx.audit({
          action: 'grant.used',
          resource: { type: 'grant', id: grant.id },
          details: { permission: action, role: grant.role, source: grant.source ?? null, first: isFirst },
        });
      })
      .catch((error: unknown) => {
        if (!(error instanceof NothingNew)) throw error;
      });
    if (this.#known.size >= rememberedMax) this.#known.clear();
    this.#known.add(grant.id);
  }
}

/** Rolls back a transaction that has nothing to state. */
class NothingNew extends Error {}

const batchMax = 200;

/** Records that access for a time has ended. It has ended without this: a decision looks at the time and not at the record. */
export class ExpiryNotices {
  readonly #uow: UnitOfWork;
  readonly #expired: ExpiredGrants;
  readonly #temporary: Pick<TemporaryRepository, 'noteExpiry'>;
  constructor(options: {
    uow: UnitOfWork;
    expired: ExpiredGrants;
    temporary: Pick<TemporaryRepository, 'noteExpiry'>;
  }) {
    this.#uow = options.uow;
    this.#expired = options.expired;
    this.#temporary = options.temporary;
  }

  /** How many were recorded. */
  async give(): Promise<number> {
    let count = 0;
    for (const { id, tenantId } of await this.#expired.list(batchMax)) {
      try {
        await this.#uow.write(systemActor(tenantId), async (tx) => {
          const ended = await this.#temporary.noteExpiry(tx, id);
          if (ended === null) throw new NothingNew();
          await tx.audit({ action: 'grant.expired', resource: { type: 'grant', id }, details: ended });
        });
        count += 1;
      } catch (error) {
        if (!(error instanceof NothingNew)) throw error;
      }
    }
    return count;
  }
}
