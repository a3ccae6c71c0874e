import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appCode, wrongAppCode } from '../../apps/server/src/modules/identity/factors/factor-world.test-support.ts';
import { type ConsoleWorld, chromiumMissing, type Person, startConsole } from './console.ts';
import { withApp } from './with-app.ts';

// ACC-2, ACC-11, ACC-12: every way from nobody to a session, as a person meets it, and what is left when it ends.

let world: ConsoleWorld;
const password = 'correct horse battery staple';

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole();
}, 240_000);
afterAll(() => world?.close());

async function member(email: string): Promise<Person & { readonly id: string }> {
  const { client } = world.server;
  const { token, user } = await client.inviteUser({ body: { email, roles: ['auditor'] } });
  await client.join({ body: { token, password, displayName: email } });
  return { email, password, id: user.id };
}

const firstStep = async (page: Page, who: Person) => {
  await page.goto(`${world.origin}/sign-in`);
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password', { exact: true }).fill(who.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
};
const isHome = async (page: Page) => {
  await page.waitForURL((url) => url.pathname === '/');
  await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
};

describe('the ways into the console', () => {
  it('ACC-12: an invitation is a link; its token leaves the address, and a weak password is refused in words', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const invited = await world.server.client.inviteUser({ body: { email: 'new@example.org', roles: ['auditor'] } });
    const { page, faults } = await world.open();
    await page.goto(`${world.origin}/join#token=${encodeURIComponent(invited.token)}`);
    await page.getByLabel('Your name').fill('New \u202e<script>alert(1)</script>');
    expect(page.url()).toBe(`${world.origin}/join`);
    expect(await page.getByLabel('Invitation').count()).toBe(0);
    await page.getByLabel('New password').fill('password1234');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.locator('[aria-invalid]').waitFor();
    await page.getByLabel('New password').fill(password);
    await page.getByRole('button', { name: 'Join' }).click();
    await isHome(page);
    expect(faults).toEqual([]);
  }, 120_000);

  it('ACC-2: the second step takes the code of an app, once, or a recovery code', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const who = await member('app@example.org');
    const { secret, recoveryCodes } = await withApp(world, who);
    const { page, faults, context } = await world.open();
    await firstStep(page, who);
    const digits = page.getByLabel('Six digits of your authenticator app');
    await digits.fill(wrongAppCode(secret, new Date()));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').filter({ hasText: 'did not work' }).waitFor();
    expect(await context.cookies()).toEqual([]);
    const code = appCode(secret, new Date());
    await digits.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.getByRole('button', { name: 'Continue' }).click();
    await isHome(page);

    const other = await world.open();
    await firstStep(other.page, who);
    await other.page.getByRole('button', { name: 'Use a recovery code' }).click();
    await other.page.getByLabel('Recovery code').fill(recoveryCodes[0] ?? '');
    await other.page.getByRole('button', { name: 'Continue' }).click();
    await isHome(other.page);
    expect([...faults, ...other.faults]).toEqual([]);
  }, 120_000);

  it('ACC-2: a passkey is the second step, and the whole sign-in', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const who = await member('passkey@example.org');
    const { page, faults, context, signIn } = await world.open();
    const devtools = await context.newCDPSession(page);
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
    await signIn(who);
    await page.evaluate(registerPasskey);
    await context.clearCookies();
    await firstStep(page, who);
    await page.getByRole('heading', { name: 'Second step' }).waitFor();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await isHome(page);

    await context.clearCookies();
    await page.goto(`${world.origin}/sign-in`);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await isHome(page);
    expect(faults).toEqual([]);
  }, 120_000);

  it('ACC-11: who must choose a new password sees nothing else first, on any page', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const who = await member('compromised@example.org');
    await world.server.client.requirePasswordChange({ params: { id: who.id } });
    const { page, faults } = await world.open();
    await firstStep(page, who);
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    await page.goto(`${world.origin}/audit`);
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Rooms' }).count()).toBe(0);
    await page.getByLabel('Present password').fill(password);
    await page.getByLabel('New password').fill('another horse battery staple');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('ACC-11: the token of an administrator sets a password, once', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const who = await member('forgetful@example.org');
    const { token } = await world.server.client.createPasswordReset({ params: { id: who.id } });
    const { page, faults, signIn } = await world.open();
    const chosen = 'a third horse battery staple';
    for (const outcome of ['The new password is set.', 'did not work']) {
      await page.goto('about:blank');
      await page.goto(`${world.origin}/reset-password#token=${token}`);
      await page.getByLabel('New password').fill(chosen);
      await page.getByRole('button', { name: 'Set the password' }).click();
      await page.getByText(outcome).waitFor();
    }
    await signIn({ email: who.email, password: chosen });
    expect(faults).toEqual([]);
  }, 120_000);
});

describe('the end of a session', () => {
  it('ACC-4: a sign-out in one tab empties the other, and the next user sees nothing of the one before', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const next = await member('next@example.org');
    const { page, context, faults, signIn } = await world.open();
    await signIn();
    await page.evaluate("localStorage.setItem('qv-look', 'dark compact')");
    const other = await context.newPage();
    await other.goto(`${world.origin}/people`);
    await other.getByText(world.server.signIn.email).first().waitFor();

    await page.getByRole('button', { name: 'Account menu' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await Promise.all([page, other].map((one) => one.waitForURL((url) => url.pathname === '/sign-in')));
    expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0);

    // Whatever stands on a page of the next user, at any moment from the first, is looked at.
    await other.addInitScript(`
      globalThis.seen = '';
      new MutationObserver(() => { globalThis.seen += document.body?.innerText ?? ''; })
        .observe(document, { childList: true, subtree: true, characterData: true });
    `);
    await signIn(next);
    await other.goto(`${world.origin}/`);
    await other.getByText('with these roles: auditor').waitFor();
    const seen = String(await other.evaluate('globalThis.seen'));
    expect(seen).toContain('with these roles: auditor');
    expect(seen).not.toContain('with these roles: platform-admin');
    expect(seen).not.toContain(world.server.signIn.email);
    expect(faults).toEqual([]);
  }, 120_000);

  it('ACC-4: another user in another tab: the page of the former one is loaded anew', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const second = await member('second@example.org');
    const { page, context, signIn } = await world.open();
    await signIn();
    const other = await context.newPage();
    await other.goto(`${world.origin}/`);
    await other.getByText('platform-admin').waitFor();
    // As if the message between tabs had been missed: the cookies are those of somebody else.
    await page.close();
    await context.clearCookies();
    const third = await context.newPage();
    await firstStep(third, second);
    await isHome(third);
    await other.getByText('with these roles: auditor').waitFor();
    expect(await other.getByText('platform-admin').count()).toBe(0);
  }, 120_000);
});

/** Registers a passkey for whoever is signed in; runs in the page. */
const registerPasskey = `(async () => {
  const csrf = /__Host-qv-csrf=([^;]+)/.exec(document.cookie)[1];
  const post = async (path, body) => {
    const headers = { 'x-csrf-token': csrf, ...(body ? { 'content-type': 'application/json' } : {}) };
    const response = await fetch(path, { method: 'POST', headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  const { challengeId, options } = await post('/api/me/second-factors/passkeys/options');
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = (await navigator.credentials.create({ publicKey })).toJSON();
  await post('/api/me/second-factors/passkeys', { challengeId, name: 'Chromium', credential });
})()`;
