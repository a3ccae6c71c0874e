import type pg from 'pg';
import { type Browser, chromium, type Page } from 'playwright-core';
import { Installation } from '../../../tests/harness/installation.ts';
import { buildConsole } from '../../build/console.ts';
import { seedInventory, settle } from '../inventory/seed-inventory.ts';

/**
 * The product as `npm start` runs it with a large inventory and a large log, and its console in Debian's Chromium. Events of
 * the browser's own Event Timing say how long an interaction held the page (INP): from the press to the next picture.
 */
export interface LargeConsole {
  readonly page: Page;
  readonly origin: string;
  close(): Promise<void>;
}

/** Copies of one event under ids of their own: what a listing reads. They are in no tree, so nothing can be proven of them. */
const eventsSql = `
INSERT INTO audit_event (id, tenant_id, occurred_at, action, outcome, actor_kind, actor_id, resource_type, resource_id, request_id, event)
SELECT (lpad(to_hex(1763000000000 + i), 12, '0') || '7' || substr(md5(i || 'event'), 1, 3) || '8' || substr(md5(i || 'eventx'), 1, 15))::uuid,
       e.tenant_id, to_timestamp((1763000000000 + i) / 1000.0), e.action, e.outcome, e.actor_kind, e.actor_id, e.resource_type, e.resource_id,
       e.request_id, e.event
  FROM (SELECT * FROM audit_event WHERE tenant_id = $1 ORDER BY id LIMIT 1) AS e CROSS JOIN generate_series(1, $2::bigint) AS i`;

async function fill(sql: pg.Client, { tenantId, count }: { readonly tenantId: string; readonly count: number }) {
  await sql.query('SET search_path = qv');
  const { rows } = await sql.query<{ id: string }>('SELECT id FROM environment WHERE tenant_id = $1 ORDER BY id', [
    tenantId,
  ]);
  await seedInventory(sql, { tenantId, environmentIds: rows.map(({ id }) => id), assets: count });
  await sql.query('SET session_replication_role = replica');
  await sql.query(eventsSql, [tenantId, count]);
  await sql.query('SET session_replication_role = origin');
  await sql.query('VACUUM ANALYZE audit_event');
  await settle(sql);
}

export async function openLargeConsole(count: number): Promise<LargeConsole> {
  await buildConsole(new URL('../../..', import.meta.url).pathname);
  const installation = await Installation.prepare({
    QV_LOG_LEVEL: 'error',
    QV_RATE_LIMIT_PER_MINUTE: '1000000',
    QV_QUOTA_REQUESTS_PER_MINUTE: '100000000',
    QV_QUOTA_REQUESTS_PER_DAY: '10000000000',
  });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await installation.remove();
  };
  try {
    await installation.start();
    await installation.client.createEnvironment({ body: { name: 'staging', type: 'staging' } });
    const sql = await installation.sql();
    await fill(sql, { tenantId: installation.signIn.organizationId, count });
    await sql.end();
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(`globalThis.held = [];
      new PerformanceObserver((list) => {
        for (const { interactionId, duration } of list.getEntries()) if (interactionId > 0) held.push(duration);
      }).observe({ type: 'event', durationThreshold: 16, buffered: true });`);
    await page.goto(`${installation.url}/sign-in`);
    await page.getByLabel('Email').fill(installation.signIn.email);
    await page.getByLabel('Password', { exact: true }).fill(installation.signIn.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname === '/');
    return { page, origin: installation.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What one interaction cost, in milliseconds. */
export interface Interaction {
  /** The longest event of it; the browser names none below 16. */
  readonly heldMs: number;
  /** From the press until what was asked for is there. */
  readonly thereMs: number;
}

/** Presses and waits until what it leads to is there. */
export async function interact(
  page: Page,
  { press, there }: { readonly press: () => Promise<void>; readonly there: () => Promise<void> },
): Promise<Interaction> {
  await page.evaluate('held.length = 0');
  const started = performance.now();
  await press();
  await there();
  const thereMs = performance.now() - started;
  // An event is named after the picture that follows it.
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))',
  );
  return { heldMs: Number(await page.evaluate('Math.max(16, ...held)')), thereMs };
}
