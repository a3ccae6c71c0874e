import type { AlgorithmEntry } from '@quantumvault/crypto';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { CliError, type ExitCode, exitCodes } from '../errors.ts';
import { plural } from '../terminal/format.ts';
import { safeText } from '../terminal/safe-text.ts';
import { stateStyle } from '../terminal/style.ts';
import { type Cell, printFields, printTable } from '../terminal/table.ts';
import { addCryptoBench } from './crypto-bench.ts';
import { addCryptoVectors } from './crypto-vectors.ts';

interface InfoOptions extends JsonOption {
  readonly family?: string;
  readonly offered?: boolean;
}

export function addCrypto(program: Command, cli: Running): void {
  const crypto = program.command('crypto').description('The algorithms of this program; works without a server');
  addCommand(
    crypto,
    'info [algorithm]',
    'List the algorithm registry and what performs it here, or show one entry (id, alias or OID)',
  )
    .option('--family <family>', 'only this family, for example kem or signature')
    .option('--offered', 'only what this program can do itself')
    .action(ending(cli, (algorithm: string | undefined, options: InfoOptions) => showInfo(cli, algorithm, options)));
  addCommand(crypto, 'selftest', 'Run the known-answer tests; exit code 1 when one fails').action(
    ending(cli, (options: JsonOption) => selfTest(cli, options)),
  );
  addCryptoVectors(crypto, cli);
  addCryptoBench(crypto, cli);
}

async function showInfo(cli: Cli, given: string | undefined, { family, offered, json }: InfoOptions): Promise<void> {
  const { algorithms, findAlgorithm, implementationOf, statusAt } = await import('@quantumvault/crypto');
  const today = new Date(cli.clock.now()).toISOString().slice(0, 10);
  if (given !== undefined) {
    const entry = findAlgorithm(given);
    if (entry === undefined) throw notThere(given, algorithms);
    const live = implementationOf(entry) ?? null;
    if (json) return cli.output.json({ ...entry, statusToday: statusAt(entry, today), liveImplementation: live });
    return printEntry(cli, entry, { today: statusAt(entry, today), live });
  }
  const families = [...new Set(algorithms.map((entry) => entry.family))].sort();
  if (family !== undefined && !families.some((known) => known === family)) {
    throw new CliError('CLI_WRONG_USE', `There is no family "${safeText(family)}"; there are ${families.join(', ')}.`);
  }
  const shown = algorithms.filter(
    (entry) =>
      (family === undefined || entry.family === family) && (!offered || entry.implementation !== 'not-offered'),
  );
  if (json) {
    return cli.output.json(
      shown.map((entry) => ({
        ...entry,
        statusToday: statusAt(entry, today),
        liveImplementation: implementationOf(entry) ?? null,
      })),
    );
  }
  printTable(
    cli.output,
    [
      { title: 'ALGORITHM' },
      { title: 'FAMILY' },
      { title: 'STATUS' },
      { title: 'QUANTUM' },
      { title: 'HERE' },
      { title: 'STANDARD' },
    ],
    shown.map((entry) => [
      entry.id,
      entry.family,
      { text: statusAt(entry, today), style: stateStyle(statusAt(entry, today)) },
      quantumCell(entry),
      implementationOf(entry) ?? '-',
      entry.standard,
    ]),
  );
}

function quantumCell({ quantumVulnerable, quantumSecurityLevel }: AlgorithmEntry): Cell {
  if (quantumVulnerable) return { text: 'broken', style: 'red' };
  return quantumSecurityLevel === undefined || quantumSecurityLevel === 0
    ? '-'
    : { text: `level ${quantumSecurityLevel}`, style: 'green' };
}

function printEntry(
  cli: Cli,
  entry: AlgorithmEntry,
  { today, live }: { readonly today: string; readonly live: string | null },
): void {
  const pairs = (record: object): string =>
    Object.entries(record)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ') || '-';
  printFields(cli.output, [
    ['algorithm', entry.id],
    ['family', entry.family],
    ['standard', entry.standard],
    ['status today', { text: today, style: stateStyle(today) }],
    ...entry.transitions.map(
      ({ document, to, from, scope }) =>
        ['  from', `${from} ${to} by ${document}${scope === undefined ? '' : ` (${scope})`}`] as const,
    ),
    ['quantum', quantumCell(entry)],
    ['here', live ?? 'not offered, only recognized'],
    ['OID', entry.oid ?? '-'],
    [
      'TLS group',
      entry.tlsGroup === undefined
        ? '-'
        : `${entry.tlsGroup.name} (0x${entry.tlsGroup.code.toString(16).padStart(4, '0')})`,
    ],
    ['sizes (bytes)', pairs(entry.sizes)],
    ['parameters', pairs(entry.parameters)],
    ['also called', entry.aliases.join(', ') || '-'],
  ]);
}

/** Names that hold what was asked for, such as those of ML-KEM for kyber. */
function notThere(given: string, algorithms: readonly AlgorithmEntry[]): CliError {
  const asked = given.toLowerCase();
  const near = algorithms
    .filter(
      ({ id, aliases }) => asked.length > 2 && [id, ...aliases].some((name) => name.toLowerCase().includes(asked)),
    )
    .map(({ id }) => id);
  const hint =
    near.length === 0 ? ' qv crypto info lists all.' : ` It is in the names of ${near.slice(0, 8).join(', ')}.`;
  return new CliError('CLI_NOT_FOUND', `"${safeText(given)}" is not in the registry.${hint}`);
}

async function selfTest(cli: Cli, { json }: JsonOption): Promise<ExitCode> {
  const { runSelfTests } = await import('@quantumvault/crypto');
  const report = await runSelfTests();
  const exitCode = report.ok ? exitCodes.done : exitCodes.negative;
  if (json) {
    cli.output.json(report);
    return exitCode;
  }
  printTable(
    cli.output,
    [{ title: 'ALGORITHM' }, { title: 'ms', align: 'right' }, { title: 'RESULT' }],
    report.tests.map(({ algorithm, ok, durationMs }) => {
      const result = ok ? 'ok' : 'fail';
      return [algorithm, durationMs.toFixed(1), { text: result, style: stateStyle(result) }];
    }),
  );
  const failed = report.tests.filter(({ ok }) => !ok).length;
  cli.output.line(
    report.ok
      ? `${plural(report.tests.length, 'test')} passed in ${Math.round(report.durationMs)} ms.`
      : `${failed} of ${report.tests.length} FAILED: do not use this program.`,
  );
  return exitCode;
}
