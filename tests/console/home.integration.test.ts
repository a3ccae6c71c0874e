import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../providers/src/discovery/tls/testing/make-certificate.ts';
import { overflow, violations } from './axe.ts';
import { type ConsoleWorld, chromiumMissing, type Person, startConsole } from './console.ts';

// IFC-5: the home page as each role sees it, and three of the tasks that a stranger would put into words, each in at most
// six clicks from there (the fourth, which servers still use RSA key exchange, is in inventory.integration.test.ts).

let world: ConsoleWorld;
let page: Page;
let assetId = '';
const password = 'correct horse battery staple';
const auditor: Person = { email: 'auditor@example.org', password };
const user: Person = { email: 'user@example.org', password };

/** A page whose clicks are counted, from the home page on. */
async function fromHome(
  on: Page,
): Promise<{ click: (target: ReturnType<Page['getByRole']>) => Promise<void>; clicks: () => number }> {
  await on.goto(`${world.origin}/`);
  await on.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  let clicks = 0;
  return {
    click: async (target) => {
      clicks += 1;
      await target.click();
    },
    clicks: () => clicks,
  };
}

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole();
  const { client } = world.server;
  for (const [email, role] of [
    [auditor.email, 'auditor'],
    [user.email, 'organization-user'],
  ] as const) {
    const { token } = await client.inviteUser({ body: { email, roles: [role] } });
    await client.join({ body: { token, password, displayName: email } });
  }
  const opened = await world.open();
  await opened.signIn();
  page = opened.page;
}, 240_000);
afterAll(() => world?.close());

describe('the home page', () => {
  it('IFC-5: with nothing found yet it leads to the first scan', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await page.goto(`${world.origin}/`);
    await page.getByText('Nothing is in the inventory yet.').waitFor();
    await page.getByText('Nothing ends within 30 days.').waitFor();
    // No chart of nothing.
    expect(await page.getByRole('region', { name: 'Risk and readiness' }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Scan the first servers' }).click();
    await page.waitForURL((url) => url.pathname === '/scans/new');
    const body = { name: 'orders', type: 'data-store', endpoint: 'postgres://orders' } as const;
    assetId = (await world.server.client.createAsset({ body })).id;
  }, 120_000);

  for (const [role, who, shown, hidden] of [
    ['auditor', auditor, ['Risk and readiness', 'At most risk', 'Work', 'Ends soon'], ['Waiting for you']],
    ['organization user', user, ['Risk and readiness', 'At most risk', 'Work', 'Ends soon'], ['Waiting for you']],
  ] as const) {
    it(`IFC-5: ${role} sees what that role may, and no more`, async (ctx) => {
      if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
      const other = await world.open({ viewport: { width: 390, height: 844 } });
      await other.signIn(who);
      const block = (name: string) => other.page.getByRole('region', { name, exact: true });
      for (const name of shown) await block(name).waitFor();
      await block('At most risk').getByRole('link', { name: 'orders' }).waitFor();
      for (const name of hidden) expect(await block(name).count()).toBe(0);
      expect(await violations(other.page)).toEqual([]);
      expect(await overflow(other.page)).toBe(0);
      await other.context.close();
    }, 120_000);
  }

  it('IFC-5: the figures are those of what there is, and each leads to its list', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { client } = world.server;
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    const soon = makeCertificate({ keyType: 'ec-p256', commonName: 'soon.example.org', notAfter: inDays(9) });
    const later = makeCertificate({ keyType: 'ec-p256', commonName: 'later.example.org', notAfter: inDays(400) });
    const certificates = [soon, later].map(({ der }) => der.toString('base64'));
    await client.importCertificates({ body: { certificates } });
    const { id } = await client.createServiceAccount({ body: { name: 'nightly' } });
    await client.createApiKey({ body: { name: 'nightly key', serviceAccountId: id, expiresInDays: 5 } });
    const made = await client.listAssets({ query: { sort: 'risk' } });
    const ofBand = (band: string) => made.items.filter(({ risk }) => risk.band === band).length;

    await page.goto(`${world.origin}/`);
    const block = page.getByRole('region', { name: 'Risk and readiness' });
    const figure = (name: string) => block.getByRole('figure', { name });
    const rowOf = (title: string, name: string) =>
      figure(title).getByRole('listitem').filter({ hasText: name }).first();
    for (const name of ['Critical', 'High', 'Moderate', 'Low']) {
      const shown = () => rowOf('By risk', name).innerText();
      await expect
        .poll(shown, { timeout: 30_000 })
        .toMatch(new RegExp(`^${name}\\s+${ofBand(name.toLowerCase())}\\s+\\d+ %$`));
    }
    const readiness = (name: string) => rowOf('Against a quantum computer', name).innerText();
    await expect.poll(() => readiness('Vulnerable'), { timeout: 30_000 }).toMatch(/^Vulnerable\s+2\s+67 %$/);
    await expect.poll(() => readiness('Not known'), { timeout: 30_000 }).toMatch(/^Not known\s+1\s+33 %$/);

    const trend = figure('Day by day');
    await trend
      .getByRole('img', { name: /^Day by day: Vulnerable from .* to 2, .*All assets from .* to 3$/ })
      .waitFor();
    await trend.getByText('As a table').click();
    await expect.poll(() => trend.getByRole('row').nth(1).innerText(), { timeout: 30_000 }).toMatch(/\s2\s+\d\s+3$/);
    expect(await violations(page)).toEqual([]);

    const ends = page.getByRole('region', { name: 'Ends soon' });
    await ends.getByRole('link', { name: 'soon.example.org' }).waitFor();
    await ends.getByText('nightly key').waitFor();
    expect(await ends.getByText('later.example.org').count()).toBe(0);

    await rowOf('Against a quantum computer', 'Vulnerable').getByRole('link').click();
    await page.waitForURL((url) => url.pathname === '/inventory' && url.search === '?readiness=vulnerable');
    await page.getByRole('row').filter({ hasText: 'later.example.org' }).waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'orders' }).count()).toBe(0);
    expect(await page.getByLabel('Readiness').inputValue()).toBe('vulnerable');
    await page.goto(`${world.origin}/inventory`);
    await page.getByRole('region', { name: 'All 3 assets' }).getByRole('figure', { name: 'By risk' }).waitFor();
    expect(await violations(page)).toEqual([]);
  }, 120_000);

  it('IFC-5: the days are read with keys alone, fit a phone, and stand in a table', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const superuser = await world.server.database.superuser();
    // As if everything had been counted three days ago.
    await superuser.query(
      `INSERT INTO asset_tally_note SELECT tenant_id, environment_id, day - 3, band, readiness, change, false FROM (
         SELECT * FROM asset_tally UNION ALL SELECT tenant_id, environment_id, day, band, readiness, change FROM asset_tally_note) AS counted
       UNION ALL SELECT tenant_id, environment_id, day, band, readiness, -change, false FROM (
         SELECT * FROM asset_tally UNION ALL SELECT tenant_id, environment_id, day, band, readiness, change FROM asset_tally_note) AS counted`,
    );
    await superuser.end();
    const phone = await world.open({
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
      reducedMotion: 'reduce',
    });
    await phone.signIn(auditor);
    const trend = phone.page
      .getByRole('region', { name: 'Risk and readiness' })
      .getByRole('figure', { name: 'Day by day' });
    const slider = trend.getByRole('slider', { name: 'Day of: Day by day' });
    await slider.focus();
    await slider.press('Home');
    await trend.getByText(/, at the end of the day$/).waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^\w+ \d+, \d+\. Vulnerable: 2, .*, All assets: 3$/);
    await slider.press('End');
    await trend.getByText(/, as it stands$/).waitFor();
    expect(await overflow(phone.page)).toBe(0);
    expect(await violations(phone.page)).toEqual([]);
    await phone.context.close();
  }, 120_000);

  it('prove to me that nobody changed this asset last week', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { click, clicks } = await fromHome(page);
    await click(page.getByRole('region', { name: 'At most risk' }).getByRole('link', { name: 'orders' }));
    await click(page.getByRole('link', { name: 'those of the last week' }));
    await page.getByRole('link', { name: 'asset.created' }).waitFor();
    await click(page.getByRole('button', { name: 'Verify all of these in this browser' }));
    await page.getByText(/^(\d+) of \1 events are proven/).waitFor();
    expect(new URL(page.url()).searchParams.get('resource')).toBe(assetId);
    expect(clicks()).toBeLessThanOrEqual(6);
  });

  it('give the new colleague read access for two days', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { click, clicks } = await fromHome(page);
    await click(page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'People' }));
    await click(page.getByRole('link', { name: user.email }).first());
    const give = page.getByRole('region', { name: 'Give access' });
    expect(await give.getByLabel('For').locator('option:checked').innerText()).toBe('2 days');
    await click(give.getByRole('button', { name: 'Give', exact: true }));
    await page.getByText('Given: auditor.').waitFor();
    expect(clicks()).toBeLessThanOrEqual(6);
  }, 120_000);

  it('who may approve that, and why may I not?', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const { client } = world.server;
    const { token } = await client.inviteUser({ body: { email: 'second@example.org', roles: ['organization-admin'] } });
    await client.join({ body: { token, password, displayName: 'Second' } });
    await client.createRole({ body: { name: 'reader', permissions: ['asset.read'] } });
    await client.setApprovalPolicy({ body: { operation: 'role.update', quorum: 1 } });
    await page.goto(`${world.origin}/roles`);
    await page.getByRole('button', { name: 'Change reader' }).click();
    const form = page.getByRole('form', { name: 'Change reader' });
    await form.getByLabel('job.read', { exact: true }).check();
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'See the request' }).waitFor();
    const { click, clicks } = await fromHome(page);
    await click(page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Approvals' }));
    await click(page.getByRole('list', { name: 'Asked by you' }).getByRole('link').first());
    await page.getByText('You asked for it yourself: somebody else must decide.').waitFor();
    expect(await page.getByRole('region', { name: 'Approvers' }).innerText()).toContain('Second');
    expect(clicks()).toBeLessThanOrEqual(6);
  }, 120_000);
});
