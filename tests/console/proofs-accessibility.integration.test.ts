import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleBench, chromiumMissing, openConsoleBench } from './signed-in-browser.ts';

// IFC-3, WCAG 2.2 AA: axe finds nothing on the pages of audit, approvals, people and roles, and nothing runs out of a phone.

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let bench: ConsoleBench;
let page: Page;
const paths: Record<string, string> = {};

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  bench = await openConsoleBench();
  const { client } = bench.server;
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
  page = await bench.signedInPage();
}, 240_000);
afterAll(() => bench?.close());

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

async function violations(): Promise<string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate(
    'axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })',
  )) as Found;
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

describe('accessibility', () => {
  it.each(['audit', 'event', 'approvals', 'request', 'people', 'person', 'roles'])(
    'WCAG 2.2 AA: axe finds nothing on %s, light and dark, and it fits 390 px',
    async (name) => {
      if (chromiumMissing !== undefined) return;
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: 390, height: 844 });
        await page.goto(`${bench.origin}${paths[name]}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle');
        expect(await page.getByText(/did not work/).count()).toBe(0);
        if (name === 'event') {
          await page.getByRole('button', { name: 'Verify in this browser' }).click();
          await page.getByRole('region', { name: 'Verification' }).waitFor();
        }
        expect(await violations()).toEqual([]);
        const overflow = await page.evaluate('document.scrollingElement.scrollWidth - innerWidth');
        expect(overflow).toBeLessThanOrEqual(0);
      }
    },
    120_000,
  );
});
