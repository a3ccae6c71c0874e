import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ConsoleWorld, chromiumMissing, startConsole } from './console.ts';

// AUD-6: the proof that a page computes by itself, and that it says so when it was given something else.

let world: ConsoleWorld;
let page: Page;
let assetId: string;
let eventId: string;

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  world = await startConsole();
  const { client } = world.server;
  const asset = await client.createAsset({
    body: {
      type: 'data-store',
      name: 'ledger',
      endpoint: 'db://ledger',
      sensitivity: 'internal',
      exposure: 'internal',
      dataLifetimeYears: 5,
    },
  });
  assetId = asset.id;
  await vi.waitFor(async () => {
    const [event] = (await client.listAudit({ query: { resourceId: assetId } })).items;
    if (event?.logIndex == null) throw new Error('not placed in the log yet');
  }, 20_000);
  eventId = (await client.listAudit({ query: { resourceId: assetId } })).items[0]?.id ?? '';
  const opened = await world.open();
  await opened.signIn();
  page = opened.page;
}, 240_000);
afterAll(() => world?.close());

const verifyEvent = async (): Promise<string> => {
  await page.goto(`${world.origin}/audit/event?id=${eventId}`);
  await page.getByRole('button', { name: 'Verify in this browser' }).click();
  const verdict = page.getByRole('region', { name: 'Verification' });
  await verdict.waitFor();
  return verdict.innerText();
};

describe('the audit explorer', () => {
  it('AUD-6: all events of an asset in the last week are proven in the browser', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    await page.goto(`${world.origin}/audit?resource=${assetId}`);
    await page.getByRole('button', { name: 'Last week' }).click();
    await page.getByRole('link', { name: 'asset.created' }).waitFor();
    await page.getByRole('button', { name: 'Verify all of these in this browser' }).click();
    await page.getByText(/^1 of 1 events are proven/).waitFor();
    expect(await page.getByText('What was not checked').count()).toBe(1);
  }, 120_000);

  it('AUD-6: one event is proven step by step, and what was not checked is said', async (ctx) => {
    if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
    const text = await verifyEvent();
    expect(text).toContain('Proven: this event is in the log as it is shown.');
    expect(text.match(/Passed:/g)).toHaveLength(5);
    expect(text).toContain('Whose keys they are');
  }, 120_000);

  it.for<[string, string, (body: Record<string, unknown>) => Record<string, unknown>, string]>([
    [
      'an event with another outcome',
      '**/api/audit/events/*',
      (body) => ({ ...body, outcome: 'refused' }),
      'something else than what is shown: outcome',
    ],
    [
      'a proof with another sibling',
      '**/api/audit/events/*/proof',
      (body) => ({
        ...body,
        proof: String(body.proof).replace(/^(index \d+\n)(.)/m, (_, line, first) => line + (first === '/' ? 'A' : '/')),
      }),
      'another root than the one that was signed',
    ],
    [
      'a checkpoint of another size',
      '**/api/audit/events/*/proof',
      (body) => ({ ...body, proof: String(body.proof).replace(/^(quantumvault\/\S+\n)(\d+)/m, '$19$2') }),
      'signature is wrong',
    ],
  ])(
    'AUD-6: %s, changed on the way, is shown as failed',
    { timeout: 120_000 },
    async ([_name, pattern, change, finding], ctx) => {
      if (chromiumMissing !== undefined) return ctx.skip(chromiumMissing);
      await page.route(pattern, async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: change(await answer.json()) });
      });
      const text = await verifyEvent();
      await page.unroute(pattern);
      expect(text).toContain('NOT proven');
      expect(text).toContain(finding);
      expect(text).not.toContain('Proven: this event');
    },
  );
});
