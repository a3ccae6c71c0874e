import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';

// ACC-4: a browser may keep a page whole and show it again on "back", after somebody else has signed in.

let world: ConsoleWorld;

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole({ withoutSwitches: ['--disable-back-forward-cache'] });
}, 240_000);
afterAll(() => world?.close());

describe('a page that the browser kept whole', () => {
  it('ACC-4: is hidden when it comes back, and loaded anew', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { client, signIn: admin } = world.server;
    const next = { email: 'kept@example.org', password: 'correct horse battery staple' };
    const { token } = await client.inviteUser({ body: { email: next.email, roles: ['auditor'] } });
    await client.join({ body: { token, password: next.password, displayName: 'Kept' } });

    const { page, context, faults, signIn } = await world.open();
    await page.addInitScript(`
      addEventListener('pageshow', ({ persisted }) => {
        if (persisted) sessionStorage.setItem('was-hidden', String(document.body.hidden));
      });
    `);
    await signIn(admin);
    await page.goto(`${world.origin}/health/live`);
    // The message between tabs would make Chromium drop the kept page. So it is missed here: only the cookies change.
    const other = await world.open();
    await other.signIn(next);
    await context.clearCookies();
    await context.addCookies(await other.context.cookies());

    await page.goBack();
    await page.getByText('with these roles: auditor').waitFor();
    expect(await page.evaluate("sessionStorage.getItem('was-hidden')")).toBe('true');
    expect([...faults, ...other.faults]).toEqual([]);
  }, 120_000);
});
