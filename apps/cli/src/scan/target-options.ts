import { resolve } from 'node:path';
import type { BadLine, Cidr, ReadTargets, ScanTarget } from '@quantumvault/inventory';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { CliError } from '../errors.ts';
import { readTextFile } from '../local/input-file.ts';
import { safeText } from '../terminal/safe-text.ts';

export interface TargetOptions {
  readonly targets?: string;
  readonly csv?: string;
  readonly cidr?: readonly string[];
  readonly allowNetwork?: readonly string[];
  readonly ports?: string;
  readonly starttls?: string;
}

const badLinesShown = 20;
const listBytesMax = 20_000_000;

// INV-7: a person's own networks; for any other one the person says twice that it is meant.
const ownNetworks = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1', 'fc00::/7'];

const gather = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];

export function addTargetOptions(command: Command): Command {
  return command
    .option('--targets <file>', 'targets from a file, one a line')
    .option('--csv <file>', 'targets from a table with the columns host, port, protocol, server_name')
    .option('--cidr <network>', 'all addresses of a network; may be repeated', gather)
    .option('--allow-network <network>', 'a network that is not private but may be scanned as a whole', gather)
    .option('--ports <list>', 'for targets that name none, for example 443,8443,9000-9010')
    .option('--starttls <protocol>', 'smtp, imap, pop3, ldap, postgres or mysql, for targets that name no protocol');
}

/** All targets of the command, each once. Every mistake is CLI_WRONG_USE, and nothing is scanned. */
export async function readScanTargets(
  cli: Cli,
  given: readonly string[],
  options: TargetOptions,
): Promise<readonly ScanTarget[]> {
  const inventory = await import('@quantumvault/inventory');
  try {
    const ports = options.ports === undefined ? undefined : inventory.parsePorts(options.ports);
    const list = ports === undefined ? {} : { ports };
    const allow = [...ownNetworks, ...(options.allowNetwork ?? [])].map(inventory.parseCidr);
    const networks = (options.cidr ?? []).map((text) =>
      inventory.expandNetwork(inventory.parseCidr(text), { allow: allow satisfies readonly Cidr[] }),
    );
    const sources = [
      given.flatMap((text) => inventory.withPorts(text, ports)),
      options.targets === undefined
        ? []
        : whole(options.targets, inventory.readTargetList(read(cli, options.targets), list)),
      options.csv === undefined ? [] : whole(options.csv, inventory.readTargetTable(read(cli, options.csv), list)),
      ...networks.map((addresses) => inventory.atPorts(addresses, ports ?? [startPort(inventory, options)])),
    ];
    const targets = [...inventory.gatherTargets(sources.map((source) => withStartTls(inventory, source, options)))];
    if (targets.length === 0)
      throw new CliError('CLI_WRONG_USE', 'Nothing to scan: name targets, or --targets, --csv or --cidr.');
    return targets;
  } catch (error) {
    if (error instanceof inventory.InventoryError) throw new CliError('CLI_WRONG_USE', error.message);
    throw error;
  }
}

type Inventory = typeof import('@quantumvault/inventory');

function startPort(
  { startTlsPorts, defaultTlsPort, findStartTlsProtocol }: Inventory,
  { starttls }: TargetOptions,
): number {
  const protocol = starttls === undefined ? undefined : findStartTlsProtocol(starttls);
  return protocol === undefined ? defaultTlsPort : startTlsPorts[protocol];
}

function* withStartTls(
  { findStartTlsProtocol, startTlsProtocols }: Inventory,
  source: Iterable<ScanTarget>,
  { starttls }: TargetOptions,
): Generator<ScanTarget, undefined> {
  const protocol = starttls === undefined ? undefined : findStartTlsProtocol(starttls);
  if (starttls !== undefined && protocol === undefined)
    throw new CliError('CLI_WRONG_USE', `--starttls: one of ${startTlsProtocols.join(', ')}.`);
  for (const target of source) yield protocol === undefined ? target : { starttls: protocol, ...target };
  return undefined;
}

const read = (cli: Cli, file: string): string => readTextFile(resolve(cli.environment.folder, file), listBytesMax);

/** A list with a mistake is not scanned in part: each bad line is named. */
function whole(file: string, { targets, bad }: ReadTargets): readonly ScanTarget[] {
  if (bad.length === 0) return targets;
  const line = ({ line: number, reason }: BadLine) => `  line ${number}: ${safeText(reason)}`;
  const more = bad.length > badLinesShown ? `\n  and ${bad.length - badLinesShown} more` : '';
  throw new CliError(
    'CLI_WRONG_USE',
    `${file} has ${bad.length} bad ${bad.length === 1 ? 'line' : 'lines'}; nothing was scanned.\n${bad.slice(0, badLinesShown).map(line).join('\n')}${more}`,
  );
}
