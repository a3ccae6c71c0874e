import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overflow, violations } from './axe.ts';
import { type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';
import { type Listening, listenClassical, listenSilent } from './listening.ts';

// The work rooms against real servers on this machine: one that speaks TLS and one that takes connections and is silent.

const password = 'correct horse battery staple';
let world: ConsoleWorld;
let [alice, bob] = [] as unknown as [Page, Page];
let [answering, silent] = [] as unknown as [Listening, Listening];

/** Answers to subscriptions, as they began. */
const streams: (readonly [Page, number])[] = [];

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  answering = await listenClassical();
  silent = await listenSilent();
  world = await startConsole({ environment: { QV_SCAN_ALLOW: '127.0.0.1/32' } });
  const { client } = world.server;
  const invited = await client.inviteUser({ body: { email: 'bob@example.org', roles: ['organization-admin'] } });
  await client.join({ body: { token: invited.token, password, displayName: 'Bob' } });
  const [one, other] = [await world.open(), await world.open()];
  await one.signIn();
  await other.signIn({ email: 'bob@example.org', password });
  [alice, bob] = [one.page, other.page];
  for (const page of [alice, bob])
    page.on('response', (response) => {
      if (new URL(response.url()).pathname === '/graphql') streams.push([page, response.status()]);
    });
}, 240_000);
afterAll(async () => {
  await world?.close();
  await answering?.close();
  await silent?.close();
});

/** Goes on with the Tab key alone until the focus is there, as somebody without a mouse does. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(`(() => {
      const element = document.activeElement;
      const label = element?.labels?.[0]?.textContent ?? element?.textContent ?? '';
      return label.trim();
    })()`);
    if (String(focused).startsWith(name)) return;
  }
  throw new Error(`the focus never came to "${name}"`);
}

const scanIdOf = (page: Page): string => new URL(page.url()).searchParams.get('id') ?? '';
const targetRow = (page: Page, target: string) =>
  page.getByRole('list', { name: 'Targets' }).getByRole('listitem').filter({ hasText: target });

describe('scans', () => {
  it('IFC-5: an empty room teaches the next step; the wizard is done by keyboard alone', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await alice.goto(`${world.origin}/scans`);
    await alice.getByText('Nothing was scanned from here yet.').waitFor();
    expect(await violations(alice)).toEqual([]);
    await tabTo(alice, 'New scan');
    await alice.keyboard.press('Enter');
    await alice.getByRole('heading', { name: 'What is to be scanned?' }).waitFor();
    expect(await violations(alice)).toEqual([]);

    await tabTo(alice, 'Hosts and networks');
    await alice.keyboard.type(`${answering.target}\n${silent.target}\n10.1.2.3\nmetadata.google.internal`);
    await tabTo(alice, 'Ports');
    await tabTo(alice, 'Next');
    await alice.keyboard.press('Enter');
    await alice.getByRole('heading', { name: 'How closely, and what is behind it?' }).waitFor();
    expect(await violations(alice)).toEqual([]);
    // The focus went on with the step, so the next Tab is in it.
    await tabTo(alice, 'Full');
    await alice.keyboard.press('ArrowDown');
    await tabTo(alice, 'What their data is');
    await alice.keyboard.type('Confidential');
    await tabTo(alice, 'Next');
    await alice.keyboard.press('Enter');
    await alice.getByRole('heading', { name: 'What will happen' }).waitFor();
    expect(await violations(alice)).toEqual([]);
    expect(await alice.getByText('2 targets are asked').count()).toBe(1);
    const refused = await alice.getByRole('region', { name: 'Not scanned' }).innerText();
    expect(refused).toContain('10.1.2.3:443');
    expect(refused).toContain('metadata.google.internal:443');
    expect(await alice.getByText('QV_SCAN_ALLOW').count()).toBe(1);
    await tabTo(alice, 'Start the scan');
    await alice.keyboard.press('Enter');
    await alice.waitForURL(({ pathname }) => pathname === '/scans/scan');
  }, 120_000);

  it('IFC-5: each target appears as it ends, in two browsers, while the scan goes on', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await bob.goto(`${world.origin}/scans/scan?id=${scanIdOf(alice)}`);
    for (const page of [alice, bob]) {
      await targetRow(page, answering.target).getByText('answered').waitFor({ timeout: 30_000 });
      expect(await targetRow(page, silent.target).innerText()).toContain('waiting');
      expect(await page.getByRole('progressbar').count()).toBe(1);
      expect(streams.filter(([where]) => where === page).map(([, status]) => status)).toContain(200);
    }
    expect(await violations(alice)).toEqual([]);
  }, 120_000);

  it('IFC-5: a scan is cancelled in one browser, and both say so; what was found is an asset', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await alice.getByRole('button', { name: 'Cancel the scan' }).click();
    for (const page of [alice, bob]) await page.getByText('The scan was cancelled.').waitFor({ timeout: 30_000 });
    const { items } = await world.server.client.listAssets({});
    expect(items.map(({ endpoint, sensitivity }) => ({ endpoint, sensitivity }))).toEqual([
      { endpoint: answering.target, sensitivity: 'confidential' },
    ]);
    const link = targetRow(alice, answering.target).getByRole('link');
    expect(await link.getAttribute('href')).toBe(`/inventory/asset?id=${items[0]?.id}`);
    await alice.getByRole('button', { name: 'Go on with the 1 that are left' }).waitFor();
    expect(await violations(alice)).toEqual([]);
  }, 120_000);
});

describe('jobs', () => {
  it('IFC-5: the list is filtered by its address, and a job says what happened and what is safe', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await alice.goto(`${world.origin}/jobs`);
    const rows = alice.getByRole('table', { name: 'Jobs' }).locator('tbody').getByRole('row');
    await rows.first().waitFor();
    await alice.getByLabel('State').selectOption('failed');
    await alice.getByText('No such job.').waitFor();
    await alice.getByLabel('State').selectOption('cancelled');
    await alice.waitForURL(({ search }) => search === '?status=cancelled');
    expect(await violations(alice)).toEqual([]);
    await rows.first().getByRole('link').click();
    await alice.getByText('What was found until then is kept; nothing else was changed.').waitFor();
    expect(await violations(alice)).toEqual([]);
  }, 120_000);
});

describe('policies', () => {
  it('INV-8: a policy is made, simulated before it is saved, and applied to the asset that was found', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await alice.goto(`${world.origin}/policies`);
    await alice.getByRole('link', { name: 'hybrid-default' }).waitFor();
    expect(await violations(alice)).toEqual([]);
    await alice.getByRole('link', { name: 'New policy' }).click();
    const form = alice.getByRole('form', { name: 'New policy' });
    await form.getByLabel('Name').fill('web <b>first</b>');
    await form.getByRole('button', { name: 'Remove MLDSA65-Ed25519-SHA512' }).click();
    // A hybrid policy needs both halves of a signature: the server says so, of the simulation and, at its place, of the form.
    const missing = /^A hybrid policy needs a post-quantum and a classical signature/;
    await form.getByRole('button', { name: 'Simulate' }).click();
    const simulation = alice.getByRole('region', { name: 'Simulation' });
    await simulation.getByText(missing).waitFor();
    await form.getByRole('button', { name: 'Make the policy' }).click();
    await form.getByRole('group', { name: 'Signatures' }).getByText(missing).waitFor();
    expect((await world.server.client.listPolicies({})).items.map(({ name }) => name)).not.toContain(
      'web <b>first</b>',
    );
    await form.getByLabel('Add to signatures').selectOption('ML-DSA-65');
    await form.getByRole('button', { name: 'Simulate' }).click();
    const row = simulation.getByRole('listitem').filter({ hasText: answering.target }).first();
    await row.getByText('X25519MLKEM768').waitFor();
    expect(await simulation.getByText('Of the one asset that is selected:').count()).toBe(1);
    expect(await violations(alice)).toEqual([]);
    await form.getByRole('button', { name: 'Make the policy' }).click();
    await alice.getByRole('heading', { level: 1, name: 'web <b>first</b>' }).waitFor();
    expect(await violations(alice)).toEqual([]);
    await row.getByRole('button', { name: 'Protect' }).click();
    await row.getByRole('link', { name: 'See the job' }).click();
    await alice.waitForURL(({ pathname }) => pathname === '/jobs/job');
    await bob.goto(alice.url());
    for (const page of [alice, bob]) await page.getByText('Done.', { exact: true }).waitFor({ timeout: 30_000 });
    const [asset] = (await world.server.client.listAssets({})).items;
    expect(asset?.encryptionProfile?.appliedPolicy).toMatchObject({ policyVersion: 1 });
    expect(await violations(alice)).toEqual([]);
  }, 120_000);

  it('INV-9: the protection is undone from its job; a policy in use is kept, with the reason', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await alice.getByRole('button', { name: 'Undo this protection' }).click();
    await alice.getByText('The protection is taken back.').waitFor();
    const [asset] = (await world.server.client.listAssets({})).items;
    expect(asset?.encryptionProfile?.appliedPolicy).toBeUndefined();
    await alice.getByRole('region', { name: 'Details' }).getByRole('link').last().click();
    await alice.getByRole('button', { name: 'Delete…' }).click();
    await alice.getByRole('button', { name: 'Delete it for good' }).click();
    await alice.getByText('PROTECTION_POLICY_IN_USE').waitFor();
    await alice.getByRole('button', { name: 'Keep' }).click();
    await alice.getByRole('button', { name: 'Change' }).click();
    await alice.getByLabel('Keys are replaced after so many days').fill('30');
    await alice.getByRole('button', { name: 'Save as the next version' }).click();
    await alice.getByText('after 30 days').waitFor();
    await alice.getByText('2,').waitFor();
  }, 120_000);
});

describe('schedules of scans', () => {
  it('INV-5: a scan comes back by the clock: made, paused and deleted; what may not be scanned is said first', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { client } = world.server;
    await alice.goto(`${world.origin}/scans`);
    await alice.getByRole('link', { name: 'Schedules' }).click();
    await alice.getByText('Nothing comes back by itself yet.').waitFor();
    await alice.getByRole('button', { name: 'New schedule' }).click();
    await alice.getByLabel('Name').fill('nightly');
    await alice.getByLabel('Hosts and networks').fill(`${answering.target}\n10.1.2.3`);
    await alice.getByRole('button', { name: 'Make the schedule' }).click();
    await alice.getByText('The schedule was not made.').waitFor();
    expect(await violations(alice)).toEqual([]);
    expect((await client.listSchedules({})).items).toEqual([]);
    await alice.getByLabel('Hosts and networks').fill(answering.target);
    await alice.getByRole('button', { name: 'Make the schedule' }).click();
    await alice.getByRole('button', { name: 'Pause nightly' }).waitFor();
    expect(await violations(alice)).toEqual([]);
    expect((await client.listSchedules({})).items).toMatchObject([
      { name: 'nightly', cron: '0 3 * * *', enabled: true, work: { targets: [answering.target], name: 'nightly' } },
    ]);
    await alice.getByRole('button', { name: 'Pause nightly' }).click();
    await alice.getByRole('button', { name: 'Resume nightly' }).waitFor();
    await alice.getByRole('button', { name: 'Delete… nightly' }).click();
    await alice.getByRole('button', { name: 'Delete for good nightly' }).click();
    await alice.getByText('Nothing comes back by itself yet.').waitFor();
    expect((await client.listSchedules({})).items).toEqual([]);
  }, 120_000);
});

describe('a scan under approval', () => {
  it('ACC-9: asked for in one browser, approved in the other, and watched in both while it runs', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await world.server.client.setApprovalPolicy({
      body: { operation: 'scan.internal', quorum: 1, reasonRequired: false },
    });
    await bob.goto(`${world.origin}/approvals`);
    await alice.goto(
      `${world.origin}/scans/new?targets=${encodeURIComponent(`${answering.target}\n${silent.target}`)}`,
    );
    await alice.getByRole('button', { name: 'Next' }).click();
    await alice.getByRole('heading', { name: 'How closely, and what is behind it?' }).waitFor();
    await alice.getByRole('button', { name: 'Next' }).click();
    await alice.getByText('Others have to approve this scan first.').waitFor();
    expect(await violations(alice)).toEqual([]);
    await alice.getByRole('button', { name: 'Ask for approval' }).click();
    await alice.getByRole('link', { name: 'See the request' }).click();
    await alice.getByRole('heading', { name: 'What will be done, exactly' }).waitFor();
    await bob.getByRole('list', { name: 'Waiting for you' }).getByRole('link').click();
    await bob.getByRole('button', { name: 'Approve this plan' }).click();
    for (const page of [alice, bob]) {
      await page.getByRole('progressbar').waitFor({ timeout: 20_000 });
      await page.getByRole('link', { name: 'See the job' }).click();
      await page.getByRole('link', { name: 'See the scan with each of its targets' }).click();
      await targetRow(page, answering.target).getByText('answered').waitFor({ timeout: 30_000 });
    }
    await bob.getByRole('button', { name: 'Cancel the scan' }).click();
    for (const page of [alice, bob]) await page.getByText('The scan was cancelled.').waitFor({ timeout: 30_000 });
  }, 120_000);
});

describe('every page of the work rooms', () => {
  it('IFC-5: fits the width of a phone', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await alice.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/scans', '/scans/new', '/scans/schedules', '/jobs', '/policies', '/policies/new']) {
      await alice.goto(`${world.origin}${path}`);
      await alice.getByRole('heading', { level: 1 }).waitFor();
      expect({ path, overflow: await overflow(alice) }).toEqual({ path, overflow: 0 });
    }
    await alice.setViewportSize({ width: 1280, height: 900 });
  }, 120_000);
});
