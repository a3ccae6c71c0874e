import type { Page } from 'playwright-core';

/**
 * All that the console keeps of what it sent and was answered, as text: both caches of TanStack Query (found over React's own
 * tree in the page), the address, the history's state and the browser's storage. A secret that is shown must not be in it.
 */
export async function keptText(page: Page): Promise<string> {
  return String(await page.evaluate(readKept));
}

/** Runs in the page. It throws when it finds no caches, so that a test cannot pass for want of a look. */
const readKept = `(() => {
  const found = new Set();
  const seen = new Set();
  const look = (value) => {
    if (value === null || typeof value !== 'object') return;
    for (const one of [value.client, value.value]) {
      if (typeof one?.getMutationCache === 'function' && typeof one?.getQueryCache === 'function') found.add(one);
    }
  };
  const walk = (first) => {
    const open = [first];
    while (open.length > 0) {
      const fiber = open.pop();
      if (!fiber || seen.has(fiber)) continue;
      seen.add(fiber);
      look(fiber.memoizedProps);
      open.push(fiber.child, fiber.sibling);
    }
  };
  for (const element of [document, ...document.querySelectorAll('*')]) {
    for (const key of Object.getOwnPropertyNames(element)) {
      if (key.startsWith('__reactContainer$')) walk(element[key].stateNode?.current ?? element[key]);
    }
  }
  if (found.size === 0) throw new Error('no cache of answers was found in the page');
  const text = (value) => {
    const inside = new Set();
    return JSON.stringify(value, (_key, one) => {
      if (one instanceof Element) return 'element';
      if (one instanceof Error) return String(one);
      if (one !== null && typeof one === 'object') {
        if (inside.has(one)) return 'again';
        inside.add(one);
      }
      return one;
    });
  };
  const caches = [...found].flatMap((client) => [
    ...client.getQueryCache().getAll().map(({ queryKey, state }) => text({ queryKey, state })),
    ...client.getMutationCache().getAll().map(({ state }) => text({ state })),
  ]);
  return [...caches, location.href, text(history.state), text({ ...localStorage }), text({ ...sessionStorage })].join('\\n');
})()`;
