import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overflow, violations } from './axe.ts';
import { type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';
import { type Listening, listenClassical, listenSilent } from './listening.ts';

/*
 * ACC-9, IFC-5: three operations that a policy puts under approval. Each is asked for in one browser, stands in the inbox of
 * another within two seconds without a reload, is approved there, and goes on in both.
 */

const password = 'correct horse battery staple';
const withinMs = 2_000;
const operations = ['role.update', 'scan.internal', 'audit.export'] as const;
let world: ConsoleWorld;
let [alice, bob] = [] as unknown as [Page, Page];
let [answering, silent] = [] as unknown as [Listening, Listening];

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  answering = await listenClassical();
  silent = await listenSilent();
  world = await startConsole({ environment: { QV_SCAN_ALLOW: '127.0.0.1/32' } });
  const { client } = world.server;
  const invited = await client.inviteUser({ body: { email: 'bob@example.org', roles: ['organization-admin'] } });
  await client.join({ body: { token: invited.token, password, displayName: 'Bob' } });
  await client.createRole({ body: { name: 'reader', permissions: ['asset.read'] } });
  // Behind the interface: there, a second policy waits for approval itself.
  const sql = await world.server.database.superuser();
  for (const operation of operations)
    await sql.query(
      `INSERT INTO approval_policy (tenant_id, operation, quorum, expires_in_seconds, signature_required, reason_required, updated_by)
       VALUES ($1, $2, 1, 3600, false, false, $1)`,
      [world.server.signIn.organizationId, operation],
    );
  await sql.end();
  const [one, other] = [await world.open(), await world.open()];
  await one.signIn();
  await other.signIn({ email: 'bob@example.org', password });
  [alice, bob] = [one.page, other.page];
}, 240_000);
afterAll(async () => {
  await world?.close();
  await answering?.close();
  await silent?.close();
});

const isFeed = (response: { url(): string; request(): { postData(): string | null } }): boolean =>
  response.url().endsWith('/graphql') && response.request().postData()?.includes('listApprovals') === true;

/** Opens a page and waits until the server tells it by itself: when its stream stands it reads once more, and then no more. */
async function openLive(page: Page, path: string): Promise<void> {
  const stream = page.waitForResponse(isFeed);
  await page.goto(`${world.origin}${path}`);
  expect((await stream).status()).toBe(200);
  await page.waitForResponse((response) => response.url().includes('/api/approvals?'));
}

const waiting = (page: Page, what: RegExp) =>
  page.getByRole('list', { name: 'Waiting for you' }).getByRole('link', { name: what });

interface Seen {
  readonly sincePress: number;
  readonly sinceAsked: number;
}

/** Presses in one browser; in milliseconds, when the other's inbox had it: after the press, and after the server had it. */
async function askAndSee(what: RegExp, press: () => Promise<void>): Promise<Seen> {
  const pressedAt = performance.now();
  const [askedAt, seenAt] = await Promise.all([
    alice.waitForResponse((response) => response.status() === 403).then(() => performance.now()),
    waiting(bob, what)
      .waitFor()
      .then(() => performance.now()),
    press(),
  ]);
  return { sincePress: seenAt - pressedAt, sinceAsked: seenAt - askedAt };
}

/** Bob opens what waits for him and approves it; Alice has her request open. */
async function approve(what: RegExp): Promise<void> {
  await waiting(bob, what).click();
  await alice.getByRole('link', { name: 'See the request' }).click();
  await alice.getByRole('heading', { name: 'What will be done, exactly' }).waitFor();
  await bob.getByRole('button', { name: 'Approve this plan' }).click();
}

const rooms = (page: Page) => page.getByRole('navigation', { name: 'Rooms' });

function tell(what: string, { sincePress, sinceAsked }: Seen): void {
  console.info(
    `${what}: in the other inbox ${Math.round(sinceAsked)} ms after it was asked for, ${Math.round(sincePress)} after the press`,
  );
  expect(sinceAsked).toBeLessThan(withinMs);
}

describe('two browsers', () => {
  it('ACC-9: a role change', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await alice.goto(`${world.origin}/roles`);
    await alice.getByRole('button', { name: 'Change reader' }).click();
    const form = alice.getByRole('form', { name: 'Change reader' });
    await form.getByLabel('job.read', { exact: true }).check();
    await openLive(bob, '/approvals');
    await rooms(bob).getByRole('link', { name: 'Approvals', exact: true }).waitFor();
    tell('a role change', await askAndSee(/^Change version/, () => form.getByRole('button', { name: 'Save' }).click()));
    await rooms(bob).getByRole('link', { name: 'Approvals 1 waiting' }).waitFor();
    await bob.getByRole('status').filter({ hasText: 'One request waits for your decision' }).waitFor();
    expect(await violations(bob)).toEqual([]);
    await approve(/^Change version/);
    for (const page of [alice, bob]) await page.getByText('executed', { exact: true }).waitFor();
    await rooms(bob).getByRole('link', { name: 'Approvals', exact: true }).waitFor();
  }, 120_000);

  it('ACC-9: a scan of an internal network, with its progress in both', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const targets = encodeURIComponent(`${answering.target}\n${silent.target}`);
    await alice.goto(`${world.origin}/scans/new?targets=${targets}`);
    await alice.getByRole('button', { name: 'Next' }).click();
    await alice.getByRole('heading', { name: 'How closely, and what is behind it?' }).waitFor();
    await alice.getByRole('button', { name: 'Next' }).click();
    await alice.getByText('Others have to approve this scan first.').waitFor();
    await openLive(bob, '/approvals');
    tell(
      'a scan',
      await askAndSee(/^Scan 2 targets/, () => alice.getByRole('button', { name: 'Ask for approval' }).click()),
    );
    await approve(/^Scan 2 targets/);
    for (const page of [alice, bob]) await page.getByRole('progressbar').waitFor();
    // One of two targets answers; the other is silent until its time is over.
    for (const page of [alice, bob]) await page.getByText('succeeded', { exact: true }).waitFor({ timeout: 60_000 });
  }, 180_000);

  it('ACC-9, AUD-6: an export of the log, which its requester takes once', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await alice.goto(`${world.origin}/audit`);
    const take = alice.getByRole('button', { name: 'Export the log' });
    await take.waitFor();
    expect(await violations(alice)).toEqual([]);
    await openLive(bob, '/approvals');
    tell('an export', await askAndSee(/^Export the audit log/, () => take.click()));
    await approve(/^Export the audit log/);
    await bob.getByText('Who asked for it takes it, once.').waitFor();
    await alice.getByText('It is approved: take it now.').waitFor();
    const [download] = await Promise.all([alice.waitForEvent('download'), take.click()]);
    expect(download.suggestedFilename()).toMatch(/^quantumvault-log-\d{4}-\d\d-\d\d\.jsonl$/);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    await alice.getByText(`${lines.length} lines`).waitFor();
    for (const page of [alice, bob]) await page.getByText('executed', { exact: true }).waitFor();
    expect(await violations(alice)).toEqual([]);
    await alice.setViewportSize({ width: 390, height: 844 });
    expect(await overflow(alice)).toBe(0);
    await take.click();
    await alice.getByText('This waits for the approval of others.').waitFor();
  }, 120_000);
});
