import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overflow, violations } from './axe.ts';
import { type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';

// IFC-3, WCAG 2.2 AA: axe finds nothing on the pages of audit, approvals, people and roles, and nothing runs out of a phone.

let world: ConsoleWorld;
let page: Page;
let settled: () => Promise<void>;
const paths: Record<string, string> = {};

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole();
  const { client } = world.server;
  const invited = await client.inviteUser({ body: { email: 'bob@example.org', roles: ['organization-admin'] } });
  const password = 'correct horse battery staple';
  // As long, and as hostile, as a name may be.
  const displayName = `\u202e<img src=x onerror=alert(1)>${'W'.repeat(150)}`;
  await client.join({ body: { token: invited.token, password, displayName } });
  await client.setApprovalPolicy({ body: { operation: 'grant.create', quorum: 1 } });
  await client.createRole({ body: { name: 'reader', permissions: ['asset.read'] } });
  await client.createGrant({ body: { subjectId: invited.user.id, role: 'auditor' } }).catch(() => undefined);
  const [request] = (await client.listApprovals({ query: { mine: 'requested' } })).items;
  const [event] = (await client.listAudit({ query: { limit: 1, action: 'user.joined' } })).items;
  Object.assign(paths, {
    audit: '/audit?last=7',
    event: `/audit/event?id=${event?.id}`,
    approvals: '/approvals',
    request: `/approvals/request?id=${request?.id}`,
    people: '/people',
    person: `/people/person?id=${invited.user.id}`,
    roles: '/roles',
  });
  const opened = await world.open();
  await opened.signIn();
  ({ page, settled } = opened);
}, 240_000);
afterAll(() => world?.close());

describe('accessibility', () => {
  it.for(['audit', 'event', 'approvals', 'request', 'people', 'person', 'roles'])(
    'WCAG 2.2 AA: axe finds nothing on %s, light and dark, and it fits 390 px',
    { timeout: 120_000 },
    async (name, ctx) => {
      if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: 390, height: 844 });
        await page.goto(`${world.origin}${paths[name]}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await settled();
        expect(await page.getByText(/did not work/).count()).toBe(0);
        if (name === 'event') {
          await page.getByRole('button', { name: 'Verify in this browser' }).click();
          await page.getByRole('region', { name: 'Verification' }).waitFor();
        }
        expect(await violations(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
      }
    },
  );
});
