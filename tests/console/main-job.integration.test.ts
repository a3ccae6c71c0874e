import type { TlsOptions } from 'node:tls';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { overflow, violations } from './axe.ts';
import { type ConsolePage, type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';
import { type Listening, listenClassical, listenTls } from './listening.ts';

/*
 * IFC-5: the whole main job on the embedded default, in browsers: a fresh installation is set up, something real is scanned,
 * protected and scanned again, and what happened is proven. Each role does the part of it that is its own, one after the other
 * on what the former ones have made; the last case does it without a mouse. What was made for the server is fetched by the API and
 * served here, as whoever runs that server would do with qv.
 */

const password = 'correct horse battery staple';
const chosen = 'a bicycle made of cheese';
const slow = 60_000;
let world: ConsoleWorld;
let [first, second, third] = [] as unknown as [Listening, Listening, Listening];
let administrator: ConsolePage;
const links = new Map<string, string>();

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  [first, second, third] = [await listenClassical(), await listenClassical(), await listenClassical()];
  world = await startConsole({ environment: { QV_SCAN_ALLOW: '127.0.0.1/32' } });
}, 240_000);
afterAll(async () => {
  await world?.close();
  for (const server of [first, second, third]) await server?.close();
});

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const room = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name, exact: true });

async function expectSound(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
}

/** Joins with the link of an invitation, which signs in as well. */
async function joined(email: string, name: string): Promise<ConsolePage> {
  const opened = await world.open();
  const { page } = opened;
  await page.goto(links.get(email) ?? 'no invitation');
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Join' }).click();
  await heading(page, 'Home').waitFor();
  return opened;
}

/** From the page of an asset: what the policy would change, and then the work, to its end. */
async function protect(page: Page): Promise<void> {
  await page.getByLabel('Policy').selectOption({ label: 'hybrid-default' });
  await page.getByText('This is what would change. Nothing was done yet.').waitFor();
  await page.getByRole('button', { name: 'Protect with this policy' }).click();
  await page
    .getByRole('region', { name: 'Protections' })
    .getByText('stands', { exact: true })
    .waitFor({ timeout: slow });
}

/** From the page of an asset: every event of it in the last week, each proven in this browser. */
async function prove(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'those of the last week' }).click();
  await heading(page, 'Audit').waitFor();
  await page.getByRole('button', { name: 'Verify all of these in this browser' }).click();
  await page.getByText(/^(\d+) of \1 events are proven/).waitFor({ timeout: slow });
}

describe('the main job', () => {
  it('IFC-5: the platform administrator, from the first sign-in through the set-up to a verified proof', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    administrator = await world.open();
    const { page } = administrator;
    await page.goto(`${world.origin}/welcome`);
    await page.getByLabel('Email').fill(world.server.signIn.email);
    await page.getByLabel('Password', { exact: true }).fill(world.server.signIn.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();

    await page.getByRole('heading', { name: 'Make the account yours' }).waitFor();
    const own = page.getByRole('region', { name: 'Password' });
    await own.getByLabel('Present password').fill(world.server.signIn.password);
    await own.getByLabel('New password').fill(chosen);
    await own.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The password is changed.').waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'Next: Name' }).click();

    await page.getByLabel('Name of the organization').fill('Example Bank');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByText('Renamed.').waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'Next: Scan' }).click();

    await page.getByLabel('Server').fill('169.254.169.254');
    await page.getByRole('button', { name: 'Scan it' }).click();
    await page.getByText('QV_SCAN_ALLOW', { exact: true }).waitFor();
    await page.getByLabel('Server').fill(first.target);
    await expectSound(page);
    await page.getByRole('button', { name: 'Scan it' }).click();
    await page.getByText('The scan is finished: 1 target answered, 0 did not.').waitFor({ timeout: slow });
    await expectSound(page);
    // The address has the step and the scan: read anew, nothing is lost.
    await page.reload();
    await page.getByText('The scan is finished: 1 target answered, 0 did not.').waitFor();
    await page.getByRole('button', { name: 'Next: Proof' }).click();

    await page.getByRole('button', { name: 'Verify in this browser' }).click({ timeout: slow });
    await page.getByText('Proven: this event is in the log as it is shown.').waitFor();
    await page.getByText('asset.discovered').waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'Next: Go on' }).click();
    await page.getByRole('link', { name: 'Invite a colleague' }).waitFor();
    await expectSound(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectSound(page);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Next: Go on' }).click();
    await page.getByRole('link', { name: 'To the home page' }).click();
    await page.getByRole('region', { name: 'At most risk' }).getByRole('link', { name: first.target }).waitFor();
  }, 240_000);

  it('ACC-12: the platform administrator invites one person for each role', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { page } = administrator;
    await room(page, 'People').click();
    for (const role of ['organization-admin', 'organization-user', 'auditor']) {
      await page.getByLabel('Email of a new person').fill(`${role}@example.org`);
      await page.getByLabel('Role from the start').selectOption(role);
      await page.getByRole('button', { name: 'Invite', exact: true }).click();
      await page.getByText(`Give this link to ${role}@example.org.`).waitFor();
      links.set(`${role}@example.org`, await page.getByText(/\/join#token=/).innerText());
      await page.getByRole('button', { name: 'I have put it away' }).click();
    }
    for (const name of ['Settings', 'Organization', 'Machines', 'Roles', 'Audit'])
      expect(await room(page, name).count()).toBe(1);
  }, 120_000);

  it('IFC-5, INV-8: the organization administrator protects what was found, sees it before and after, and proves it', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { page } = await joined('organization-admin@example.org', 'Administrator of the organization');
    await page.getByRole('region', { name: 'At most risk' }).getByRole('link', { name: first.target }).click();
    await protect(page);

    const { client } = world.server;
    const id = new URL(page.url()).searchParams.get('id') ?? '';
    const bundle = await client.getTlsBundle({ params: { id } });
    await first.close();
    const { nodeTlsOptions, privateKeyPem: key, certificatePem: cert } = bundle;
    first = await listenTls({ ...(nodeTlsOptions as TlsOptions), key, cert }, first.port);
    await page.reload();
    await page.getByRole('button', { name: 'Scan it now' }).click();
    const exchange = page
      .getByRole('region', { name: 'Before and after' })
      .getByRole('row')
      .filter({ hasText: 'Key exchange' });
    await exchange.getByText('X25519MLKEM768').waitFor({ timeout: slow });
    await expectSound(page);
    await prove(page);
    await expectSound(page);
    // What is of the installation is not his.
    await room(page, 'Organization').click();
    await heading(page, 'Example Bank').waitFor();
    expect(await page.getByRole('region', { name: 'Organizations' }).count()).toBe(0);
  }, 240_000);

  it('IFC-5, INV-5: the organization user scans, watches, and opens what was found; what is not his is not there', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { page, settled } = await joined('organization-user@example.org', 'User of the organization');
    await room(page, 'Scans').click();
    await page.getByRole('link', { name: 'New scan' }).click();
    await page.getByLabel('Hosts and networks').fill(second.target);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: 'How closely, and what is behind it?' }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Start the scan' }).click();
    await page.getByText('The scan is finished: 1 target answered, 0 did not.').waitFor({ timeout: slow });
    await page.getByRole('list', { name: 'Targets' }).getByRole('link', { name: second.target }).click();
    await heading(page, second.target).waitFor();
    await protect(page);
    for (const name of ['Audit', 'People', 'Roles', 'Settings', 'Machines', 'API keys'])
      expect(await room(page, name).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'those of the last week' }).count()).toBe(0);
    await page.goto(`${world.origin}/welcome`);
    await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
    await settled();
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(0);
  }, 240_000);

  it('IFC-5, AUD-6: the auditor reads what was found and proves it, and is offered nothing that changes it', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { page } = await joined('auditor@example.org', 'Auditor');
    await room(page, 'Inventory').click();
    await page.getByRole('table').getByRole('link', { name: first.target }).click();
    await heading(page, first.target).waitFor();
    await page.getByRole('region', { name: 'Before and after' }).waitFor();
    for (const name of [/^Scan it now/, /^Protect/, /^Save/, /^Withdraw/])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    await prove(page);
    await room(page, 'Scans').click();
    await heading(page, 'Scans').waitFor();
    expect(await page.getByRole('link', { name: 'New scan' }).count()).toBe(0);
    await room(page, 'People').click();
    await page.getByRole('link', { name: 'User of the organization' }).waitFor();
    expect(await page.getByRole('button', { name: 'Invite' }).count()).toBe(0);
    await expectSound(page);
  }, 240_000);
});

describe('the main job without a mouse', () => {
  const focused = `(() => {
    const element = document.activeElement;
    const label = element?.labels?.[0]?.textContent ?? element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    return element === document.body ? 'nothing' : label.trim();
  })()`;

  // The link of a row has its ring around the whole row.
  const isSeen = `['', '::after'].some((part) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement, part || undefined);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
  })`;

  /** Goes on with Tab until what has the focus has this name; it is seen there. */
  async function tabTo(page: Page, name: string): Promise<void> {
    const seen: string[] = [];
    for (let presses = 0; presses < 120; presses += 1) {
      await page.keyboard.press('Tab');
      const here = String(await page.evaluate(focused));
      seen.push(here.slice(0, 40));
      if (!here.startsWith(name)) continue;
      expect({ name, isSeen: await page.evaluate(isSeen) }).toEqual({ name, isSeen: true });
      return;
    }
    throw new Error(`Tab does not lead to ${name}, but to ${seen.slice(-60).join(' | ')}`);
  }

  it('WCAG 2.2 AA: sign-in, scan, watch, open, prove, sign out', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { page } = await world.open();
    const { keyboard } = page;
    const enter = () => keyboard.press('Enter');
    await page.goto(`${world.origin}/`);
    await page.getByLabel('Email').waitFor();
    await tabTo(page, 'Email');
    await keyboard.type('organization-admin@example.org');
    await tabTo(page, 'Password');
    await keyboard.type(password);
    await enter();
    await heading(page, 'Home').waitFor();

    await page.getByRole('button', { name: 'Help', exact: true }).waitFor();
    await keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to, do, find' }).waitFor();
    await keyboard.type('scans');
    await page.getByRole('option', { name: /^Scans/, selected: true }).waitFor();
    await enter();
    await heading(page, 'Scans').waitFor();
    await vi.waitFor(async () => expect(await page.evaluate('document.activeElement.id')).toBe('main'), 10_000);
    await page.getByRole('link', { name: 'New scan' }).waitFor();
    await tabTo(page, 'New scan');
    await enter();
    await page.getByLabel('Hosts and networks').waitFor();
    await tabTo(page, 'Hosts and networks');
    await keyboard.type(third.target);
    await tabTo(page, 'Next');
    await enter();
    await page.getByRole('heading', { name: 'How closely, and what is behind it?' }).waitFor();
    await tabTo(page, 'Next');
    await enter();
    await page.getByRole('heading', { name: 'What will happen' }).waitFor();
    await tabTo(page, 'Start the scan');
    await enter();
    await page.getByText('The scan is finished: 1 target answered, 0 did not.').waitFor({ timeout: slow });
    await page.getByRole('list', { name: 'Targets' }).getByRole('link', { name: third.target }).waitFor();
    await tabTo(page, `Open the asset ${third.target}`);
    await enter();
    await heading(page, third.target).waitFor();
    await page.getByRole('link', { name: 'those of the last week' }).waitFor();
    await tabTo(page, 'those of the last week');
    await enter();
    await page.getByRole('button', { name: 'Verify all of these in this browser' }).waitFor();
    await tabTo(page, 'Verify all of these in this browser');
    await enter();
    await page.getByText(/^(\d+) of \1 events are proven/).waitFor({ timeout: slow });
    await page.getByRole('table', { name: 'Events' }).getByRole('link').first().waitFor();
    await tabTo(page, 'asset.discovered');
    await enter();
    await heading(page, 'asset.discovered').waitFor();
    await page.getByRole('button', { name: 'Verify in this browser' }).waitFor();
    await tabTo(page, 'Verify in this browser');
    await enter();
    await page.getByText('Proven: this event is in the log as it is shown.').waitFor();

    await tabTo(page, 'Account menu');
    await enter();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    await keyboard.press('End');
    await enter();
    await page.waitForURL((url) => url.pathname === '/sign-in');
  }, 300_000);
});
