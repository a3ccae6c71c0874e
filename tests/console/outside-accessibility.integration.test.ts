import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overflow, violations } from './axe.ts';
import { type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';

// IFC-5, WCAG 2.2 AA: the pages before the session, and home, with axe, on a phone, and by keyboard alone.

let world: ConsoleWorld;

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole();
}, 240_000);
afterAll(() => world?.close());

describe('accessibility before the session', () => {
  it.for([
    ['/sign-in', false],
    ['/join', false],
    ['/reset-password', false],
    ['/', true],
  ] as const)(
    'WCAG 2.2 AA: axe finds nothing on %s, light and dark, and it fits 390 px',
    { timeout: 120_000 },
    async ([path, isInside], ctx) => {
      if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
      const { page, faults, signIn, visit, settled } = await world.open();
      if (isInside) await signIn();
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of [390, 1280, 1920]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 900 });
          await visit(path);
          await settled();
          expect(await violations(page)).toEqual([]);
          expect(await overflow(page)).toBe(0);
        }
      }
      expect(faults).toEqual([]);
    },
  );

  it('IFC-5: in and out by keyboard alone', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { page, faults, visit, settled } = await world.open();
    const { keyboard } = page;
    await visit('/sign-in');
    await keyboard.press('Tab');
    await keyboard.type(world.server.signIn.email);
    await keyboard.press('Tab');
    await keyboard.type(world.server.signIn.password);
    await keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
    await page.getByRole('button', { name: 'Account menu' }).waitFor();
    await settled();
    // From wherever the page has put the focus, its top or its content, on and around to the menu of the account.
    for (let presses = 0; presses < 120; presses += 1) {
      await keyboard.press('Tab');
      if (await page.evaluate(`document.activeElement?.getAttribute('aria-haspopup') === 'menu'`)) break;
    }
    await keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await keyboard.press('Escape');
    expect(await page.locator(':focus').getAttribute('aria-haspopup')).toBe('menu');
    await keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await keyboard.press('End');
    await keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/sign-in');
    expect(faults).toEqual([]);
  }, 120_000);
});
