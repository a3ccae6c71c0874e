/*
 * A few moments must not end in the middle: between sending a refresh token and keeping the next one, Ctrl-C would leave a
 * token that is used up, and the next command would end the session by showing it again. Such work is finished first; it
 * is bounded by the time that an answer may take. A second Ctrl-C does not wait.
 */

const running = new Set<Promise<unknown>>();

export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  const started = work();
  running.add(started);
  try {
    return await started;
  } finally {
    running.delete(started);
  }
}

/** Resolves when nothing runs that must come to its end. */
export async function whenInterruptible(): Promise<void> {
  await Promise.allSettled(running);
}
