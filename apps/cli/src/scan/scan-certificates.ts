import { resolve } from 'node:path';
import type { AssetView } from '@quantumvault/api';
import type { AssessedCertificate, CryptoItem } from '@quantumvault/inventory';
import type { PublicKeyFacts } from '@quantumvault/pki';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { addClassificationOptions, printAssets } from '../commands/assets.ts';
import { connect, needBody } from '../connection/connect.ts';
import { needId } from '../connection/resolve.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { safeText } from '../terminal/safe-text.ts';
import { levelStyle } from '../terminal/style.ts';

interface Options extends JsonOption {
  readonly save?: boolean;
  readonly environment?: string;
  readonly sensitivity?: AssetView['sensitivity'];
  readonly exposure?: AssetView['exposure'];
  readonly lifetime?: number;
}

export function addScanCertificates(scan: Command, cli: Running): void {
  const command = addCommand(
    scan,
    'certificates <path...>',
    'Find certificates, requests and keys in files and folders, by their content; nothing is stored without --save',
  )
    .option('--save', 'store the certificates as assets of the organization; keys are never sent')
    .option('--environment <id>', 'environment of stored assets; default: the first of the organization');
  addClassificationOptions(command).action(
    ending(cli, (paths: string[], options: Options) => scanCertificates(cli, paths, options)),
  );
}

/** One line of the answer; a certificate has more of it. */
interface Found {
  readonly path: string;
  readonly line: number | null;
  readonly kind: CryptoItem['kind'];
  readonly keyAlgorithm: string | null;
  readonly quantumVulnerable: boolean | null;
  readonly subject?: string;
  readonly issuer?: string;
  readonly signatureAlgorithm?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly fingerprint256?: string;
  readonly dnsNames?: readonly string[];
  readonly findings?: AssessedCertificate['findings'];
  readonly encryption?: { readonly scheme: string; readonly iterations: number | null } | null;
}

interface Report {
  readonly found: Found[];
  /** Blocks that claim to be something and cannot be read, and what was passed over. */
  readonly unread: { readonly path: string; readonly line: number | null; readonly reason: string }[];
  readonly files: number;
  /** DER of each certificate by its fingerprint. */
  readonly certificates: ReadonlyMap<string, Uint8Array>;
}

async function scanCertificates(cli: Cli, paths: readonly string[], options: Options): Promise<ExitCode> {
  if (options.environment !== undefined) needId(options.environment, 'an environment');
  // Who will be asked to store the results must be known before minutes of reading.
  const connection = options.save ? await connect(cli) : undefined;
  const report = await readAll(cli, paths);
  const saved: AssetView[] = [];
  const certificates = [...report.certificates.values()].map((der) => Buffer.from(der).toString('base64'));
  for (let at = 0; connection !== undefined && at < certificates.length; at += batchMax) {
    const { environment, sensitivity, exposure, lifetime } = options;
    const body = {
      certificates: certificates.slice(at, at + batchMax),
      ...(environment === undefined ? {} : { environmentId: environment }),
      ...(sensitivity === undefined ? {} : { sensitivity }),
      ...(exposure === undefined ? {} : { exposure }),
      ...(lifetime === undefined ? {} : { dataLifetimeYears: lifetime }),
    };
    const checked = needBody(connection.routes.importCertificates, body, { dataLifetimeYears: '--lifetime' });
    saved.push(...(await connection.client.importCertificates({ body: checked })).items);
  }
  const { found, unread, files } = report;
  if (options.json) cli.output.json({ files, found, unread });
  else print(cli, report);
  if (saved.length > 0 && !options.json) {
    cli.output.line();
    cli.output.line('Stored:');
    printAssets(cli, saved);
  } else if (saved.length > 0) cli.output.note(`qv: stored ${saved.map(({ id }) => id).join(', ')}`);
  return found.length > 0 ? exitCodes.done : exitCodes.negative;
}

// The contract takes so many in one request.
const batchMax = 128;

async function readAll(cli: Cli, paths: readonly string[]): Promise<Report> {
  const { scanFiles } = await import('@quantumvault/providers/discovery/certificates');
  const { assessCertificate, keyAlgorithmName, signatureAlgorithmName } = await import('@quantumvault/inventory');
  const { findAlgorithm, findPublicKeyAlgorithm, sha256 } = await import('@quantumvault/crypto');
  const registry = { findAlgorithm, findPublicKeyAlgorithm };
  const environment = {
    registry,
    sha256Hex: (bytes: Uint8Array) => Buffer.from(sha256(bytes)).toString('hex'),
    now: new Date(cli.clock.now()),
  };
  const ofKey = (key: PublicKeyFacts | null) => ({
    keyAlgorithm: key === null ? null : keyAlgorithmName(key, registry),
    quantumVulnerable: key === null ? null : (findPublicKeyAlgorithm(key)?.quantumVulnerable ?? null),
  });
  const certificates = new Map<string, Uint8Array>();
  const describe = (item: CryptoItem): Omit<Found, 'path' | 'line'> => {
    switch (item.kind) {
      case 'certificate': {
        const { facts, ...assessed } = assessCertificate(item.der, environment);
        certificates.set(assessed.fingerprint256, item.der);
        const { subject, issuer, notBefore, notAfter } = facts;
        return { kind: item.kind, subject, issuer, notBefore, notAfter, ...assessed };
      }
      case 'certificate-request': {
        const signatureAlgorithm = signatureAlgorithmName(item.signature, registry);
        return { kind: item.kind, subject: item.subject, ...ofKey(item.key), signatureAlgorithm };
      }
      case 'public-key':
        return { kind: item.kind, ...ofKey(item.key) };
      case 'private-key':
        return { kind: item.kind, ...ofKey(item.key), encryption: item.encryption };
    }
  };
  const report = { found: [] as Found[], unread: [] as Report['unread'], files: 0, certificates };
  for await (const outcome of scanFiles(paths.map((path) => resolve(cli.environment.folder, path)))) {
    const { path } = outcome;
    if (outcome.kind === 'skipped') {
      report.unread.push({ path, line: null, reason: outcome.reason });
      continue;
    }
    report.files += 1;
    for (const { line, item } of outcome.file.items) report.found.push({ path, line, ...describe(item) });
    for (const { line, label, reason } of outcome.file.unread) {
      report.unread.push({ path, line, reason: `${label}: ${reason}` });
    }
  }
  return report;
}

function print(cli: Cli, { found, unread, files }: Report): void {
  for (const entry of found) {
    const place = entry.line === null ? entry.path : `${entry.path}:${entry.line}`;
    cli.output.line(`${cli.output.paint(safeText(place), 'bold')}  ${entry.kind}`);
    const key = entry.keyAlgorithm ?? 'hidden by its encryption';
    const names = [
      ...(entry.subject === undefined ? [] : [entry.subject === '' ? '(no subject)' : entry.subject]),
      `key ${key}${entry.quantumVulnerable === false ? ' [PQ]' : ''}`,
      ...(entry.signatureAlgorithm === undefined ? [] : [`signed with ${entry.signatureAlgorithm}`]),
      ...(entry.notAfter === undefined ? [] : [`until ${entry.notAfter}`]),
      ...encryptionOf(entry),
    ];
    cli.output.line(`  ${safeText(names.join(', '))}`);
    for (const { severity, message } of entry.findings ?? []) {
      cli.output.line(`  ${cli.output.paint(severity.padEnd(8), levelStyle(severity))}  ${safeText(message)}`);
    }
  }
  for (const { path, line, reason } of unread) {
    cli.output.note(`qv: ${safeText(line === null ? path : `${path}:${line}`)}: ${safeText(reason)}`);
  }
  const counted = `${found.length} found in ${files} ${files === 1 ? 'file' : 'files'}`;
  cli.output.line(unread.length === 0 ? `${counted}.` : `${counted}; ${unread.length} not read.`);
}

function encryptionOf({ kind, encryption }: Found): string[] {
  if (kind !== 'private-key') return [];
  if (encryption === null || encryption === undefined) return ['not encrypted'];
  const { scheme, iterations } = encryption;
  return [`encrypted with ${scheme}${iterations === null ? '' : `, ${iterations} rounds`}`];
}
