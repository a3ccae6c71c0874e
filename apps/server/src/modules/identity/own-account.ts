import type { Actor } from '../../kernel/actor.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { identityErrors } from './errors.ts';
import { recordingRefusal } from './recording-refusal.ts';

/**
 * ACC-2: for what changes the whole account of whoever asks. A key that was made for one environment must not reach its owner's
 * name, sessions or passkeys through what every member may. Throws `IDENTITY_KEY_PLACED`; the refusal is in the log.
 */
export async function needWholeAccount(uow: UnitOfWork, actor: Actor): Promise<void> {
  if (actor.credential.isPlaced !== true) return;
  const resource = { type: 'user', id: actor.id };
  await recordingRefusal({ uow, actor, permission: 'identity.self', resource }, () =>
    Promise.reject(identityErrors.IDENTITY_KEY_PLACED()),
  );
}
