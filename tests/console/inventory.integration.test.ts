import { createServer, type Server, type TlsOptions } from 'node:tls';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OpensslServer } from '../../tools/services/openssl-server.ts';
import { withService } from '../../tools/services/service.ts';
import { overflow, violations } from './axe.ts';
import { type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';

// IFC-5, INV-1 to INV-12: the inventory as its people use it, over a server that accepts RSA key exchange alone: found by
// the question, opened and protected by keyboard, served anew, scanned, and compared.

let world: ConsoleWorld;
let page: Page;
let settled: () => Promise<void>;
const rsaServer = new OpensslServer({ key: 'rsa:2048', args: ['-tls1_2', '-cipher', 'AES128-GCM-SHA256'] });
const missing = () => chromiumMissing ?? rsaServer.missing();
let port: number;
let assetId: string;

async function scanned(target: string): Promise<void> {
  const { client } = world.server;
  const { id } = await client.discoverTls({
    body: { targets: [target], sensitivity: 'restricted', exposure: 'internet' },
  });
  await vi.waitFor(async () => expect((await client.getJob({ params: { id } })).status).toBe('succeeded'), 30_000);
}

beforeAll(async () => {
  if (missing() !== undefined) return;
  world = await startConsole({ environment: { QV_SCAN_ALLOW: '127.0.0.0/8' } });
  const { client } = world.server;
  for (let count = 0; count < 70; count += 1) {
    await client.createAsset({ body: { type: 'data-store', name: `store ${count}`, endpoint: `db://store/${count}` } });
  }
  await withService(rsaServer, async (service) => {
    port = service.port;
    await scanned(`127.0.0.1:${port}`);
  });
  assetId = (await client.listAssets({ query: { type: 'tls-endpoint' } })).items[0]?.id ?? '';
  const opened = await world.open();
  await opened.signIn();
  ({ page, settled } = opened);
}, 240_000);
afterAll(() => world?.close());

/** Goes on with Tab until what has the focus has this name. */
async function tabTo(name: string): Promise<void> {
  const focused =
    '((e) => e.labels?.[0]?.textContent ?? e.getAttribute("aria-label") ?? e.textContent ?? "")(document.activeElement)';
  for (let press = 0; press < 80; press += 1) {
    await page.keyboard.press('Tab');
    if (String(await page.evaluate(focused)).startsWith(name)) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

const rowAt = () => page.evaluate('document.activeElement.closest("tr")?.getAttribute("aria-rowindex")');

describe('the inventory', () => {
  it('IFC-5: which servers still use RSA key exchange, and which first: three clicks from home', async (ctx) => {
    if (missing() !== undefined) return ctx.skip(String(missing()));
    await page.goto(`${world.origin}/`);
    await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Inventory' }).click();
    await page.getByRole('button', { name: 'Still on RSA key exchange' }).click();
    const table = page.getByRole('table', { name: 'Assets' });
    await vi.waitFor(async () => expect(await table.getByRole('row').count()).toBe(2), 10_000);
    expect(await table.getAttribute('aria-rowcount')).toBe('2');
    expect(new URL(page.url()).search).toBe('?type=tls-endpoint&keyExchange=RSA');
    await table.getByRole('link', { name: `127.0.0.1:${port}` }).click();
    await page.getByRole('heading', { level: 1, name: `127.0.0.1:${port}` }).waitFor();
    expect(await page.getByRole('region', { name: 'What it is' }).innerText()).toContain('RSAES-PKCS1-v1_5');
  }, 120_000);

  it('IFC-3: filters are in the address, one by one and together, and can be taken away', async (ctx) => {
    if (missing() !== undefined) return ctx.skip(String(missing()));
    await page.goto(`${world.origin}/inventory?type=data-store&search=store+7`);
    const table = page.getByRole('table', { name: 'Assets' });
    await table.getByRole('link', { name: 'store 7', exact: true }).waitFor();
    expect(await page.getByLabel('Name or address').inputValue()).toBe('store 7');
    await page.getByLabel('Name or address').fill('store 12');
    await table.getByRole('link', { name: 'store 12', exact: true }).waitFor();
    await page.waitForURL((url) => url.searchParams.get('search') === 'store 12');
    await page.getByLabel('Finding').selectOption('tls-no-pq-group');
    await page.getByText('Nothing in the inventory is like this.').waitFor();
    await page.getByRole('button', { name: 'Clear 3 filters' }).click();
    await table.getByRole('link', { name: `127.0.0.1:${port}` }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  }, 120_000);

  it('IFC-5: rows over pages by keyboard: arrows, End and Home, and the rest is loaded on the way', async (ctx) => {
    if (missing() !== undefined) return ctx.skip(String(missing()));
    await page.goto(`${world.origin}/inventory?sort=newest`);
    const table = page.getByRole('table', { name: 'Assets' });
    await table.getByRole('link').first().waitFor();
    await tabTo('Order');
    await tabTo(`127.0.0.1:${port}`);
    await page.keyboard.press('ArrowDown');
    await vi.waitFor(async () => expect(await rowAt()).toBe('3'), 10_000);
    await vi.waitFor(async () => {
      await page.keyboard.press('End');
      expect(await rowAt()).toBe('72');
    }, 15_000);
    // Of 71 rows those in sight are drawn, and the one that has the focus.
    expect(await table.getByRole('row').count()).toBeLessThan(60);
    expect(await table.getAttribute('aria-rowcount')).toBe('72');
    await page.keyboard.press('Home');
    await vi.waitFor(async () => expect(await rowAt()).toBe('2'), 10_000);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: `127.0.0.1:${port}` }).waitFor();
  }, 120_000);

  it('INV-8, INV-9: protected by keyboard alone: what would change, then the work, then what stands', async (ctx) => {
    if (missing() !== undefined) return ctx.skip(String(missing()));
    await page.goto(`${world.origin}/inventory/asset?id=${assetId}`);
    await page.getByRole('heading', { name: 'Protect it' }).waitFor();
    await tabTo('Policy');
    await page.keyboard.type('hybrid-default');
    await page.keyboard.press('Enter');
    await page.getByText('This is what would change. Nothing was done yet.').waitFor();
    await tabTo('Protect with this policy');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Protections' }).getByText('stands', { exact: true }).waitFor();
    await page.getByText('What was made is not seen in use yet.').waitFor();
    const [made] = (await world.server.client.listProtections({ params: { id: assetId } })).items;
    expect(made).toMatchObject({ artifactKind: 'tls-bundle', undoneAt: null, formerProfile: { source: 'scan' } });
  }, 120_000);

  it('IFC-5: the handshake before and after, in two columns, once the server serves what was made', async (ctx) => {
    if (missing() !== undefined) return ctx.skip(String(missing()));
    const bundle = await world.server.client.getTlsBundle({ params: { id: assetId } });
    const served: Server = createServer(
      { ...(bundle.nodeTlsOptions as TlsOptions), key: bundle.privateKeyPem, cert: bundle.certificatePem },
      (socket) => {
        socket.on('error', () => socket.destroy());
        socket.end();
      },
    );
    served.on('tlsClientError', () => {});
    await new Promise<void>((settle) => served.listen(port, '127.0.0.1', settle));
    try {
      await page.reload();
      await page.getByRole('button', { name: 'Scan it now' }).click();
      const compared = page.getByRole('region', { name: 'Before and after' });
      const exchange = compared.getByRole('row').filter({ hasText: 'Key exchange' });
      await exchange.getByText('X25519MLKEM768').waitFor({ timeout: 30_000 });
      const cells = await exchange.getByRole('cell').allInnerTexts();
      expect(cells).toEqual(['RSAES-PKCS1-v1_5', expect.stringMatching(/^X25519MLKEM768\s+changed$/)]);
      expect(await compared.getByRole('row').filter({ hasText: 'Versions' }).getByRole('cell').allInnerTexts()).toEqual(
        ['TLSv1.2', expect.stringMatching(/^TLSv1\.3\s+changed$/)],
      );
      await page.getByText('protection proven').waitFor();
    } finally {
      served.close();
    }
  }, 120_000);

  it('INV-1: added by hand, classified so that the risk rises, and withdrawn with a reason', async (ctx) => {
    if (missing() !== undefined) return ctx.skip(String(missing()));
    await page.goto(`${world.origin}/inventory`);
    await page.getByRole('link', { name: 'Add by hand' }).click();
    await page.getByLabel('Name', { exact: true }).fill('payroll');
    await page.getByLabel('Where it is').fill('db.payroll.internal:5432');
    await page.getByLabel('Tags, with commas between').fill('pay, eu, pay');
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.getByRole('heading', { level: 1, name: 'payroll' }).waitFor();
    const id = new URL(page.url()).searchParams.get('id') ?? '';
    const read = () => world.server.client.getAsset({ params: { id } });
    const before = await read();
    expect(before).toMatchObject({ type: 'data-store', tags: ['pay', 'eu'], sensitivity: 'internal' });
    await page.getByLabel('Sensitivity of the data').selectOption('top-secret');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await vi.waitFor(async () => expect((await read()).version).toBe(2), 10_000);
    expect((await read()).risk.score).toBeGreaterThan(before.risk.score);
    await page.getByText(`risk ${(await read()).risk.score.toFixed(1)}`).waitFor();
    await page.getByRole('button', { name: 'Withdraw…' }).click();
    await page.getByLabel('Why', { exact: true }).fill('it never was there');
    await page.getByRole('button', { name: 'Withdraw the entry' }).click();
    await page.getByText('it never was there').waitFor();
    expect(await read()).toMatchObject({ state: 'withdrawn', endReason: 'it never was there' });
  }, 120_000);

  it('IFC-5: no page of the inventory has a fault for axe, and none runs out of a narrow window', async (ctx) => {
    if (missing() !== undefined) return ctx.skip(String(missing()));
    const paths = ['/inventory', `/inventory/asset?id=${assetId}`, '/inventory/add', '/inventory/import'];
    for (const path of paths) {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(`${world.origin}${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        if (path === '/inventory') await page.getByRole('button', { name: 'More filters' }).click();
        await settled();
        expect({ path, width, faults: await violations(page), overflow: await overflow(page) }).toEqual({
          path,
          width,
          faults: [],
          overflow: 0,
        });
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }, 120_000);
});
