import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';

// ACC-8, ACC-12 as an administrator does them: from the invitation over access for two days to the off-boarding.

let world: ConsoleWorld;
let page: Page;
const email = 'colleague@example.org';

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole();
  const opened = await world.open();
  await opened.signIn();
  page = opened.page;
}, 240_000);
afterAll(() => world?.close());

const colleague = async () => {
  const [user] = (await world.server.client.listUsers({ query: { emailPrefix: email } })).items;
  if (user === undefined) throw new Error('nobody was invited');
  return user;
};

describe('people', () => {
  it('ACC-12: the link of an invitation is shown once, and works', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await page.goto(`${world.origin}/people`);
    await page.getByLabel('Email of a new person').fill(email);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const link = await page.getByText(/\/join#token=/).innerText();
    const token = decodeURIComponent(link.split('#token=')[1] ?? '');
    await page.reload();
    await page.getByRole('link', { name: email }).or(page.getByText(email)).first().waitFor();
    expect(await page.getByText('#token=').count()).toBe(0);
    await world.server.client.join({
      body: { token, password: 'correct horse battery staple', displayName: 'New colleague' },
    });
    expect(await colleague()).toMatchObject({ status: 'active', roles: [] });
  }, 120_000);

  it('ACC-8: read access for two days takes two clicks from the list, and ends by itself', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await page.goto(`${world.origin}/people`);
    await page.getByRole('link', { name: 'New colleague' }).click();
    const give = page.getByRole('region', { name: 'Give access' });
    expect(await give.getByLabel('Role').inputValue()).toBe('auditor');
    expect(await give.getByLabel('For').locator('option:checked').innerText()).toBe('2 days');
    await give.getByRole('button', { name: 'Give', exact: true }).click();
    await page.getByText('Given: auditor.').waitFor();
    const user = await colleague();
    const [grant] = (await world.server.client.listGrants({ query: { subjectId: user.id } })).items;
    expect(grant).toMatchObject({ role: 'auditor', effect: 'allow', place: null });
    const seconds = (Date.parse(grant?.expiresAt ?? '') - Date.parse(grant?.createdAt ?? '')) / 1000;
    expect(Math.abs(seconds - 2 * 86_400)).toBeLessThan(60);
  }, 120_000);

  it('ACC-1: what somebody may, and may not, is explained with the grants that decide', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const explain = page.getByRole('region', { name: 'Explain' });
    for (const [permission, verdict] of [
      ['audit.read', 'Allowed.'],
      ['asset.archive', 'Not allowed.'],
    ] as const) {
      await explain.getByLabel('Permission').selectOption(permission);
      await explain.getByRole('button', { name: 'Explain' }).click();
      await explain.getByText(verdict, { exact: true }).waitFor();
    }
  }, 120_000);

  it('ACC-9: a grant that is under approval is not given, and the page leads to the request', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { client } = world.server;
    const second = await client.inviteUser({ body: { email: 'second@example.org', roles: ['organization-admin'] } });
    await client.join({ body: { token: second.token, password: 'correct horse battery staple', displayName: 'Two' } });
    await client.setApprovalPolicy({ body: { operation: 'grant.create', quorum: 1, reasonRequired: false } });
    await page.getByRole('button', { name: 'Give', exact: true }).click();
    await page.getByRole('link', { name: 'See the request' }).click();
    await page.getByRole('heading', { name: 'What will be done, exactly' }).waitFor();
    expect(await page.getByRole('region', { name: 'Approvers' }).innerText()).toContain('second@example.org');
    expect((await client.listGrants({ query: { subjectId: (await colleague()).id } })).items).toHaveLength(1);
  }, 120_000);

  it('ACC-12: suspended, let in again, and off-boarded with the list of what to rotate', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await page.goto(`${world.origin}/people/person?id=${(await colleague()).id}`);
    await page.getByRole('button', { name: 'Suspend', exact: true }).click();
    await page.getByRole('button', { name: 'Let in again' }).click();
    await page.getByRole('button', { name: 'Suspend', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Off-board…' }).click();
    await page.getByRole('button', { name: 'Revoke everything now, for good' }).click();
    await page.getByText('Off-boarded: nothing of this person works any more.').waitFor();
    expect(await page.getByRole('list', { name: 'To rotate' }).innerText()).toContain('No record of a credential');
    expect((await colleague()).status).toBe('offboarded');
  }, 120_000);
});
