import type { Reach } from '@quantumvault/access';
import { type Actor, noCredential } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ActorId } from '../../kernel/ids.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { decide, reachOf } from './domain/decide.ts';
import type { AccessDirectory } from './ports/access-directory.ts';

/** Whether an actor may do something in its whole organization; only tells, for what is shown. A use case authorizes. */
export type May = (actor: Actor, action: Permission) => boolean;

/** Whether a subject may now, in this transaction: for work that was asked for earlier and is carried out for it. */
export type MayNow = (tx: Transaction, subjectId: ActorId, action: Permission) => Promise<boolean>;

/**
 * Where an actor may: null for everywhere, which costs a listing nothing. A use case that authorizes with `isListing`
 * shows what this reaches and nothing else.
 */
export type ReachOf = (actor: Actor, action: Permission) => Reach | null;

export function createReachOf({ clock }: { readonly clock: Clock }): ReachOf {
  return (actor, action) => {
    const reach = reachOf(actor, { action, now: clock.now() });
    return reach.everywhere && reach.denied.length === 0 ? null : reach;
  };
}

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
