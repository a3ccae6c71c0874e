/**
 * `npm run bench [-- --json] [FILTER...]`: runs benchmarks whose id contains a filter.
 *
 * With `--json` the output ends with one JSON array of results. The exit code is 1 when a target is missed.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Bench, type BenchResult, judge, type Measurement } from './bench.ts';

const rounds = 5;
const folder = join(import.meta.dirname, 'benches');

/** What benches opened and the process would wait for. */
const closers: (() => Promise<void>)[] = [];

/** Every `benches/*.bench.ts` exports `benches`, and `close` when they hold something open. */
async function loadBenches(): Promise<Bench[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.bench.ts'));
  const loaded: Bench[] = [];
  for (const file of files.sort()) {
    const module: { benches: readonly Bench[]; close?: () => Promise<void> } = await import(
      pathToFileURL(join(folder, file)).href
    );
    loaded.push(...module.benches);
    if (module.close !== undefined) closers.push(module.close);
  }
  return loaded;
}

async function measure(bench: Bench): Promise<BenchResult> {
  await bench.run();
  const measured: Measurement[] = [];
  for (let round = 0; round < rounds; round += 1) measured.push(await bench.run());
  return judge(bench, measured);
}

const heading = `${'benchmark'.padEnd(46)}${'value'.padStart(12)}${'baseline'.padStart(12)}  ${'unit'.padEnd(8)}${'ratio'.padStart(7)}  target`;

function shown({ name, value, baseline, unit, ratio, target, ok }: BenchResult): string {
  const number = (given: number | null): string => (given === null ? '-' : given.toLocaleString('en-US'));
  const share = ratio === null ? '-' : ratio.toFixed(3);
  const verdict = target === null ? '' : `${target} ${ok ? 'ok' : 'MISSED'}`;
  const figures = `${number(value).padStart(12)}${number(baseline).padStart(12)}`;
  return `${name.padEnd(46)}${figures}  ${unit.padEnd(8)}${share.padStart(7)}  ${verdict}`.trimEnd();
}

async function main(words: readonly string[]): Promise<number> {
  const unknown = words.find((word) => word.startsWith('-') && word !== '--json');
  if (unknown !== undefined) {
    console.error(`unknown option ${unknown}; there is --json`);
    return 2;
  }
  const filters = words.filter((word) => !word.startsWith('-'));
  const all = await loadBenches();
  const chosen = all.filter(({ id }) => filters.length === 0 || filters.some((filter) => id.includes(filter)));
  if (chosen.length === 0) {
    console.error(`no benchmark matches; there are ${all.map(({ id }) => id).join(', ')}`);
    return 2;
  }
  console.log(heading);
  const results: BenchResult[] = [];
  try {
    for (const bench of chosen) {
      const result = await measure(bench);
      results.push(result);
      console.log(shown(result));
    }
  } finally {
    for (const close of closers) await close();
  }
  if (words.includes('--json')) console.log(JSON.stringify(results));
  return results.every(({ ok }) => ok) ? 0 : 1;
}

// Workspaces resolve to their sources under this condition, so nothing has to be built before it is measured.
const condition = '--conditions=source';
if (process.execArgv.includes(condition)) {
  process.exitCode = await main(process.argv.slice(2));
} else {
  const args = [condition, import.meta.filename, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}
