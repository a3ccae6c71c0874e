import { setTimeout as sleep } from 'node:timers/promises';
import type { Page, Request } from 'playwright-core';

const quietMs = 400;
const waitMsMax = 30_000;

/** A stream goes on for as long as its page is there, and is nothing to wait for. */
const isStream = (request: Request): boolean => new URL(request.url()).pathname === '/graphql';

/**
 * Watches what a page asks for, from now on. The answer waits until nothing is under way and nothing has begun for a moment: what
 * Playwright's `networkidle` says of pages that listen to no stream. The head of an answer will do: the body of a refusal that leads to
 * a renewal of the session is never read, so that its request never ends. Throws after half a minute.
 */
export function watchRequests(page: Page): () => Promise<void> {
  const open = new Set<Request>();
  let changedAt = performance.now();
  const end = (request: Request) => {
    if (open.delete(request)) changedAt = performance.now();
  };
  page.on('request', (request) => {
    if (isStream(request)) return;
    open.add(request);
    changedAt = performance.now();
  });
  page.on('response', (response) => end(response.request()));
  page.on('requestfailed', end);
  return async () => {
    const endsAt = performance.now() + waitMsMax;
    while (open.size > 0 || performance.now() - changedAt < quietMs) {
      if (performance.now() > endsAt)
        throw new Error(`the page never settled: ${[...open].map((each) => each.url()).join(', ')}`);
      await sleep(50);
    }
  };
}
