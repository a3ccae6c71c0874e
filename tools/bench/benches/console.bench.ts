/**
 * The console over a large inventory and a large log (IFC-5): how long opening the list, filtering it and opening an asset
 * hold the page, p75 of 20 each (INP), and when the rows are there. The baseline is the smallest interaction that there is,
 * opening the account menu. 100,000 assets and events, or as many as QV_BENCH_ASSETS says.
 */
import type { Bench } from '../bench.ts';
import { type Interaction, interact, openLargeConsole } from '../console/large-console.ts';

const count = Number(process.env.QV_BENCH_ASSETS ?? 100_000);
const runs = 20;

let opened: ReturnType<typeof openLargeConsole> | undefined;
const opening = () => {
  opened ??= openLargeConsole(count);
  return opened;
};

const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
};

/** Where each run begins, and what is pressed; every run has a page of its own, which has asked for nothing yet. */
const tasks = {
  list: async (run: number): Promise<Interaction> => {
    const { page, origin } = await opening();
    const [room, table] = run % 2 === 0 ? ['Inventory', 'Assets'] : ['Audit', 'Events'];
    await page.goto(`${origin}/`);
    const link = page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: String(room) });
    await link.waitFor();
    return interact(page, {
      press: () => link.click(),
      there: () =>
        page
          .getByRole('table', { name: String(table) })
          .getByRole('link')
          .first()
          .waitFor(),
    });
  },
  filter: async (run: number): Promise<Interaction> => {
    const { page, origin } = await opening();
    await page.goto(`${origin}/inventory`);
    const table = page.getByRole('table', { name: 'Assets' });
    await table.getByRole('link').first().waitFor();
    const questions = ['Still on RSA key exchange', 'No post-quantum key exchange', 'Critical and not protected'];
    const question = page.getByRole('button', { name: String(questions[run % questions.length]) });
    return interact(page, {
      press: () => question.click(),
      // While the rows still answer the question before, the table says that it is busy.
      there: async () => {
        await page.locator('button[aria-pressed="true"]').waitFor();
        await page.locator('table:not([aria-busy]) tbody a').first().waitFor();
      },
    });
  },
  open: async (run: number): Promise<Interaction> => {
    const { page, origin } = await opening();
    await page.goto(`${origin}/inventory`);
    const link = page
      .getByRole('table', { name: 'Assets' })
      .getByRole('link')
      .nth(run % 8);
    await link.waitFor();
    return interact(page, {
      press: () => link.click(),
      there: () => page.getByRole('region', { name: 'Risk' }).waitFor(),
    });
  },
  menu: async (): Promise<Interaction> => {
    const { page, origin } = await opening();
    await page.goto(`${origin}/inventory`);
    const button = page.getByRole('button', { name: 'Account menu' });
    await button.waitFor();
    return interact(page, { press: () => button.click(), there: () => page.getByRole('menu').waitFor() });
  },
};

async function measured(task: keyof typeof tasks): Promise<readonly Interaction[]> {
  const all: Interaction[] = [];
  for (let run = 0; run < runs; run += 1) all.push(await tasks[task](run));
  return all;
}

let baseline: Promise<number> | undefined;

const benchOf = (task: 'list' | 'filter' | 'open', words: string): Bench => ({
  id: `console.${task}`,
  name: `Console, ${count.toLocaleString('en-US')}: ${words}`,
  unit: 'ms',
  target: { atMost: 100 },
  run: async () => {
    baseline ??= measured('menu').then((all) =>
      quantile(
        all.map(({ heldMs }) => heldMs),
        0.75,
      ),
    );
    const smallest = await baseline;
    const all = await measured(task);
    const [held, there] = [all.map(({ heldMs }) => heldMs), all.map(({ thereMs }) => thereMs)];
    const line = (values: readonly number[]) =>
      [0.5, 0.75, 0.95].map((share) => quantile(values, share).toFixed(0).padStart(5)).join(' ');
    console.log(`  ${task.padEnd(8)} p50 p75 p95 of ${runs}: held ${line(held)} ms, there after ${line(there)} ms`);
    return { value: quantile(held, 0.75), baseline: smallest };
  },
});

export const benches: readonly Bench[] = [
  benchOf('list', 'list, INP p75'),
  benchOf('filter', 'filter, INP p75'),
  benchOf('open', 'open, INP p75'),
];

export async function close(): Promise<void> {
  await (await opened)?.close();
}
