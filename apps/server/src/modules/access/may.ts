import type { Reach } from '@quantumvault/access';
import { type Actor, noCredential, type Resource } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ActorId } from '../../kernel/ids.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { type Deciding, decide, reachOf } from './domain/decide.ts';
import type { PlaceRegistry } from './place-registry.ts';
import type { AccessDirectory } from './ports/access-directory.ts';

/** Whether an actor may do something in its whole organization; only tells, for what is shown. A use case authorizes. */
export type May = (actor: Actor, action: Permission) => boolean;

export interface MayNowAsk {
  readonly subjectId: ActorId;
  readonly action: Permission;
  /** Where it matters; the organization when it is left out. */
  readonly resource?: Pick<Resource, 'type' | 'id'>;
  /** A request asked for it, whose address, device and the like were judged then. Without it they count as not known. */
  readonly wasRequested?: true;
}

/** Whether a subject may now, in this transaction: for work that was asked for earlier and is carried out for it. */
export type MayNow = (tx: Transaction, ask: MayNowAsk) => Promise<boolean>;

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
  places,
}: {
  readonly access: Pick<AccessDirectory, 'now'>;
  readonly clock: Clock;
  readonly places?: Pick<PlaceRegistry, 'placeIn'>;
}): MayNow {
  return async (tx, { subjectId, action, resource, wasRequested }) => {
    const held = await access.now(tx, subjectId);
    if (held === null) return false;
    const place = resource === undefined ? null : ((await places?.placeIn(tx, resource)) ?? null);
    const deciding: Deciding = { kind: 'user', access: held, credential: noCredential };
    return decide(deciding, { action, place, now: clock.now(), wasRequested: wasRequested === true }).isAllowed;
  };
}
