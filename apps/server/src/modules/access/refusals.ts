import type { Actor, Resource } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/app-error.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';

export interface Refused {
  readonly actor: Actor;
  readonly action: Permission;
  readonly resource: Resource;
  readonly code: string;
  readonly grantId?: string | undefined;
}

/** Records a refusal durably before the caller learns of it (AUD-1). */
export async function recordRefusal(uow: UnitOfWork, refused: Refused): Promise<void> {
  const { actor, action, code, grantId } = refused;
  const { type, id } = refused.resource;
  // The refusal is no answer to be repeated: it must not take the request's idempotency key.
  const plain: Actor = { ...actor, request: { ...actor.request, idempotency: null } };
  await uow.write(plain, (tx) =>
    tx.audit({
      action: 'access.refused',
      resource: { type, id },
      outcome: 'refused',
      reason: { code },
      details: { permission: action, ...(grantId === undefined ? {} : { grantId }) },
    }),
  );
}

/** What a use case refuses by rules of its own, after it has authorized, is recorded like what `authorize` refuses. */
export async function recordingRefusals<T>(
  uow: UnitOfWork,
  asked: Omit<Refused, 'code' | 'grantId'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.kind === 'forbidden' && error.code !== 'ACCESS_DENIED')
      await recordRefusal(uow, { ...asked, code: error.code });
    throw error;
  }
}
