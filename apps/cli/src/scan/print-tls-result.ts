import { findAlgorithm, findPublicKeyAlgorithm } from '@quantumvault/crypto';
import {
  assessRisk,
  defaultRiskSettings,
  type Exposure,
  formatScanTarget,
  isPostQuantumGroup,
  profileOfTlsScan,
  type Sensitivity,
  severityRank,
  type TlsScanResult,
} from '@quantumvault/inventory';
import { formatInstant, formatList } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { safeText } from '../terminal/safe-text.ts';
import { levelStyle } from '../terminal/style.ts';
import { type Cell, printFields } from '../terminal/table.ts';

export interface ScanContext {
  readonly classification: {
    readonly sensitivity: Sensitivity;
    readonly exposure: Exposure;
    readonly dataLifetimeYears: number;
  };
  readonly observedAt: string;
}

/** Prints one endpoint for people: what it speaks, what is wrong with it, what to do, and how much it matters. */
export function printTlsResult(output: Output, result: TlsScanResult, context: ScanContext): void {
  const { host, port, protocol } = result;
  const target = { host, port, ...(protocol === 'tls' ? {} : { starttls: protocol }) };
  output.line(output.paint(safeText(formatScanTarget(target)), 'bold'));
  if (result.versions.length === 0) {
    const why = result.error === null ? 'answers, but not with TLS' : `no TLS (${result.error})`;
    output.line(`  ${output.paint(why, 'red')}`);
    printFindings(output, result);
    return;
  }
  printFields(output, [...protocolFields(result), ...certificateFields(result)], '  ');
  printFindings(output, result);
  output.line(`  ${riskLine(output, result, context)}`);
}

function protocolFields(result: TlsScanResult): (readonly [string, Cell])[] {
  const groups = result.groups.map((name) => (isPostQuantumGroup(name) ? `${name} [PQ]` : name));
  const order = { server: 'in the server’s order', client: 'the client chooses', unknown: 'order not known' };
  const isQuantumSafe = result.groups.some(isPostQuantumGroup);
  return [
    ['versions', formatList(result.versions)],
    ...suiteFields(result),
    [
      'groups',
      groups.length === 0
        ? '-'
        : { text: `${formatList(groups)} (${order[result.preference]})`, style: isQuantumSafe ? 'green' : 'yellow' },
    ],
    ...(result.provenGroup === null ? [] : ([['negotiated', result.provenGroup]] as const)),
    ...(result.alpn === null ? [] : ([['alpn', result.alpn]] as const)),
  ];
}

const suiteOrder = { server: ' (in the server’s order)', client: ' (the client chooses)', unknown: '' };

function suiteFields({ suites, suitesByVersion }: TlsScanResult): (readonly [string, Cell])[] {
  if (suitesByVersion.length === 0) return [['suites', formatList(suites)]];
  return [
    ['suites', String(suites.length)],
    // A line for each: the names are long, and there may be dozens.
    ...suitesByVersion.flatMap(({ version, suites: names, preference }) => [
      [`  ${version}`, `${names.length}${suiteOrder[preference]}`] as const,
      ...names.map((name) => ['', `  ${name}`] as const),
    ]),
  ];
}

function certificateFields({ chain, chains }: TlsScanResult): (readonly [string, Cell])[] {
  const [leaf, ...rest] = chain;
  if (leaf === undefined) return [['certificate', 'none shown']];
  return [
    ['certificate', leaf.subject === '' ? '(no subject)' : leaf.subject],
    ['  issuer', leaf.issuer === leaf.subject ? 'itself' : leaf.issuer],
    ['  key', `${leaf.keyAlgorithm}, signed with ${leaf.signatureAlgorithm}`],
    ['  valid until', formatInstant(leaf.notAfter)],
    ['  sha-256', leaf.fingerprint256],
    ...(rest.length === 0
      ? []
      : ([['  chain', `${rest.length} more: ${rest.map(({ subject }) => subject).join(' <- ')}`]] as const)),
    ...(chains.length < 2 ? [] : ([['  other keys', formatList(chains.slice(1).map(otherKey))]] as const)),
  ];
}

function otherKey({ keyAlgorithm, chain: [leaf] }: TlsScanResult['chains'][number]): string {
  return leaf === undefined ? keyAlgorithm : `${keyAlgorithm} until ${formatInstant(leaf.notAfter)}`;
}

function printFindings(output: Output, { findings, unresolved }: TlsScanResult): void {
  const sorted = [...findings].sort((left, right) => severityRank(right.severity) - severityRank(left.severity));
  if (sorted.length > 0) output.line(`  ${output.paint('findings', 'dim')}`);
  for (const { severity, message, remedy } of sorted) {
    output.line(`    ${output.paint(severity.padEnd(8), levelStyle(severity))}  ${safeText(message)}`);
    output.line(`    ${' '.repeat(8)}  ${output.paint(`-> ${safeText(remedy)}`, 'dim')}`);
  }
  for (const { probe, cause, detail } of unresolved) {
    output.line(`    ${output.paint('open'.padEnd(8), 'dim')}  ${safeText(`${probe}: ${cause} (${detail})`)}`);
  }
}

function riskLine(output: Output, result: TlsScanResult, { classification, observedAt }: ScanContext): string {
  const profile = profileOfTlsScan(result, observedAt);
  if (profile === null) return output.paint('risk not known', 'yellow');
  const { uses, weaknesses } = profile;
  const risk = assessRisk(
    // A TLS endpoint is changed by its configuration.
    { ...classification, uses, weaknesses, agility: 'configurable' },
    defaultRiskSettings,
    { findAlgorithm, findPublicKeyAlgorithm },
  );
  const { sensitivity, exposure, dataLifetimeYears } = classification;
  const recorded = risk.harvestNowDecryptLater.isExposed ? ', can be recorded now and read later' : '';
  const score = output.paint(`risk ${risk.score.toFixed(1)} ${risk.band}`, levelStyle(risk.band));
  return `${score}${recorded} (${sensitivity}, ${exposure}, secret for ${dataLifetimeYears} years)`;
}
