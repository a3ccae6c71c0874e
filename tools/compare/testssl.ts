/** testssl.sh of Debian: run only what is compared, and read its flat JSON. */
import { suiteName } from '@quantumvault/inventory';
import { type Facts, FactsBuilder } from './facts.ts';
import { loopback, type OtherTool, type ToolTarget } from './tool.ts';

export const testssl: OtherTool = {
  name: 'testssl.sh',
  program: { file: '/usr/bin/testssl', debianPackage: 'testssl.sh' },
  versionWords: ['--version'],
  versionPattern: /testssl\S*\s+(\d+\.\d+\.\d+\S*)/,
  timeoutMs: 240_000,
  words: ({ host, port, starttls }: ToolTarget, resultFile: string) => [
    ...['--quiet', '--color', '0', '--nodns', 'none', '--warnings', 'off', '--ip', host ?? loopback],
    // Protocols, the server's preference, suites per protocol, forward secrecy with its groups, certificates.
    ...['-p', '-P', '-E', '-f', '-S', '--jsonfile', resultFile],
    ...(starttls === undefined ? [] : ['--starttls', starttls]),
    `${host ?? loopback}:${port}`,
  ],
  read: testsslFacts,
};

interface Row {
  readonly id: string;
  readonly finding: string;
}

const versionIds: readonly (readonly [id: string, version: string])[] = [
  ['SSLv3', 'SSLv3'],
  ['TLS1', 'TLSv1.0'],
  ['TLS1_1', 'TLSv1.1'],
  ['TLS1_2', 'TLSv1.2'],
  ['TLS1_3', 'TLSv1.3'],
];

/** Its names of curves, as OpenSSL spells them, in the registry's spelling. */
const groupNames: Readonly<Record<string, string>> = {
  prime256v1: 'secp256r1',
  prime192v1: 'secp192r1',
  X25519: 'x25519',
  X448: 'x448',
};

export function testsslFacts(json: string): Facts {
  const rows = parseRows(json);
  const one = (id: string): string | undefined => rows.find((row) => row.id === id)?.finding;
  const words = (id: string): string[] =>
    one(id)
      ?.split(/\s+/)
      .filter((word) => word !== '') ?? [];
  const builder = new FactsBuilder();
  const offered = versionIds.filter(([id]) => one(id)?.startsWith('offered') === true);
  builder.add(
    'versions',
    'set',
    offered.map(([, version]) => version),
  );
  // Primes of TLS 1.2 that have no registered name come as a phrase ("RFC3526/Oakley Group 14").
  const fields = one('DH_groups')?.trim() ?? '';
  const finiteFields = /^(ffdhe\d+\s*)*$/.test(fields) ? words('DH_groups') : [fields];
  const groups = [...words('PFS_ECDHE_curves'), ...finiteFields].map((name) => groupNames[name] ?? name);
  builder.add('groups', 'set', one('PFS') === undefined ? undefined : groups);
  addSuites(builder, rows);
  addCertificates(builder, rows);
  return builder.facts;
}

/** Its rows are `TLS 1.2   xc030   ECDHE-RSA-AES256-GCM-SHA384  ECDH 253  AESGCM  256  TLS_ECDHE_...`. */
function addSuites(builder: FactsBuilder, rows: readonly Row[]): void {
  const byOpensslName = new Map<string, string>();
  for (const [id, version] of versionIds) {
    const prefix = `cipher-${id.toLowerCase()}_x`;
    const suites = rows.flatMap((row) => {
      if (!row.id.startsWith(prefix)) return [];
      const code = row.id.slice(prefix.length);
      // `cipher-tls1_1_xc014` also begins with `cipher-tls1_`; what follows is then no code point.
      if (!/^[0-9a-f]{1,4}$/.test(code)) return [];
      const name = suiteName(Number.parseInt(code, 16));
      const openssl = new RegExp(`x${code}\\s+(\\S+)`).exec(row.finding)?.[1];
      if (openssl !== undefined) byOpensslName.set(openssl, name);
      return [name];
    });
    if (suites.length > 0) builder.add(`suites ${version}`, 'set', suites);
    const chooser = chooserOf(rows.find((row) => row.id === 'cipher_order')?.finding, version);
    // It tells TLS 1.3 and all that is older apart, and says the latter of the newest of them.
    if (suites.length > 1 && (version === 'TLSv1.3' || version === 'TLSv1.2')) {
      builder.add(`chooses the suite ${version}`, 'set', chooser === undefined ? undefined : [chooser]);
    }
  }
  for (const [id, version] of versionIds) {
    const order = rows.find((row) => row.id === `cipherorder_${id.replace('TLS1', 'TLSv1')}`)?.finding.split(/\s+/);
    const suites = order?.filter((name) => name !== '').map((name) => byOpensslName.get(name) ?? name);
    if (suites !== undefined && suites.length > 1) builder.add(`order ${version}`, 'list', suites);
  }
}

/** Its sentences: `server`, `NOT a cipher order configured`, `server -- TLS 1.3 client determined` and the like. */
function chooserOf(finding: string | undefined, version: string): 'server' | 'client' | undefined {
  if (finding === undefined) return undefined;
  if (/^not a cipher order/i.test(finding)) return 'client';
  const byClient = /-- (< )?TLS 1\.3 client determined$/.exec(finding);
  if (byClient === null) return /^server\b/.test(finding) ? 'server' : undefined;
  return (version === 'TLSv1.3') === (byClient[1] === undefined) ? 'client' : 'server';
}

/** It looks for a certificate per signature algorithm and numbers them when there are several. */
function addCertificates(builder: FactsBuilder, rows: readonly Row[]): void {
  const each = (id: string): string[] =>
    rows.filter((row) => row.id.replace(/ <.*>$/, '') === id).map(({ finding }) => finding.trim());
  const from = each('cert_notBefore');
  const until = each('cert_notAfter');
  if (from.length === 0) return;
  builder
    .add(
      'certificate key',
      'set',
      each('cert_keySize').map((text) => text.replace(/ bits.*$/, '')),
    )
    .add('certificate signature', 'set', each('cert_signatureAlgorithm').map(signatureOf))
    .add(
      'certificate validity',
      'set',
      from.map((begin, at) => `${begin} to ${until[at]}`),
    )
    .add('certificate name', 'set', each('cert_commonName'))
    .add(
      'certificate sha-256',
      'set',
      each('cert_fingerprintSHA256').map((text) => text.toLowerCase()),
    )
    .add('chain length', 'set', each('certs_countServer'));
}

const signatureOf = (text: string): string =>
  text.replace(/^SHA(\d+) with RSA$/, 'RSA-SHA$1').replace(/^ECDSA with /, 'ECDSA-');

function parseRows(json: string): readonly Row[] {
  // A run that was broken off leaves an unfinished file.
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) ? parsed.filter(isRow) : [];
  } catch {
    return [];
  }
}

function isRow(value: unknown): value is Row {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'finding' in value &&
    typeof value.finding === 'string'
  );
}
