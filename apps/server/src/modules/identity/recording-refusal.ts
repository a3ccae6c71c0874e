import type { Actor, Resource } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/app-error.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';

/** An answer that holds a secret, or a refusal, must never be stored for repetition. */
export const unrepeated = (actor: Actor): Actor => ({ ...actor, request: { ...actor.request, idempotency: null } });

export interface Attempt {
  readonly uow: UnitOfWork;
  readonly actor: Actor;
  readonly permission: Permission;
  readonly resource: Resource;
}

/** AUD-1: a refusal is durable before its answer, also one that only the transaction could find; the reason is its code. */
export async function recordingRefusal<T>(
  { uow, actor, permission, resource }: Attempt,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.kind === 'forbidden') {
      const reason = { code: error.code };
      await uow.write(unrepeated(actor), (tx) =>
        tx.audit({ action: 'access.refused', resource, outcome: 'refused', reason, details: { permission } }),
      );
    }
    throw error;
  }
}
