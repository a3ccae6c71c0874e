import type { HttpClient } from '@quantumvault/api';
import type { StreamSurroundings } from './stream.ts';

/**
 * Places for streams over all tabs of a browser: without HTTP/2 it keeps six connections to a server, and streams that
 * took them all would leave none for a request.
 */
const places = ['qv-stream-1', 'qv-stream-2', 'qv-stream-3'] as const;
const lookAgainMs = 2_000;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((settle, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      settle();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** The release of a place; null when another tab has it. */
function tryPlace(name: string): Promise<(() => void) | null> {
  return new Promise((settle, reject) => {
    const hold = (lock: Lock | null): Promise<void> | null => {
      if (lock === null) {
        settle(null);
        return null;
      }
      return new Promise((release) => settle(release));
    };
    navigator.locks.request(name, { ifAvailable: true }, hold).catch(reject);
  });
}

async function takePlace(signal: AbortSignal): Promise<() => void> {
  for (;;) {
    for (const name of places) {
      const release = await tryPlace(name);
      if (release === null) continue;
      if (!signal.aborted) return release;
      release();
      signal.throwIfAborted();
    }
    await pause(lookAgainMs, signal);
  }
}

function hidden(): ReturnType<StreamSurroundings['hidden']> {
  const controller = new AbortController();
  const look = () => {
    if (document.visibilityState === 'hidden') controller.abort();
  };
  look();
  document.addEventListener('visibilitychange', look);
  return { signal: controller.signal, forget: () => document.removeEventListener('visibilitychange', look) };
}

function untilVisible(signal: AbortSignal): Promise<void> {
  return new Promise((settle, reject) => {
    const forget = () => {
      document.removeEventListener('visibilitychange', look);
      signal.removeEventListener('abort', stop);
    };
    const look = () => {
      if (document.visibilityState === 'hidden') return;
      forget();
      settle();
    };
    const stop = () => {
      forget();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop);
    document.addEventListener('visibilitychange', look);
    if (signal.aborted) stop();
    else look();
  });
}

const chance = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;

export const browserStreams = (http: HttpClient): StreamSurroundings => ({
  url: location.origin,
  http,
  takePlace,
  untilVisible,
  hidden,
  pause,
  chance,
});
