'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef } from 'react';
import { z } from 'zod';
import { useStream } from '../../session/use-stream.ts';
import { useWaiting, waitingSentence } from './use-waiting.ts';

const query = 'subscription { listApprovals { id status } }';
const changeSchema = z.object({ listApprovals: z.object({ id: z.string(), status: z.string() }) });

/** Changes that come together are read once. */
const togetherMs = 100;

/**
 * ACC-9: the one subscription of a page to requests for approval, in whatever room it is: whatever is shown of them is read
 * anew when one comes or changes. Says to those who listen how many wait, when that has become another number.
 */
export function ApprovalFeed({ onLive }: { readonly onLive: (isLive: boolean) => void }) {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const readAnew = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: ['approvals'] });
    }, togetherMs);
  };
  const state = useStream({ query, variables: {}, schema: changeSchema, onData: readAnew, onStand: readAnew });
  const isLive = state === 'live';
  const tell = useEffectEvent(onLive);
  useEffect(() => {
    tell(isLive);
    return () => tell(false);
  }, [isLive]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return <Spoken />;
}

function Spoken() {
  const waiting = useWaiting();
  const first = useRef<string | null>(null);
  const sentence = waiting === null ? null : waitingSentence(waiting);
  // What was so when the page came is in the navigation; only what changes is said.
  if (first.current === null && sentence !== null) first.current = sentence;
  return (
    <span role="status" className="hidden-text">
      {sentence === null || sentence === first.current ? '' : sentence}
    </span>
  );
}
