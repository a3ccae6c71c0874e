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

  it('ACC-2: of whom a second factor is demanded, that one is led to where it is set up', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const other = await world.open();
    await other.signIn(auditor);
    const demand = async (requiredFor: 'nobody' | string[]) => {
      await page.evaluate(`(async () => {
        const csrf = /__Host-qv-csrf=([^;]+)/.exec(document.cookie)[1];
        const settings = await fetch('/api/security-settings');
        const answer = await fetch('/api/security-settings', {
          method: 'PATCH',
          headers: { 'x-csrf-token': csrf, 'content-type': 'application/json', 'if-match': settings.headers.get('etag') },
          body: ${JSON.stringify(JSON.stringify({ mfa: { requiredFor } }))},
        });
        if (!answer.ok) throw new Error(await answer.text());
      })()`);
    };
    await demand(['auditor']);
    await other.page.goto(`${world.origin}/people`);
    await other.page.getByRole('link', { name: 'Set one up in your account' }).first().click();
    await other.page.getByText('Your organization wants a second factor of you.').waitFor();
    expect(await violations(other.page)).toEqual([]);
    await demand('nobody');
  }, 120_000);
});

describe('the house', () => {
  const palette = () => page.getByRole('combobox', { name: 'Go to, do, find' });
  // Keys do something when the shell is there, not while it is looked who is signed in.
  const enter = async (path: string) => {
    await opened.visit(path);
    await page.getByRole('button', { name: 'Help', exact: true }).waitFor();
  };
  const active = () => page.evaluate('document.activeElement.id || document.activeElement.tagName');

  it('IFC-5: by keyboard alone to a room, a thing by its name and a thing by its id; the focus goes to the page', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await enter('/');
    await page.keyboard.press('Control+k');
    await palette().waitFor();
    await page.keyboard.type('peop');
    await page.getByRole('option', { name: /^People/, selected: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/people');
    await expect.poll(() => page.title(), { timeout: 15_000 }).toBe('People · QuantumVault');
    await expect.poll(active, { timeout: 15_000 }).toBe('main');

    await page.keyboard.press('/');
    await palette().waitFor();
    await page.keyboard.type('auditor@');
    await page.getByRole('option', { name: /Auditor, auditor@example.org/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Auditor' }).waitFor();
    const id = new URL(page.url()).searchParams.get('id') ?? '';

    await page.keyboard.press('Control+k');
    await page.keyboard.type(id);
    await page.getByRole('option', { name: /Auditor.*Person/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: /What happened to it/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/audit' && url.searchParams.get('resource') === id);

    await page.keyboard.press('Control+k');
    await palette().waitFor();
    expect(await page.getByRole('listbox').getByRole('option').first().innerText()).toContain('What happened to it');
    await page.keyboard.press('Escape');
    await palette().waitFor({ state: 'detached' });
  }, 120_000);

  it('WCAG 2.1.4: keys lead to rooms and are listed; those of one character can be turned off, for good', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await enter('/');
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.waitForURL((url) => url.pathname === '/audit');
    await page.keyboard.press('?');
    const isOn = page.getByLabel('Keys of one character do something');
    await isOn.waitFor();
    expect(await violations(page)).toEqual([]);
    await isOn.uncheck();
    await page.keyboard.press('Escape');
    await enter('/audit');
    await page.keyboard.press('?');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.keyboard.press('Control+k');
    await palette().waitFor();
    expect(new URL(page.url()).pathname).toBe('/audit');
    expect(await isOn.count()).toBe(0);
    await page.keyboard.type('list the keys');
    await page.keyboard.press('Enter');
    await isOn.check();
    await page.keyboard.press('Escape');
    // In a field a letter is a letter.
    await page.getByLabel('Action').focus();
    await page.keyboard.type('gh?/');
    expect(await page.getByLabel('Action').inputValue()).toBe('gh?/');
  }, 120_000);

  it('IFC-5: the help teaches the concepts of the room, and the one whose ? was pressed', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await enter('/account');
    await press('Help');
    const help = page.getByRole('dialog', { name: 'Help' });
    await help.getByText('In this room: Account').waitFor();
    await help.getByText('A passkey signs you in with your finger').waitFor();
    await help.getByLabel('Find a word').fill('merkle');
    await help.getByText('An inclusion proof shows by a few hashes').waitFor();
    expect(await violations(page)).toEqual([]);
    await help.getByRole('button', { name: 'Close' }).click();
    await press('What is this: one time code');
    await help.getByRole('region', { name: 'One-time code' }).waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toContain('one time code');
  }, 120_000);

  it('IFC-5: a revoked grant is given again by one press', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { client } = world.server;
    const [user] = (await client.listUsers({ query: { emailPrefix: auditor.email } })).items;
    const subjectId = user?.id ?? '';
    const rules = { addresses: ['10.0.0.0/8'] };
    const { id } = await client.createGrant({ body: { subjectId, role: 'operator', rules } });
    await enter(`/people/person?id=${subjectId}`);
    await press('Revoke operator');
    await page.getByText('operator is revoked.').waitFor();
    expect(await violations(page)).toEqual([]);
    await press('Undo');
    await page.getByRole('button', { name: 'Revoke operator' }).waitFor();
    const given = (await client.listGrants({ query: { subjectId } })).items.find(({ role }) => role === 'operator');
    expect(given).toMatchObject({ rules, effect: 'allow', place: null });
    expect(given?.id).not.toBe(id);
  }, 120_000);

  it('IFC-5: the density is kept and stands before the first paint', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await page.keyboard.press('Control+k');
    await palette().waitFor();
    await page.keyboard.type('compact');
    await page.keyboard.press('Enter');
    await page.addInitScript(`
      new MutationObserver((_records, observer) => {
        if (document.body === null) return;
        globalThis.densityAtBody = document.documentElement.dataset.density;
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    `);
    await enter('/');
    expect(await page.evaluate('globalThis.densityAtBody')).toBe('compact');
  }, 120_000);

  it('IFC-5: what one may not do is not offered by the palette either', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const other = await world.open();
    await other.signIn(auditor);
    await other.page.keyboard.press('Control+k');
    await other.page.getByRole('option', { name: /Audit/ }).first().waitFor();
    const offered = await other.page.getByRole('listbox', { name: 'Found' }).innerText();
    expect(offered).toContain('People');
    expect(offered).not.toContain('Invite a person');
    expect(offered).not.toContain('Make a role');
  }, 120_000);
});
