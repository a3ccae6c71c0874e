import type { BenchCase, BenchGroup } from '@quantumvault/crypto/bench';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { CliError } from '../errors.ts';
import { Progress } from '../terminal/progress.ts';
import { safeText } from '../terminal/safe-text.ts';
import { printTable } from '../terminal/table.ts';

interface BenchOptions extends JsonOption {
  readonly quick?: boolean;
}

/** One line of the answer. */
interface Measured {
  readonly algorithm: string;
  readonly operation: string;
  /** What both values are: operations a second, or milliseconds for one. */
  readonly unit: 'ops/s' | 'ms';
  readonly value: number;
  /** The runtime's own call, measured in turns with ours; null where there is none. */
  readonly bare: number | null;
  /** Ours as a share of the bare call. */
  readonly ratio: number | null;
}

/** Time for one operation, ours and bare each. One call is made in any case, however long it takes. */
const budgetMs = { usual: 160, quick: 20 } as const;
const turns = 4;

export function addCryptoBench(crypto: Command, cli: Running): void {
  addCommand(
    crypto,
    'bench [algorithms...]',
    'Measure every algorithm that this program performs, or those whose names match',
  )
    .option('--quick', 'a rough answer in a fraction of the time')
    .action(ending(cli, (names: readonly string[], options: BenchOptions) => runBench(cli, names, options)));
}

async function runBench(cli: Cli, names: readonly string[], { quick, json }: BenchOptions): Promise<void> {
  const { benchGroups } = await import('@quantumvault/crypto/bench');
  const wanted = names.map((name) => name.toLowerCase());
  const chosen = benchGroups.filter(
    ({ algorithm }) => wanted.length === 0 || wanted.some((name) => algorithm.toLowerCase().includes(name)),
  );
  if (chosen.length === 0) {
    throw new CliError(
      'CLI_NOT_FOUND',
      `No algorithm is called "${safeText(names.join(' '))}"; see qv crypto info --offered.`,
    );
  }
  const isShown = cli.output.err.isTerminal && json !== true;
  const progress = new Progress(cli.output);
  const results: Measured[] = [];
  for (const [index, group] of chosen.entries()) {
    if (isShown) progress.update((index / chosen.length) * 100, group.algorithm);
    results.push(...(await measureGroup(group, quick ? budgetMs.quick : budgetMs.usual)));
  }
  if (isShown) progress.end();
  if (json) cli.output.json(results);
  else print(cli, results);
}

async function measureGroup({ algorithm, prepare }: BenchGroup, budget: number): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const one of await prepare())
    measured.push({ algorithm, operation: one.operation, ...(await measure(one, budget)) });
  return measured;
}

/** Milliseconds and calls so far. */
interface Spent {
  milliseconds: number;
  calls: number;
}

async function spend(run: () => unknown, budget: number, spent: Spent): Promise<void> {
  const started = performance.now();
  let now = started;
  do {
    const result = run();
    // Awaiting what is no promise would measure the turn of the queue.
    if (result instanceof Promise) await result;
    spent.calls += 1;
    now = performance.now();
  } while (now - started < budget);
  spent.milliseconds += now - started;
}

async function measure({ told, run, bare }: BenchCase, budget: number) {
  const [ours, theirs]: [Spent, Spent] = [
    { milliseconds: 0, calls: 0 },
    { milliseconds: 0, calls: 0 },
  ];
  const warmUp: Spent = { milliseconds: 0, calls: 0 };
  await spend(run, 0, warmUp);
  // A call that fills the budget by itself is its own measurement.
  if (warmUp.milliseconds >= budget) Object.assign(ours, warmUp);
  // In turns, so that both see the same machine.
  for (let turn = 0; turn < turns; turn++) {
    if (warmUp.milliseconds < budget) await spend(run, budget / turns, ours);
    if (bare !== undefined && theirs.milliseconds < budget) await spend(bare, budget / turns, theirs);
  }
  const each = ({ milliseconds, calls }: Spent): number => milliseconds / calls;
  const isRate = told === 'rate';
  const value = isRate ? 1000 / each(ours) : each(ours);
  const bareValue = theirs.calls === 0 ? null : isRate ? 1000 / each(theirs) : each(theirs);
  return {
    unit: isRate ? ('ops/s' as const) : ('ms' as const),
    value: rounded(value),
    bare: bareValue === null ? null : rounded(bareValue),
    ratio: theirs.calls === 0 ? null : rounded(each(theirs) / each(ours)),
  };
}

/** Four digits are more than such a measurement knows. */
const rounded = (value: number): number => Number(value.toPrecision(4));

function print(cli: Cli, results: readonly Measured[]): void {
  const number = (value: number | null): string => (value === null ? '-' : value.toLocaleString('en-US'));
  printTable(
    cli.output,
    [
      { title: 'ALGORITHM' },
      { title: 'OPERATION' },
      { title: 'VALUE', align: 'right' },
      { title: 'UNIT' },
      { title: 'BARE CALL', align: 'right' },
      { title: 'RATIO', align: 'right' },
    ],
    results.map(({ algorithm, operation, value, unit, bare, ratio }) => [
      algorithm,
      operation,
      number(value),
      unit,
      number(bare),
      ratio === null ? '-' : ratio.toFixed(2),
    ]),
  );
}
