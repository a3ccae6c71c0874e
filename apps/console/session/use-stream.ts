'use client';
import { useEffect, useEffectEvent, useState } from 'react';
import type { z } from 'zod';
import { browserStreams } from './browser-streams.ts';
import { useSession } from './session.tsx';
import { openStream, type StreamRequest, type StreamState } from './stream.ts';

export interface UseStreamOptions<T> extends StreamRequest {
  /** What `data` of a message has to be; one that is not is passed over. */
  readonly schema: z.ZodType<T>;
  readonly onData: (data: T) => void;
  /**
   * The watching stands, or stands again: what happened meanwhile was not told, so read anew what is shown. Comes once for
   * each connection, about two seconds after it is there.
   */
  readonly onStand?: () => void;
  /** False: nothing is listened to. */
  readonly enabled?: boolean;
}

/**
 * Listens to a subscription for as long as the component is there, the page can be seen and the session lasts. The answer
 * says whether it does: while it is not `live`, ask from time to time (`refetchInterval`), since a browser has few places
 * for streams and a proxy may allow none.
 *
 * @example
 * const state = useStream({
 *   query: 'subscription ($id: String!) { getJob(id: $id) { status progress } }',
 *   variables: { id },
 *   schema: z.object({ getJob: z.object({ status: z.string(), progress: z.number() }) }),
 *   onData: ({ getJob }) => queries.setQueryData(['jobs', id], (job) => ({ ...job, ...getJob })),
 * });
 * useQuery({ queryKey: ['jobs', id], queryFn, refetchInterval: state === 'live' ? false : 5_000 });
 */
export function useStream<T>(options: UseStreamOptions<T>): StreamState {
  const { http } = useSession();
  const [state, setState] = useState<StreamState>('connecting');
  const { query, enabled = true } = options;
  const variables = JSON.stringify(options.variables);
  const onData = useEffectEvent((data: unknown) => {
    const parsed = options.schema.safeParse(data);
    if (parsed.success) options.onData(parsed.data);
  });
  const onStand = useEffectEvent(() => options.onStand?.());
  useEffect(() => {
    if (!enabled) return;
    return openStream(
      { query, variables: JSON.parse(variables) },
      { onData: (data) => onData(data), onStand: () => onStand(), onState: setState },
      browserStreams(http),
    );
  }, [http, query, variables, enabled]);
  return enabled ? state : 'paused';
}
