import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';

// ACC-9 with two browsers: what one asks for appears in the inbox of the other, is approved there, and is carried out.

const password = 'correct horse battery staple';
let world: ConsoleWorld;
let [alice, bob] = [] as unknown as [Page, Page];
let role: { readonly id: string };

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole();
  const { client } = world.server;
  const invited = await client.inviteUser({ body: { email: 'bob@example.org', roles: ['organization-admin'] } });
  await client.join({ body: { token: invited.token, password, displayName: 'Bob' } });
  const made = await client.createRole({ body: { name: 'reader', permissions: ['asset.read'] } });
  role = { id: made.id ?? '' };
  await client.createRole({ body: { name: 'deciders', permissions: ['approval.read', 'approval.decide'] } });
  await client.createGrant({ body: { subjectId: invited.user.id, role: 'deciders' } });
  await client.setApprovalPolicy({ body: { operation: 'role.update', quorum: 1, approverRole: 'deciders' } });
  const [one, other] = [await world.open(), await world.open()];
  await one.signIn();
  await other.signIn({ email: 'bob@example.org', password });
  [alice, bob] = [one.page, other.page];
}, 240_000);
afterAll(() => world?.close());

/** Alice changes the permissions of the role on its page, and is led to the request. Answers with its id. */
async function askForChange(permission: string): Promise<string> {
  await alice.goto(`${world.origin}/roles`);
  await alice.getByRole('button', { name: 'Change reader' }).click();
  const form = alice.getByRole('form', { name: 'Change reader' });
  await form.getByLabel(permission, { exact: true }).check();
  await form.getByRole('button', { name: 'Save' }).click();
  await alice.getByRole('link', { name: 'See the request' }).click();
  await alice.getByRole('heading', { name: 'What will be done, exactly' }).waitFor();
  return new URL(alice.url()).searchParams.get('id') ?? '';
}

const permissionsNow = async () =>
  (await world.server.client.getRole({ params: { id: role.id } })).permissions.toSorted();

describe('the approvals inbox', () => {
  it('ACC-9: a role change asked for in one browser is approved in the other and carried out in both', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await bob.goto(`${world.origin}/approvals`);
    await bob.getByText(/^Nothing waits for you/).waitFor();
    await askForChange('job.read');
    const link = bob.getByRole('list', { name: 'Waiting for you' }).getByRole('link');
    await link.waitFor({ timeout: 10_000 });

    await alice.getByText('You asked for it yourself: somebody else must decide.').waitFor();
    expect(await alice.getByRole('region', { name: 'Approvers' }).innerText()).toContain('Bob');

    await link.click();
    await bob.getByRole('heading', { name: 'What will be done, exactly' }).waitFor();
    expect(await bob.getByRole('region', { name: 'Plan' }).innerText()).toContain('job.read');
    expect(await bob.getByRole('button', { name: 'Approve this plan' }).isDisabled()).toBe(true);
    await bob.getByLabel('Reason').fill('agreed in the meeting');
    await bob.getByRole('button', { name: 'Approve this plan' }).click();
    for (const page of [alice, bob]) await page.getByText('executed', { exact: true }).waitFor({ timeout: 10_000 });
    expect(await permissionsNow()).toEqual(['asset.read', 'job.read']);
  }, 120_000);

  it('ACC-9: a role of the organization still may approve after another change, however late the roles are', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await alice.goto(`${world.origin}/settings?part=approvals`);
    const released = Promise.withResolvers<void>();
    await alice.route('**/api/roles?*', async (route) => {
      await released.promise;
      await route.continue();
    });
    await alice.getByRole('button', { name: 'Change role.update' }).click();
    const form = alice.getByRole('form', { name: 'Approval of role.update' });
    const who = form.getByLabel('Who may approve');
    expect(await who.inputValue()).toBe('deciders');
    released.resolve();
    await who.getByRole('option', { name: 'reader' }).waitFor({ state: 'attached' });
    await form.getByLabel('Within').selectOption('3600');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByRole('link', { name: 'See the request' }).click();
    const plan = alice.getByRole('region', { name: 'Plan' });
    await plan.waitFor();
    expect(await plan.innerText()).toMatch(/deciders/);
    await alice.unroute('**/api/roles?*');
  }, 120_000);

  it('ACC-9: what is refused is not done, and ACC-5: an old proof of identity is asked for anew', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const asked = await askForChange('audit.read');
    const sql = await world.server.database.superuser();
    await sql.query("UPDATE session SET authenticated_at = authenticated_at - interval '1 day'");
    await sql.end();
    await bob.goto(`${world.origin}/approvals/request?id=${asked}`);
    await bob.getByLabel('Reason').fill('not needed');
    await bob.getByRole('button', { name: 'Refuse' }).click();
    const dialog = bob.getByRole('dialog', { name: 'Is it you?' });
    await dialog.getByLabel('Your password').fill('wrong');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Your password').fill(password);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    for (const page of [alice, bob]) await page.getByText('rejected', { exact: true }).waitFor();
    expect(await permissionsNow()).toEqual(['asset.read', 'job.read']);
  }, 120_000);
});
