import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overflow, violations } from './axe.ts';
import { type ConsolePage, type ConsoleWorld, chromiumMissing, type Person, startConsole } from './console.ts';

// IFC-5: what stands around the rooms, and the settings of the organization, as an administrator and an auditor meet them.

let world: ConsoleWorld;
let opened: ConsolePage;
let page: Page;
const auditor: Person = { email: 'auditor@example.org', password: 'correct horse battery staple' };

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole();
  const { client } = world.server;
  const { token } = await client.inviteUser({ body: { email: auditor.email, roles: ['auditor'] } });
  await client.join({ body: { token, password: auditor.password, displayName: 'Auditor' } });
  const second = await client.inviteUser({ body: { email: 'second@example.org', roles: ['organization-admin'] } });
  await client.join({ body: { token: second.token, password: auditor.password, displayName: 'Second' } });
  opened = await world.open();
  page = opened.page;
  await opened.signIn();
}, 240_000);
afterAll(() => world?.close());

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

const tab = (name: string) => page.getByRole('tab', { name }).click();

describe('settings', () => {
  it('ACC-11: a setting is explained, changed and kept; what is no value is not sent', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await opened.visit('/settings');
    const length = page.getByLabel('Least length');
    await length.fill('7');
    await page.getByText('A value is not one that can be saved').waitFor();
    expect(await page.getByRole('button', { name: /Save the changes/ }).isDisabled()).toBe(true);
    await length.fill('14');
    await page.getByText('Not saved yet. Now: 12 characters.').waitFor();
    await page.getByLabel('Required of').selectOption('some');
    await page.getByLabel('custodian').check();
    await page.getByLabel('platform-admin').uncheck();
    await page.getByRole('button', { name: 'Save the changes (2)' }).click();
    await page.getByText('Saved. It holds from now on for everybody.').waitFor();
    expect(await world.server.client.getSecuritySettings()).toMatchObject({
      password: { lengthMin: 14, strengthMin: 3 },
      mfa: { requiredFor: ['custodian'] },
      version: 1,
    });
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Required of').selectOption('nobody');
    await page.getByRole('button', { name: 'Save the changes (1)' }).click();
    await page.getByText('Saved. It holds from now on for everybody.').waitFor();
  }, 120_000);

  it('IFC-1: a change of somebody else is shown, what was typed stays, and both are kept', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await page.getByLabel('First lock', { exact: true }).fill('45');
    const body = { password: { historyCount: 7 }, lockout: { lockSeconds: 33 } };
    await page.evaluate(`(async () => {
      const csrf = /__Host-qv-csrf=([^;]+)/.exec(document.cookie)[1];
      const answer = await fetch('/api/security-settings', {
        method: 'PATCH',
        headers: { 'x-csrf-token': csrf, 'content-type': 'application/json', 'if-match': '"2"' },
        body: ${JSON.stringify(JSON.stringify(body))},
      });
      if (!answer.ok) throw new Error(await answer.text());
    })()`);
    await page.getByRole('button', { name: 'Save the changes (1)' }).click();
    await page.getByText('Somebody else changed this while you did.').waitFor();
    await page.getByText('First lock: 30 seconds, now 33 seconds').waitFor();
    await page.getByText('Former passwords that may not come back: 5 passwords, now 7 passwords').waitFor();
    expect(await page.getByLabel('First lock', { exact: true }).inputValue()).toBe('45');
    await page.getByRole('button', { name: 'Save the changes (1)' }).click();
    await page.getByText('Saved. It holds from now on for everybody.').waitFor();
    expect(await world.server.client.getSecuritySettings()).toMatchObject({
      password: { historyCount: 7 },
      lockout: { lockSeconds: 45 },
    });
  }, 120_000);

  it('ACC-9: an operation is put under approval, with who and how many; freeing it waits for them', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await tab('Approvals');
    await press('Put under approval asset.archive');
    const form = page.getByRole('form', { name: 'Approval of asset.archive' });
    await form.getByLabel('Different people who must approve').fill('2');
    await form.getByLabel('Who may approve').selectOption('organization-admin');
    await form.getByLabel('From these networks only').fill('10.0.0.0/8');
    expect(await violations(page)).toEqual([]);
    await form.getByRole('button', { name: 'Save' }).click();
    // Nobody could lift it again: refused, and what was typed is still there.
    await form.getByText('APPROVALS_QUORUM_UNREACHABLE').waitFor();
    expect(await form.getByLabel('From these networks only').inputValue()).toBe('10.0.0.0/8');
    await form.getByLabel('Different people who must approve').fill('1');
    await form.getByRole('button', { name: 'Save' }).click();
    await page
      .getByText('Needs one other person of those who hold the role organization-admin, within 1 day')
      .waitFor();
    const policyOf = async () =>
      (await world.server.client.listApprovalPolicies()).items.find(({ operation }) => operation === 'asset.archive')
        ?.policy;
    expect(await policyOf()).toMatchObject({
      quorum: 1,
      approverRole: 'organization-admin',
      approverNetworks: ['10.0.0.0/8'],
    });
    await press('Change asset.archive');
    await press('Free it of approval');
    // A policy guards itself: who could lift it alone would be its second person.
    await form.getByRole('link', { name: 'See the request' }).waitFor();
    expect(await policyOf()).not.toBeNull();
  }, 120_000);

  it('ACC-1: the organization is renamed; the server says how it is', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await tab('Organization');
    await page.getByLabel('Name of the organization').fill('<i>Example</i> \u202eX');
    await press('Rename');
    await page.getByText('Renamed.').waitFor();
    const { organizationId } = world.server.signIn;
    const { name } = await world.server.client.getOrganization({ params: { id: organizationId } });
    expect(name).toBe('<i>Example</i> \u202eX');
    await tab('Server');
    const { version } = await world.server.client.getStatus();
    await page.getByText(version, { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
  }, 120_000);

  it('IFC-5: an auditor reads the settings and can change none; nothing runs out of a telephone', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const other = await world.open({ viewport: { width: 390, height: 844 } });
    await other.signIn(auditor);
    await other.visit('/settings');
    await other.page.getByText('You may read these settings').waitFor();
    expect(await other.page.getByRole('button', { name: /Save/ }).count()).toBe(0);
    for (const name of ['Security', 'Approvals', 'Organization', 'Server']) {
      await other.page.getByRole('tab', { name }).click();
      expect(await violations(other.page), name).toEqual([]);
      expect(await overflow(other.page), name).toBe(0);
    }
    expect(await other.page.getByRole('button', { name: /Put under approval|Rename|Change/ }).count()).toBe(0);
  }, 120_000);
});
