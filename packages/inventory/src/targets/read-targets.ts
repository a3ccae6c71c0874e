/**
 * Reads lists of scan targets that people wrote or exported. A list with a mistake is refused as a whole and every bad
 * line is named with its number: half of a scan that looks like all of it is worse than none.
 */
import { parseScanTarget } from '../address/scan-target.ts';
import { InventoryError } from '../errors.ts';
import type { ScanTarget } from '../scan/scan-state.ts';
import { findStartTlsProtocol, startTlsPorts, startTlsProtocols } from '../starttls/protocols.ts';
import { scanTargetsMax, tooManyTargets } from './gather-targets.ts';
import { readCsvLine } from './read-csv-line.ts';

export interface BadLine {
  /** The first line is 1. */
  readonly line: number;
  readonly reason: string;
}

export interface ReadTargets {
  readonly targets: readonly ScanTarget[];
  readonly bad: readonly BadLine[];
}

const lineLengthMax = 1_000;
/** Lines of one list. */
export const targetLinesMax = 100_000;

/** One target a line; empty lines and what follows `#` do not count. `ports` are asked of targets that name none. */
export function readTargetList(text: string, options: { readonly ports?: readonly number[] } = {}): ReadTargets {
  return readLines(text, (line) => {
    const target = line.replace(/(^|\s)#.*$/, '').trim();
    return target === '' ? [] : withPorts(target, options.ports);
  });
}

/** The targets of one argument: itself, or one for each port when it names none. Throws `INVENTORY_INPUT_INVALID`. */
export function withPorts(text: string, ports: readonly number[] | undefined): readonly ScanTarget[] {
  const target = parseScanTarget(text);
  if (ports === undefined || target.starttls !== undefined || namesPort(text, target)) return [target];
  return ports.map((port) => ({ ...target, port }));
}

/** A colon in front of the last digits is a port, unless it belongs to an IPv6 address without brackets. */
function namesPort(text: string, { host }: ScanTarget): boolean {
  const trimmed = text.trim();
  return /:\d{1,5}$/.test(trimmed) && (trimmed.startsWith('[') || !host.includes(':'));
}

const columns = ['host', 'port', 'protocol', 'server_name'] as const;
type Column = (typeof columns)[number];

/**
 * A table with a heading (RFC 4180, one record a line): `host`, and `port`, `protocol` (`tls` or one of STARTTLS) and
 * `server_name` where wanted; other columns are left alone, so that the export of another inventory works as it is.
 */
export function readTargetTable(text: string, options: { readonly ports?: readonly number[] } = {}): ReadTargets {
  let heading: ReadonlyMap<string, number> | 'missing' | 'bad' = 'missing';
  return readLines(text, (line) => {
    // Without a heading nobody knows what the other lines mean: it alone is named.
    if (line.trim() === '' || heading === 'bad') return [];
    if (heading === 'missing') {
      heading = 'bad';
      heading = placesOf(readCsvLine(line));
      return [];
    }
    const fields = readCsvLine(line);
    const places: ReadonlyMap<string, number> = heading;
    const field = (name: Column): string => fields[places.get(name) ?? -1]?.trim() ?? '';
    return rowTargets(field, options.ports);
  });
}

function placesOf(heading: readonly string[]): ReadonlyMap<string, number> {
  const names = heading.map((name) => name.trim().toLowerCase());
  if (!names.includes('host')) throw bad(`the heading has no column "host" (known: ${columns.join(', ')})`);
  const twice = columns.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice !== undefined) throw bad(`the heading has the column "${twice}" twice`);
  return new Map(names.map((name, place) => [name, place]));
}

function rowTargets(field: (name: Column) => string, ports: readonly number[] | undefined): readonly ScanTarget[] {
  const host = field('host');
  if (host === '') throw bad('it has no host');
  const { host: name } = parseScanTarget(host);
  if (namesPort(host, { host: name, port: 0 })) throw bad('the port belongs into the column "port"');
  const protocol = field('protocol').toLowerCase();
  const starttls = findStartTlsProtocol(protocol);
  if (starttls === undefined && protocol !== '' && protocol !== 'tls')
    throw bad(`"${protocol.slice(0, 20)}" is not a protocol: tls, ${startTlsProtocols.join(', ')}`);
  const serverName = field('server_name');
  const shared = {
    host: name,
    ...(starttls === undefined ? {} : { starttls }),
    // A name that is sent to the server is held to the rules of a host.
    ...(serverName === '' ? {} : { serverName: parseScanTarget(serverName).host }),
  };
  const port = field('port');
  if (port !== '') {
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
      throw bad(`"${port.slice(0, 20)}" is not a port`);
    return [{ ...shared, port: Number(port) }];
  }
  if (starttls !== undefined) return [{ ...shared, port: startTlsPorts[starttls] }];
  return (ports ?? [parseScanTarget(name.includes(':') ? `[${name}]` : name).port]).map((one) => ({
    ...shared,
    port: one,
  }));
}

function readLines(text: string, read: (line: string) => readonly ScanTarget[]): ReadTargets {
  const lines = text.replace(/^\u{feff}/u, '').split(/\r\n|\n|\r/);
  if (lines.length > targetLinesMax)
    throw new InventoryError('INVENTORY_LIMIT_EXCEEDED', `A list of targets has at most ${targetLinesMax} lines.`);
  const targets: ScanTarget[] = [];
  const badLines: BadLine[] = [];
  for (const [index, line] of lines.entries()) {
    try {
      if (line.length > lineLengthMax) throw bad(`it is longer than ${lineLengthMax} characters`);
      for (const target of read(line)) targets.push(target);
    } catch (error) {
      if (!(error instanceof InventoryError)) throw error;
      badLines.push({ line: index + 1, reason: error.message });
    }
    if (targets.length > scanTargetsMax) throw tooManyTargets();
  }
  return { targets, bad: badLines };
}

const bad = (reason: string): InventoryError => new InventoryError('INVENTORY_INPUT_INVALID', reason);
