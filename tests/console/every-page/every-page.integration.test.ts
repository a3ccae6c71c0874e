import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleWorld, chromiumMissing, startConsole } from '../console.ts';
import { type FullOrganization, fillOrganization } from './full-organization.ts';
import { everyPath, everyScene } from './pages.ts';
import { walkEveryPage } from './walk.ts';

// IFC-5, WCAG 2.2 AA: every page that the console has, full and empty, in every state, with dialogs open: axe finds nothing,
// nothing runs out of the window, and the browser complains of nothing. `npm run tour -- --pages DIR` keeps the pictures.

let console_: ConsoleWorld;
let world: FullOrganization;

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  console_ = await startConsole({ environment: { QV_SCAN_ALLOW: '127.0.0.0/8' } });
  const { url, client, signIn } = console_.server;
  world = await fillOrganization({ url, client, signIn });
}, 240_000);
afterAll(async () => {
  await world?.close();
  await console_?.close();
}, 120_000);

describe('every page of the console', () => {
  it('IFC-5: none is left out: each address of the app folder is looked at', (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const paths = new Set(everyScene(world).map(({ path }) => path.split(/[?#]/)[0]));
    expect(everyPath().filter((path) => !paths.has(path))).toEqual([]);
    expect(everyPath().length).toBeGreaterThan(30);
  });

  it('WCAG 2.2 AA: axe finds nothing, narrow and wide, light and dark', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { browser, origin } = console_;
    const { scenes, looks, faults } = await walkEveryPage({ browser, origin, world, widths: [1280, 390] });
    expect(faults).toEqual([]);
    expect(looks).toBeGreaterThan(scenes * 3);
  }, 1_800_000);
});
