import { type Actor, noCredential } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ActorId } from '../../kernel/ids.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { decide } from './domain/decide.ts';
import type { AccessDirectory } from './ports/access-directory.ts';

/** Whether an actor may do something in its whole organization; only tells, for what is shown. A use case authorizes. */
export type May = (actor: Actor, action: Permission) => boolean;

/** Whether a subject may now, in this transaction: for work that was asked for earlier and is carried out for it. */
export type MayNow = (tx: Transaction, subjectId: ActorId, action: Permission) => Promise<boolean>;

export function createMay({ clock }: { readonly clock: Clock }): May {
  return (actor, action) => decide(actor, { action, place: null, now: clock.now() }).isAllowed;
}

export function createMayNow({
  access,
  clock,
}: {
  readonly access: Pick<AccessDirectory, 'now'>;
  readonly clock: Clock;
}): MayNow {
  return async (tx, subjectId, action) => {
    const held = await access.now(tx, subjectId);
    if (held === null) return false;
    const ask = { action, place: null, now: clock.now() };
    return decide({ kind: 'user', access: held, credential: noCredential }, ask).isAllowed;
  };
}
