import {
  type AccessFacts,
  type Ask,
  type Asking,
  CompiledAccess,
  type Decision,
  decide as decideAsk,
  type Explanation,
  explain as explainAsk,
  missingToHandOn as missingToHandOnAsk,
  type Reach,
  reachOf as reachOfAsk,
} from '@quantumvault/access';
import type { Access, Place } from '../../../kernel/access.ts';
import type { Actor } from '../../../kernel/actor.ts';
import type { Permission } from '../../../kernel/permissions.ts';

/** The parts of an actor that a decision looks at; without a request, its facts are unknown and count against it. */
export type Deciding = Pick<Actor, 'kind' | 'access' | 'credential'> & Partial<Pick<Actor, 'request'>>;

export interface PlacedAsk {
  readonly action: Permission;
  readonly place: Place | null;
  readonly now: Date;
}

// An access object lives as long as its version: what is compiled from it goes with it.
const compiledAccess = new WeakMap<Access, CompiledAccess>();

function compiled(access: Access): CompiledAccess {
  let found = compiledAccess.get(access);
  if (found === undefined) {
    found = new CompiledAccess(access.grants);
    compiledAccess.set(access, found);
  }
  return found;
}

export function factsOf({ credential, request }: Deciding, now: Date): AccessFacts {
  return {
    now,
    address: request?.sourceAddress ?? null,
    country: request?.country ?? null,
    purpose: request?.purpose ?? null,
    deviceId: credential.deviceId,
    macAddresses: credential.macAddresses,
    mfaAt: credential.mfaAt,
  };
}

const askingOf = ({ kind, access, credential }: Deciding): Asking => ({
  isMember: kind !== 'job' && kind !== 'system',
  access: compiled(access),
  restriction: credential.permissions,
});

const askOf = (actor: Deciding, { action, place, now }: PlacedAsk): Ask => ({
  permission: action,
  place,
  facts: factsOf(actor, now),
});

/** ACC-6: the decision, from facts alone. A denial overrides every allowance; what nobody granted is refused. */
export function decide(actor: Deciding, ask: PlacedAsk): Decision {
  return decideAsk(askingOf(actor), askOf(actor, ask));
}

/** Why `decide` answers what it does, grant by grant. */
export function explain(actor: Deciding, ask: PlacedAsk): Explanation {
  return explainAsk(askingOf(actor), askOf(actor, ask));
}

/** Where an actor holds a permission now; for listings. */
export function reachOf(actor: Deciding, { action, now }: Omit<PlacedAsk, 'place'>): Reach {
  return reachOfAsk(askingOf(actor), { permission: action, facts: factsOf(actor, now) });
}

/** Whether a place can matter: somebody whose grants are all on the organization is decided without one. */
export const isPlaced = ({ access }: Pick<Actor, 'access'>): boolean => compiled(access).places.some((id) => id !== '');

/** Permissions that an actor may not hand on at a place, because it does not hold them there for good. */
export function missingToHandOn(
  actor: Deciding,
  wanted: { readonly permissions: Iterable<Permission>; readonly place: Place | null },
): readonly string[] {
  return missingToHandOnAsk(askingOf(actor), wanted);
}
