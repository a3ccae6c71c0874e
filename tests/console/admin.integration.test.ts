import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overflow, violations } from './axe.ts';
import { type ConsolePage, type ConsoleWorld, chromiumMissing, type Person, startConsole } from './console.ts';

// ACC-1, ACC-2 and ACC-8 in their rooms: places, machines and their keys, and access for a time between two people.

let world: ConsoleWorld;
let opened: ConsolePage;
let page: Page;
const colleague: Person = { email: 'colleague@example.org', password: 'correct horse battery staple' };

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole();
  const { client } = world.server;
  const { token } = await client.inviteUser({ body: { email: colleague.email, roles: ['organization-user'] } });
  await client.join({ body: { token, password: colleague.password, displayName: 'Colleague' } });
  opened = await world.open();
  await opened.signIn();
  page = opened.page;
}, 240_000);
afterAll(() => world?.close());

const press = (name: string, within: Page | ReturnType<Page['getByRole']> = page) =>
  within.getByRole('button', { name, exact: true }).click();
const dialog = () => page.getByRole('dialog');

describe('the rooms of administrators', () => {
  it('ACC-1: an environment, a project and a service are made, and what holds something is not deleted', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await opened.visit('/organization');
    await press('New environment');
    await dialog().getByLabel('Name').fill('Lab');
    await press('Save', dialog());
    await press('New project in the environment Lab');
    await dialog().getByLabel('Name').fill('Shop');
    await press('Save', dialog());
    const lab = page.getByRole('button', { name: 'What stands in the environment Lab' });
    await expect.poll(() => lab.getAttribute('aria-expanded'), { timeout: 15_000 }).toBe('true');
    await press('New service in the project Shop');
    await dialog().getByLabel('Name').fill('Checkout');
    await press('Save', dialog());
    await page.getByText('Checkout', { exact: true }).waitFor();
    await press('Delete… the environment Lab');
    await press('Delete it, for good the environment Lab');
    await page.getByRole('alert').filter({ hasText: 'TENANCY_NOT_EMPTY' }).waitFor();
    const names = (await world.server.client.listProjects({ query: {} })).items.map(({ name }) => name);
    expect(names).toContain('Shop');
    expect(await violations(page)).toEqual([]);
  }, 120_000);

  it('ACC-2: a program gets an account and a key, whose secret is shown once and kept nowhere', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await opened.visit('/machines');
    await page.getByRole('button', { name: 'New service account' }).first().click();
    await dialog().getByLabel('Name').fill('Nightly');
    await dialog().getByLabel('What it is for').fill('Scans at night');
    await dialog().locator('button[type=submit]').click();
    await page.getByRole('heading', { level: 1, name: 'Nightly' }).waitFor();
    await page.getByRole('button', { name: 'New key' }).click();
    await dialog().getByLabel('Name').fill('Runner');
    await dialog().getByLabel('asset.read', { exact: true }).check();
    await press('Make the key', dialog());
    const secret = await dialog().locator('code').innerText();
    expect(secret).toMatch(/^qv_/);
    await press('I have put it away', dialog());
    const traces = await page.evaluate(
      'JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, document.body.innerHTML])',
    );
    expect(traces).not.toContain(secret);
    await opened.visit('/api-keys');
    await page.getByRole('list', { name: 'API keys' }).locator('bdi', { hasText: 'Runner' }).waitFor();
    expect(await violations(page)).toEqual([]);
    // The account holds no role yet: what its key would allow is refused until the role is given, and the rest always.
    const status = async (path: string) => (await world.server.request('GET', path, { apiKey: secret })).status;
    expect(await status('/api/assets')).toBe(403);
    const { client } = world.server;
    const [account] = (await client.listServiceAccounts({ query: {} })).items.filter(({ name }) => name === 'Nightly');
    await client.createGrant({ body: { subjectId: account?.id ?? '', role: 'auditor' } });
    await expect.poll(() => status('/api/assets'), { timeout: 15_000 }).toBe(200);
    expect(await status('/api/policies')).toBe(403);
  }, 120_000);

  it('ACC-2: a device is enrolled by a token that is shown once', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await opened.visit('/machines');
    await page.getByRole('button', { name: 'Enrol a device' }).first().click();
    await dialog().getByLabel('Name of the device').fill('Sensor');
    await press('Make the token', dialog());
    await dialog().getByText('Token for Sensor. It is shown this once.').waitFor();
    expect(await violations(page)).toEqual([]);
    await press('I have put it away', dialog());
  }, 120_000);

  it('ACC-8: access is asked for by one and given by another, and begins at once', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const other = await world.open({ viewport: { width: 390, height: 844 } });
    await other.signIn(colleague);
    await other.visit('/access');
    const form = other.page.getByRole('form', { name: 'Ask for access' });
    await form.getByLabel('Role').selectOption('auditor');
    await form.getByLabel('Why').fill('The yearly look at <b>everything</b>');
    await press('Ask', form);
    await other.page.getByText('Asked for auditor.').waitFor();
    expect(await overflow(other.page)).toBe(0);
    expect(await violations(other.page)).toEqual([]);
    await opened.visit('/access');
    await page.getByText('The yearly look at <b>everything</b>').waitFor();
    await press('Give auditor');
    await page.getByText(/approved by/).waitFor();
    const [user] = (await world.server.client.listUsers({ query: { emailPrefix: colleague.email } })).items;
    const grants = (await world.server.client.listGrants({ query: { subjectId: user?.id ?? '' } })).items;
    expect(grants.map(({ role }) => role)).toContain('auditor');
  }, 120_000);

  it('ACC-8: a role taken in an emergency is told to the others, and one of them reviews it', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { client } = world.server;
    const { token } = await client.inviteUser({ body: { email: 'second@example.org', roles: ['organization-admin'] } });
    await client.join({ body: { token, password: colleague.password, displayName: 'Second' } });
    const other = await world.open();
    await other.signIn({ email: 'second@example.org', password: colleague.password });
    await other.visit('/access');
    await other.page.getByRole('button', { name: 'This is an emergency…' }).click();
    const form = other.page.getByRole('form', { name: 'Emergency' });
    await form.getByLabel('Role').selectOption('custodian');
    await form.getByLabel('Why').fill('The vault is locked');
    await press('Take the role now', form);
    await other.page.getByText('The vault is locked').waitFor();
    await opened.visit('/');
    await page.getByText('Somebody took a role in an emergency.', { exact: false }).waitFor();
    await page.getByRole('link', { name: 'Look at the emergencies and review them' }).click();
    await page.getByRole('heading', { level: 1, name: 'Access for a time' }).waitFor();
    await page.getByText('Somebody took a role in an emergency.', { exact: false }).waitFor();
    await page.getByRole('button', { name: /^Review… / }).click();
    const review = page.getByRole('form', { name: 'Review' });
    await review.getByLabel('Note').fill('It was locked');
    await press('Keep the review', review);
    await page.getByText(/justified, says/).waitFor();
    expect(await violations(page)).toEqual([]);
  }, 120_000);
});
