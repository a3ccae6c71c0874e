import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appCode, wrongAppCode } from '../../apps/server/src/modules/identity/factors/factor-world.test-support.ts';
import { overflow, violations } from './axe.ts';
import { type ConsolePage, type ConsoleWorld, chromiumMissing, type Person, startConsole } from './console.ts';

// ACC-2, ACC-4, ACC-11 as a person does them for the own account, with an authenticator that Chromium plays.

let world: ConsoleWorld;
let opened: ConsolePage;
let page: Page;
let recoveryCode: string;
const who: Person = { email: 'own@example.org', password: 'correct horse battery staple' };
const chosen = 'another horse battery staple';

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  // The address that a default start listens at; its people come by the name, to which browsers bind passkeys.
  world = await startConsole({ environment: { QV_HOST: '127.0.0.1' } });
  const { client } = world.server;
  const { token } = await client.inviteUser({ body: { email: who.email, roles: ['organization-user'] } });
  await client.join({ body: { token, password: who.password, displayName: 'Owner' } });
  opened = await world.open({ permissions: ['clipboard-read', 'clipboard-write'] });
  page = opened.page;
  const devtools = await opened.context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await opened.signIn(who);
}, 240_000);
afterAll(() => world?.close());

const region = (name: string) => page.getByRole('region', { name, exact: true });
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const part = async (name: string) => {
  await page.getByRole('tab', { name, exact: true }).click();
};

describe('the own account', () => {
  it('ACC-2: a passkey is added with a name; its recovery codes are shown once, to be copied or kept as a file', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await press('Account menu');
    await page.getByRole('menuitem', { name: 'Your account' }).click();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    await region('Passkeys').getByText('You have no passkey yet.').waitFor();
    await page.getByLabel('Name of a new passkey').fill('My <b>key</b>');
    await press('Add a passkey');
    const codes = page.getByRole('list', { name: 'New recovery codes' });
    await codes.waitFor();
    expect(await codes.getByRole('listitem').count()).toBe(10);
    recoveryCode = await codes.getByRole('listitem').first().innerText();
    const [download] = await Promise.all([page.waitForEvent('download'), press('Download as text')]);
    expect(readFileSync(await download.path(), 'utf8')).toContain(recoveryCode);
    await press('Copy all');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(String(await page.evaluate('navigator.clipboard.readText()'))).toContain(recoveryCode);
    expect(await violations(page)).toEqual([]);
    await press('I have put them away');
    await page.reload();
    await page.getByText('You have 10 unused codes.').waitFor();
    expect(await page.getByText(recoveryCode).count()).toBe(0);
    await region('Passkeys').locator('bdi', { hasText: 'My <b>key</b>' }).waitFor();
  }, 120_000);

  it('ACC-2: the same device again is told so, and nothing is added', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await page.getByLabel('Name of a new passkey').fill('Twice');
    await press('Add a passkey');
    await page.getByText('This device has a passkey of yours already.').waitFor();
    expect(await page.getByRole('list', { name: 'Passkeys' }).getByRole('listitem').count()).toBe(1);
    await press('Rename My <b>key</b>');
    await page.getByLabel('New name').fill('Laptop');
    await press('Save the name');
    await region('Passkeys').getByText('Laptop', { exact: true }).first().waitFor();
  }, 120_000);

  it('ACC-2: an app is set up from the code that this page drew, and is in use with its first digits', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await press('Set up an app');
    await page.getByRole('img', { name: 'Code for your authenticator app' }).waitFor();
    const secret = await region('Authenticator app').locator('code').innerText();
    await page.getByLabel('Six digits that the app shows now').fill(wrongAppCode(secret, new Date()));
    await press('Put it in use');
    await page.getByText('The check of the six digits did not work.').waitFor();
    await page.getByLabel('Six digits that the app shows now').fill(appCode(secret, new Date()));
    await press('Put it in use');
    await region('Authenticator app').getByText('In use since').waitFor();
    expect(await page.getByText(secret).count()).toBe(0);
    // A factor is removed by a second press alone.
    await press('Remove the app…');
    await press('Keep');
    await region('Authenticator app').getByText('In use since').waitFor();
  }, 120_000);

  it('ACC-11: a weak password is refused in words; a good one ends the sessions elsewhere', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await page.getByLabel('Present password').fill(who.password);
    await page.getByLabel('New password').fill('password1234');
    await press('Change the password');
    await page.locator('[aria-invalid]').waitFor();
    await page.getByLabel('New password').fill(chosen);
    await press('Change the password');
    await page.getByText('The password is changed.').waitFor();
    await part('Sessions');
    await page.getByText('You are signed in nowhere else.').waitFor();
  }, 120_000);

  it('ACC-4: a session elsewhere is seen and ended, and its page leaves by itself', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const other = await world.open();
    await other.page.goto(`${world.origin}/sign-in`);
    await other.page.getByLabel('Email').fill(who.email);
    await other.page.getByLabel('Password', { exact: true }).fill(chosen);
    await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.page.getByRole('button', { name: 'Use a recovery code' }).click();
    await other.page.getByLabel('Recovery code').fill(recoveryCode);
    await other.page.getByRole('button', { name: 'Continue' }).click();
    await other.page.getByRole('navigation', { name: 'Rooms' }).waitFor();
    await page.reload();
    await press('End all others (1)');
    await page.getByText('You are signed in nowhere else.').waitFor();
    await other.page.waitForURL((url) => url.pathname === '/sign-in');
    await part('Sign-in');
    await page.getByText('You have 9 unused codes.').waitFor();
  }, 120_000);

  it('ACC-2: an API key is made with limits, shown once, replaced with an overlap, and revoked', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await part('API keys');
    await press('New API key');
    await page.getByLabel('Name').fill('Pipeline');
    await page.getByLabel('asset.read', { exact: true }).check();
    await page.getByLabel('From these networks only').fill('127.0.0.0/8');
    await press('Make the key');
    const secret = await page.getByRole('status').locator('code').innerText();
    const asked = await world.server.request('GET', '/api/assets', { apiKey: secret });
    expect(asked.status).toBe(200);
    expect((await world.server.request('GET', '/api/policies', { apiKey: secret })).status).toBe(403);
    expect(await violations(page)).toEqual([]);
    await press('I have put it away');
    expect(await page.getByText(secret).count()).toBe(0);
    await press('Replace Pipeline');
    await press('Make the new key');
    const second = await page.getByRole('status').locator('code').innerText();
    expect(second).not.toBe(secret);
    await press('I have put it away');
    expect((await world.server.request('GET', '/api/assets', { apiKey: secret })).status).toBe(200);
    const keys = page.getByRole('list', { name: 'API keys' });
    const old = keys.getByRole('listitem').filter({ hasText: 'replaced' });
    await old.getByRole('button', { name: 'Revoke… Pipeline' }).click();
    await old.getByRole('button', { name: 'Revoke it now, for good Pipeline' }).click();
    await old.waitFor({ state: 'detached' });
    expect((await world.server.request('GET', '/api/assets', { apiKey: secret })).status).toBe(401);
    expect((await world.server.request('GET', '/api/assets', { apiKey: second })).status).toBe(200);
  }, 120_000);

  it('ACC-1: what one may is listed, and why', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await part('Access');
    await page.getByRole('list', { name: 'Your roles' }).getByText('organization-user').waitFor();
    for (const [permission, verdict] of [
      ['asset.scan', 'Allowed.'],
      ['asset.archive', 'Not allowed.'],
    ] as const) {
      await page.getByLabel('Permission').selectOption(permission);
      await press('Explain');
      await region('Explain').getByText(verdict, { exact: true }).waitFor();
    }
  }, 120_000);

  it('WCAG 2.2: no violation in any part, by keyboard among the parts, and nothing runs out of a telephone', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${world.origin}/account`);
    await page.getByRole('tab', { name: 'Sign-in' }).focus();
    for (const name of ['Sessions', 'API keys', 'Access', 'Sign-in']) {
      await page.keyboard.press('ArrowRight');
      const tab = page.getByRole('tab', { name, selected: true });
      await tab.waitFor();
      expect(await page.evaluate('document.activeElement.textContent')).toBe(name);
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      expect(await violations(page), name).toEqual([]);
      expect(await overflow(page), name).toBe(0);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }, 120_000);
});
