import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appCode } from '../../apps/server/src/modules/identity/factors/factor-world.test-support.ts';
import { overflow, violations } from './axe.ts';
import { keptText } from './cached-answers.ts';
import { type ConsolePage, type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';
import { withApp } from './with-app.ts';

// ACC-2, ACC-4, ACC-11, ACC-12: what an administrator does for one person; secrets are shown once and kept nowhere.

let world: ConsoleWorld;
let opened: ConsolePage;
let page: Page;
const password = 'correct horse battery staple';

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole();
  opened = await world.open();
  await opened.signIn();
  page = opened.page;
}, 240_000);
afterAll(() => world?.close());

async function member(email: string) {
  const { token, user } = await world.server.client.inviteUser({ body: { email, roles: ['auditor'] } });
  await world.server.client.join({ body: { token, password, displayName: email } });
  return { id: user.id, email, password };
}
const visitPerson = (id: string) => opened.visit(`/people/person?id=${id}`);
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

/** The secret that the page shows now: it is in no cache while it is shown, and nowhere once it is put away. */
async function shownOnce(text: RegExp): Promise<string> {
  const shown = page.getByRole('status').locator('code').filter({ hasText: text });
  const value = await shown.innerText();
  const secret = decodeURIComponent(value.split('#token=')[1] ?? value);
  expect(secret.length).toBeGreaterThan(15);
  expect(await keptText(page)).not.toContain(secret);
  await press('I have put it away');
  await expect.poll(() => shown.count(), { timeout: 15_000 }).toBe(0);
  expect(await keptText(page)).not.toContain(secret);
  expect(await page.content()).not.toContain(secret);
  return secret;
}

describe('the page of a person', () => {
  it('ACC-12: an invitation is made anew, which voids the former link, and cancelled', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { client } = world.server;
    await opened.visit('/people');
    await page.getByLabel('Email of a new person').fill('invited@example.org');
    await press('Invite');
    const first = await shownOnce(/\/join#token=/);
    // The look into the caches finds what is in them.
    await expect.poll(() => keptText(page), { timeout: 15_000 }).toContain('invited@example.org');
    const [user] = (await client.listUsers({ query: { emailPrefix: 'invited@' } })).items;
    await visitPerson(user?.id ?? '');
    await press('Make a new link');
    const second = await shownOnce(/\/join#token=/);
    expect(second).not.toBe(first);
    const join = (token: string) => client.join({ body: { token, password, displayName: 'Invited' } });
    await expect(join(first)).rejects.toThrow();
    await press('Cancel the invitation…');
    await press('Make its link void and take its roles back');
    await page.getByText('The invitation is cancelled.').waitFor();
    await expect(join(second)).rejects.toThrow();
  }, 120_000);

  it('ACC-4: the sessions of a person are listed, and ended one by one or all at once', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const who = await member('signed-in@example.org');
    for (let count = 0; count < 3; count += 1) await (await world.open()).signIn(who);
    const left = async () => (await world.server.client.listUserSessions({ params: { id: who.id } })).items.length;
    await visitPerson(who.id);
    const region = page.getByRole('region', { name: 'Sessions' });
    const rows = region.getByRole('listitem');
    await expect.poll(() => rows.count(), { timeout: 15_000 }).toBe(3);
    await rows.first().getByRole('button', { name: /^End…/ }).click();
    await rows
      .first()
      .getByRole('button', { name: /^Sign this person out there/ })
      .click();
    await page.getByText('One session is ended.').waitFor();
    await expect.poll(() => rows.count(), { timeout: 15_000 }).toBe(2);
    expect(await left()).toBe(2);
    await press('End all sessions…');
    await press('Sign this person out everywhere');
    await page.getByText('2 sessions are ended.').waitFor();
    await region.getByText('Signed in nowhere.').waitFor();
    expect(await left()).toBe(0);
  }, 120_000);

  it('ACC-11: a password is reset by a link that works once, a change is demanded, a lock is lifted', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const who = await member('locked@example.org');
    await visitPerson(who.id);
    await press('Reset the password…');
    await press('End all sessions and make a link for a new password');
    const token = await shownOnce(/\/reset-password#token=/);
    await world.server.client.resetPassword({ body: { token, newPassword: 'another horse battery staple' } });
    await press('Unlock the sign-in');
    await page.getByText('The failed sign-ins are forgotten.').waitFor();
    await press('Demand a new password…');
    await press('End all sessions; the next sign-in must choose a new password');
    await page.getByText('The next sign-in must choose a new password.').waitFor();
    const other = await world.open();
    await other.page.goto(`${world.origin}/sign-in`);
    await other.page.getByLabel('Email').fill(who.email);
    await other.page.getByLabel('Password', { exact: true }).fill('another horse battery staple');
    await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
  }, 120_000);

  it('ACC-2: second factors are removed for a reason', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const who = await member('lost@example.org');
    await withApp(world, who);
    await visitPerson(who.id);
    await press('Remove the second factors…');
    const form = page.getByRole('form', { name: 'Remove the second factors' });
    await form.getByLabel('Why they are removed').fill('The telephone is lost');
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflow(page)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 900 });
    await press('Remove all of them, for good');
    await page.getByText('One second factor is removed.').waitFor();
    // The password alone is enough again.
    const other = await world.open();
    await other.signIn(who);
  }, 120_000);

  it('ACC-1: a role is given in one project, and the grant names it', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { client } = world.server;
    const who = await member('placed@example.org');
    const environment = await client.createEnvironment({ body: { name: 'Laboratory', type: 'development' } });
    const project = await client.createProject({ body: { name: 'Shop', environmentId: environment.id } });
    await visitPerson(who.id);
    const give = page.getByRole('region', { name: 'Give access' });
    await give.getByLabel('Where').selectOption({ label: 'Laboratory / Shop' });
    await give.getByRole('button', { name: 'Give', exact: true }).click();
    await give.getByText('In project Laboratory / Shop.').waitFor();
    await page.getByRole('list', { name: 'Grants' }).getByText('in project Laboratory / Shop').waitFor();
    const grants = (await client.listGrants({ query: { subjectId: who.id } })).items;
    expect(grants.map(({ place }) => place?.projectId ?? null)).toContain(project.id);
  }, 120_000);
});

describe('secrets that are shown once', () => {
  it('ACC-2: the secret of an app, an API key and an enrolment token are in no cache', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await opened.visit('/account');
    await press('Set up an app');
    const secret = await page.getByRole('region', { name: 'Authenticator app' }).locator('code').innerText();
    expect(await keptText(page)).not.toContain(secret);
    await press('Not now');
    expect(await page.content()).not.toContain(secret);

    await opened.visit('/machines');
    await page.getByRole('button', { name: 'Enrol a device' }).first().click();
    await page.getByLabel('Name of the device').fill('Sensor');
    await press('Make the token');
    await shownOnce(/^qv/);

    await opened.visit('/account?part=keys');
    await press('New API key');
    await page.getByRole('form', { name: 'New API key' }).getByLabel('Name').fill('Runner');
    await page.getByLabel('asset.read', { exact: true }).check();
    await press('Make the key');
    await shownOnce(/^qv_/);
  }, 120_000);

  it('ACC-2: recovery codes, which come with the first factor, are in no cache', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const other = await world.open();
    await other.signIn(await member('careful@example.org'));
    await other.visit('/account');
    const app = other.page.getByRole('region', { name: 'Authenticator app' });
    await app.getByRole('button', { name: 'Set up an app' }).click();
    const secret = await app.locator('code').innerText();
    await app.getByLabel('Six digits that the app shows now').fill(appCode(secret, new Date()));
    await app.getByRole('button', { name: 'Put it in use' }).click();
    const codes = other.page.getByRole('region', { name: 'Recovery codes' }).getByRole('listitem');
    await expect.poll(() => codes.count(), { timeout: 15_000 }).toBe(10);
    const shown = await codes.allInnerTexts();
    const kept = await keptText(other.page);
    for (const code of [secret, ...shown]) expect(kept).not.toContain(code);
  }, 120_000);
});
