import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { watchRequests } from '../../../tools/browser/settled-page.ts';
import { overflow, violations } from '../axe.ts';
import type { FullOrganization } from './full-organization.ts';
import { everyScene, type Scene, type Who } from './pages.ts';

export interface Look {
  readonly scene: Scene;
  readonly width: number;
  readonly theme: 'light' | 'dark';
  readonly page: Page;
}

export interface Walk {
  readonly browser: Browser;
  readonly origin: string;
  readonly world: FullOrganization;
  readonly widths: readonly number[];
  readonly only?: RegExp | undefined;
  /** Each context that is opened, before it is used. */
  readonly onContext?: (context: BrowserContext) => Promise<void>;
  readonly onLook?: (look: Look) => Promise<void>;
}

export interface Walked {
  readonly scenes: number;
  readonly looks: number;
  /** What axe found, pages that run out of the window, and those that never came. */
  readonly faults: readonly string[];
}

const themes = ['light', 'dark'] as const;
const height = 900;
const quietMs = 250;

/** Opens every page in every state, and looks at it at every width, light and dark (IFC-5, WCAG 2.2 AA). */
export async function walkEveryPage(walk: Walk): Promise<Walked> {
  const scenes = everyScene(walk.world).filter(({ name }) => walk.only?.test(name) ?? true);
  const contexts = new Map<Who, BrowserContext>();
  const faults: string[] = [];
  let looks = 0;
  for (const scene of scenes) {
    const widths = walk.widths.filter((width) => scene.width === undefined || scene.width === width);
    const [first] = widths;
    if (first === undefined) continue;
    const context = contexts.get(scene.who) ?? (await contextOf(walk, scene.who));
    contexts.set(scene.who, context);
    const page = await context.newPage();
    listen(page, (complaint) => faults.push(`${scene.name}: ${complaint}`));
    try {
      await page.setViewportSize({ width: first, height });
      await open(page, walk.origin, scene);
      for (const width of widths) {
        await page.setViewportSize({ width, height });
        for (const theme of themes) {
          await page.emulateMedia({ colorScheme: theme });
          await settle(page);
          const where = `${scene.name} ${width} ${theme}`;
          for (const violation of await found(page, theme)) faults.push(`${where}: ${violation}`);
          const over = await overflow(page);
          if (over > 0) faults.push(`${where}: runs ${over} pixels out of the window`);
          await walk.onLook?.({ scene, width, theme, page });
          looks += 1;
        }
      }
    } catch (error) {
      faults.push(`${scene.name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await page.close();
    }
  }
  for (const context of contexts.values()) await context.close();
  return { scenes: scenes.length, looks, faults };
}

/** What axe finds, and finds again: a page that is laid out anew while it is looked at is no page that anybody sees. */
async function found(page: Page, theme: Look['theme']): Promise<readonly string[]> {
  const what = theme === 'light' ? 'all' : 'colors';
  if ((await violations(page, what)).length === 0) return [];
  await sleep(quietMs);
  await settle(page);
  return violations(page, what);
}

/** What the browser complains of: reports of the content policy, exceptions, errors in its console. */
function listen(page: Page, hear: (complaint: string) => void): void {
  page.on('pageerror', (error) => hear(`exception: ${error.message}`));
  page.on('console', (message) => {
    // A page of what is not there is answered with 404, and a request that a scene cuts off has failed: both are meant.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) hear(message.text());
  });
}

async function contextOf({ browser, origin, world, onContext }: Walk, who: Who): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height }, reducedMotion: 'reduce' });
  await onContext?.(context);
  if (who === 'nobody') return context;
  const page = await context.newPage();
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel('Email').fill(world[who].email);
  await page.getByLabel('Password', { exact: true }).fill(world[who].password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
  await page.close();
  return context;
}

async function open(page: Page, origin: string, { path, act }: Scene): Promise<void> {
  const settled = watchRequests(page);
  await page.goto(`${origin}${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await settled();
  await act?.(page);
  await settled();
}

const twoPictures = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

/** Until it is laid out anew for another width or theme. */
const settle = (page: Page): Promise<unknown> => page.evaluate(twoPictures);
