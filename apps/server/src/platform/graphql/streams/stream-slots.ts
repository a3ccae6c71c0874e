import type { Actor } from '../../../kernel/actor.ts';
import { graphqlErrors } from '../operation/errors.ts';
import { graphqlLimits } from '../operation/limits.ts';

/** A stream that has its place, until it is given back or the process stops. */
export interface StreamSlot {
  readonly signal: AbortSignal;
  release(): void;
}

/** How many streams there are, in all and for each actor: each of them asks the database once a second. */
export class StreamSlots {
  readonly #open = new Map<AbortController, string>();

  /** Throws `GRAPHQL_STREAMS_MANY`. */
  take(actor: Actor): StreamSlot {
    const identity = `${actor.tenantId} ${actor.id}`;
    let own = 0;
    for (const other of this.#open.values()) if (other === identity) own += 1;
    if (own >= graphqlLimits.streamsPerActor || this.#open.size >= graphqlLimits.streams)
      throw graphqlErrors.GRAPHQL_STREAMS_MANY();
    const controller = new AbortController();
    this.#open.set(controller, identity);
    const timer = setTimeout(() => controller.abort(), graphqlLimits.streamMs);
    return {
      signal: controller.signal,
      release: () => {
        clearTimeout(timer);
        controller.abort();
        this.#open.delete(controller);
      },
    };
  }

  /** Ends all of them: a stop does not wait for those who listen. */
  endAll(): void {
    for (const controller of this.#open.keys()) controller.abort();
  }
}
