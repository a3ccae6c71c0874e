import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';

// ACC-4 as people meet it: into the console and out of it, and nothing of the one before is left for the one after.

let world: ConsoleWorld;

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole();
}, 240_000);
afterAll(() => world?.close());

describe('the console', () => {
  it('ACC-4: signs in, and draws nothing that the policy of its pages refuses', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { page, faults, signIn, context } = await world.open();
    await signIn();
    await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
    const kept = (await context.cookies()).map(({ name, httpOnly, secure, sameSite }) =>
      [name, httpOnly, secure, sameSite].join(' '),
    );
    expect(kept.toSorted()).toEqual([
      '__Host-qv-csrf false true Strict',
      '__Host-qv-session true true Strict',
      '__Secure-qv-refresh true true Strict',
    ]);
    expect(faults).toEqual([]);
  }, 120_000);

  it('ACC-4: a wrong password is refused in words, and the form keeps the address', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { page, faults } = await world.open();
    await page.goto(`${world.origin}/sign-in`);
    await page.getByLabel('Email').fill(world.server.signIn.email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'refused' }).waitFor();
    expect(await page.getByLabel('Email').inputValue()).toBe(world.server.signIn.email);
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
    expect(faults).toEqual([]);
  }, 120_000);

  it('ACC-4: who is not signed in is led to the sign-in and back to the page that was asked for', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { page, faults } = await world.open();
    await page.goto(`${world.origin}/?from=link`);
    await page.waitForURL((url) => url.pathname === '/sign-in');
    await page.getByLabel('Email').fill(world.server.signIn.email);
    await page.getByLabel('Password', { exact: true }).fill(world.server.signIn.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname === '/' && url.search === '?from=link');
    expect(faults).toEqual([]);
  }, 120_000);

  it('attack case 26: a link to the sign-in leads to no other host, however its way back is written', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { page, faults } = await world.open();
    await page.goto(`${world.origin}/sign-in?next=${encodeURIComponent('/.//example.org')}`);
    await page.getByLabel('Email').fill(world.server.signIn.email);
    await page.getByLabel('Password', { exact: true }).fill(world.server.signIn.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(page.url()).toBe(`${world.origin}/`);
    expect(faults).toEqual([]);
  }, 120_000);

  it('ACC-4: sign-out takes every cookie, and works after the access token has ended', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { page, context, faults, signIn } = await world.open();
    await signIn();
    await context.clearCookies({ name: '__Host-qv-session' });
    await page.getByRole('button', { name: 'Account menu' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL((url) => url.pathname === '/sign-in');
    await page.getByLabel('Email').waitFor();
    expect(await context.cookies()).toEqual([]);
    expect(faults).toEqual([]);
  }, 120_000);
});
