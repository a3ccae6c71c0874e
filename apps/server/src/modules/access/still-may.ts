import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor, Resource } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { decide } from './domain/decide.ts';
import { accessErrors } from './errors.ts';
import type { AccessDirectory } from './ports/access-directory.ts';
import type { CredentialCheck } from './ports/credential-check.ts';
import type { PlaceDirectory } from './ports/place-directory.ts';
import { recordRefusal } from './refusals.ts';

/** Throws `ACCESS_ENDED` when the right that an answer began with is gone. Cheap to call often. */
export type Recheck = () => Promise<void>;

/** For answers that take long: what was authorized once is asked again while it is used (ACC-7, attack case 4). */
export type StillMay = (actor: Actor, action: Permission, resource: Resource) => Recheck;

export interface StillMayOptions {
  readonly uow: UnitOfWork;
  readonly clock: Clock;
  readonly access: Pick<AccessDirectory, 'now'>;
  readonly places: PlaceDirectory;
  readonly credentials: CredentialCheck;
  readonly monotonicMs: () => number;
}

/** An answer that calls for each piece asks the database twice a second, and one that waits is asked by its own timer. */
const freshMs = 500;
const pollMs = 1_000;

export function createStillMay(options: StillMayOptions): StillMay {
  const { uow, places, monotonicMs } = options;
  return (actor, action, resource) => {
    let checkedAt = monotonicMs();
    return async () => {
      if (monotonicMs() - checkedAt < freshMs || actor.kind === 'job' || actor.kind === 'system') return;
      const place = resource.place ?? (await places.placeOf(actor.tenantId, resource));
      const code = await endedBecause(options, { actor, action, place });
      checkedAt = monotonicMs();
      if (code === null) return;
      await recordRefusal(uow, { actor, action, resource, code });
      throw accessErrors.ACCESS_ENDED();
    };
  };
}

async function endedBecause(
  { uow, clock, access, credentials }: StillMayOptions,
  { actor, action, place }: { actor: Actor; action: Permission; place: Resource['place'] | null },
): Promise<string | null> {
  const { held, isValid } = await uow.read(actor.tenantId, async (tx) => ({
    held: await access.now(tx, actor.id),
    isValid: await credentials.isValid(tx, actor.credential),
  }));
  if (held === null) return 'SUBJECT_ENDED';
  if (!isValid) return 'CREDENTIAL_ENDED';
  const ask = { action, place: place ?? null, now: clock.now() };
  // By what the answer began with, which a key may have narrowed, and by what is granted now: both must still allow it.
  for (const present of [actor, { ...actor, access: held }]) {
    const decision = decide(present, ask);
    if (!decision.isAllowed) return decision.reason;
  }
  return null;
}

/**
 * The items of a stream as long as the right to it lasts, which is looked at before each item and, while the stream has
 * nothing to say, every second. Ends with `ACCESS_ENDED`; the source is closed in any case.
 */
export async function* whileAllowed<T>(source: AsyncIterable<T>, recheck: Recheck): AsyncGenerator<T, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  const closing = new AbortController();
  try {
    for (;;) {
      const next = iterator.next();
      // A rejection that comes while the recheck is awaited must not be unhandled; the race below still sees it.
      next.catch(() => {});
      let result: IteratorResult<T> | null = null;
      while (result === null) {
        const timer = new AbortController();
        const tick = sleep(pollMs, null, { signal: AbortSignal.any([timer.signal, closing.signal]), ref: false });
        result = await Promise.race([next, tick.catch(() => null)]);
        timer.abort();
        await recheck();
      }
      if (result.done === true) return undefined;
      yield result.value;
    }
  } finally {
    closing.abort();
    await iterator.return?.();
  }
}
