import { setTimeout as pause } from 'node:timers/promises';
import type { RouteContract } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { graphqlErrors } from '../operation/errors.ts';
import type { AskRoute } from '../operation/run-operation.ts';
import type { RequestParts } from '../schema/route-arguments.ts';

// Attack case 4: what is delivered was read, and allowed, within this time.
const intervalMs = 900;

export interface WatchOptions {
  readonly contract: RouteContract;
  readonly parts: RequestParts;
  /** Authenticates again; throws once the credential is revoked, expired or its owner suspended. */
  readonly renewActor: () => Promise<Actor>;
  readonly ask: AskRoute;
  readonly signal: AbortSignal;
}

/** Asks the route once and tells what there is to deliver. */
type Look = (ask: (query: Readonly<Record<string, unknown>>) => Promise<unknown>) => Promise<readonly unknown[]>;

/** The answer, whenever it is another one than before. */
function lookForChanges(): Look {
  let before: string | null = null;
  return async (ask) => {
    const value = await ask({});
    const text = JSON.stringify(value);
    if (text === before) return [];
    before = text;
    return [value];
  };
}

const pageLength = 100;
const pagesMax = 10;
const rememberedMax = 5_000;

interface Item {
  readonly id: string;
  readonly changedAt?: string;
}

interface ItemPage {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** What makes an item another one than before, and rises with time. */
interface Novelty {
  readonly keyOf: (item: Item) => string;
  /** How the listing is asked for the newest first. */
  readonly query: Readonly<Record<string, string>>;
}

const newItems: Novelty = { keyOf: ({ id }) => id, query: {} };

/** An item that has changed is another one: its time rises with each change. */
const changedItems: Novelty = {
  keyOf: ({ id, changedAt }) => {
    if (changedAt === undefined) throw new Error('what is watched for changes says when it changed');
    return `${changedAt} ${id}`;
  },
  query: { order: 'changed' },
};

/**
 * The items of a listing, newest first, that were not there when the watching began. Keys rise with time, yet
 * a transaction that took longer shows its item below newer ones: so it is not one mark but the set of what was seen that
 * decides, and a walk ends at the first page that holds nothing new.
 */
function lookForItems({ keyOf, query: order }: Novelty): Look {
  let seen = new Set<string>();
  let floor: string | null = null;
  return async (ask) => {
    const isFirst = floor === null;
    const found: Item[] = [];
    let cursor: string | null = null;
    for (let page = 0; ; page += 1) {
      if (page === pagesMax) throw graphqlErrors.GRAPHQL_STREAM_BEHIND();
      const query: Readonly<Record<string, unknown>> = {
        ...order,
        limit: String(pageLength),
        ...(cursor === null ? {} : { cursor }),
      };
      const { items, nextCursor } = (await ask(query)) as ItemPage;
      const fresh = items.filter((item) => !seen.has(keyOf(item)) && (floor === null || keyOf(item) > floor));
      found.push(...fresh);
      cursor = nextCursor;
      // What was there at the start is one page; older ones can only be older.
      if (isFirst || fresh.length === 0 || cursor === null) break;
    }
    for (const item of found) seen.add(keyOf(item));
    const oldest = found.at(-1);
    if (isFirst) floor = oldest === undefined ? '' : keyOf(oldest);
    if (seen.size > rememberedMax) {
      const kept = [...seen].sort().slice(-rememberedMax / 2);
      floor = kept[0] ?? floor;
      seen = new Set(kept);
    }
    return isFirst ? [] : found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  };
}

function lookOf({ watch }: RouteContract): Look {
  if (watch === 'new-items') return lookForItems(newItems);
  return watch === 'changed-items' ? lookForItems(changedItems) : lookForChanges();
}

/**
 * Values of a route for as long as somebody listens. Each round authenticates again and asks the route itself, so that
 * access is decided, and its refusal recorded, as for a single request; what was found is delivered within the same round.
 * Signals of the database would not make this rarer: the right has to be looked at every second anyway.
 */
export async function* watchRoute(options: WatchOptions): AsyncGenerator<unknown, void, void> {
  const { contract, parts, renewActor, ask, signal } = options;
  const look = lookOf(contract);
  while (!signal.aborted) {
    const began = performance.now();
    const actor = await renewActor();
    const values = await look((query) => ask(contract, actor, { ...parts, query: { ...parts.query, ...query } }));
    for (const value of values) {
      yield value;
      // The reader was slow: what is left was allowed too long ago, so it is asked for once more before it goes on.
      if (performance.now() - began > intervalMs * 2) await ask(contract, await renewActor(), parts);
    }
    try {
      await pause(Math.max(50, intervalMs - (performance.now() - began)), undefined, { signal });
    } catch {
      return;
    }
  }
}
