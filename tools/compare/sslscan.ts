/** Debian's sslscan: run it, and read the part of its XML that is compared. */
import { groupName, suiteName } from '@quantumvault/inventory';
import { type Facts, FactsBuilder, minuteOf } from './facts.ts';
import { loopback, type OtherTool, type ToolTarget } from './tool.ts';

const startTls = {
  smtp: 'smtp',
  imap: 'imap',
  pop3: 'pop3',
  ldap: 'ldap',
  postgres: 'psql',
  mysql: 'mysql',
} as const;

export const sslscan: OtherTool = {
  name: 'sslscan',
  program: { file: '/usr/bin/sslscan', debianPackage: 'sslscan' },
  versionWords: ['--version'],
  versionPattern: /(\d+\.\d+\.\d+\S*)/,
  timeoutMs: 60_000,
  words: ({ host, port, starttls, serverName }: ToolTarget) => [
    '--xml=-',
    '--no-colour',
    ...(serverName === undefined ? [] : [`--sni-name=${serverName}`]),
    ...(starttls === undefined ? [] : [`--starttls-${startTls[starttls]}`]),
    `${host ?? loopback}:${port}`,
  ],
  read: sslscanFacts,
};

export function sslscanFacts(xml: string): Facts {
  const protocols = elements(xml, 'protocol').filter(({ enabled }) => enabled === '1');
  const ciphers = elements(xml, 'cipher');
  const builder = new FactsBuilder()
    .add(
      'versions',
      'set',
      protocols.map(({ type, version }) => (type === 'ssl' ? `SSLv${version}` : `TLSv${version}`)),
    )
    .add(
      'groups',
      'set',
      elements(xml, 'group').map(({ id }) => groupName(Number(id))),
    );
  for (const version of new Set(ciphers.map(({ sslversion }) => sslversion ?? ''))) {
    const suites = ciphers.filter(({ sslversion }) => sslversion === version).map(({ id }) => suiteName(Number(id)));
    builder.add(`suites ${version}`, 'set', suites);
    if (suites.length > 1) builder.add(`order ${version}`, 'list', suites);
  }
  return addCertificate(builder, xml).facts;
}

/** It shows the one certificate that its own handshake got. */
function addCertificate(builder: FactsBuilder, xml: string): FactsBuilder {
  const text = (name: string): string | undefined => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)`).exec(xml)?.[1];
  const signature = text('signature-algorithm');
  const [from, until] = [text('not-valid-before'), text('not-valid-after')];
  if (signature === undefined || from === undefined || until === undefined) return builder;
  const [key] = elements(xml, 'pk');
  return builder
    .add('certificate key', 'member', key === undefined ? undefined : [keyOf(key)])
    .add('certificate signature', 'member', [signatureOf(signature)])
    .add('certificate validity', 'member', [`${minuteOf(new Date(from))} to ${minuteOf(new Date(until))}`])
    .add('certificate name', 'member', [text('subject') ?? '']);
}

const curveBits: Readonly<Record<string, string>> = { prime256v1: '256', secp384r1: '384', secp521r1: '521' };

function keyOf({ type, curve_name: curve, bits }: Readonly<Record<string, string>>): string {
  if (type === 'EC') return `EC ${curveBits[curve ?? ''] ?? curve}`;
  return type === 'RSA' ? `RSA ${bits}` : `${type ?? curve}`;
}

const signatureOf = (name: string): string =>
  name.replace(/^ecdsa-with-SHA/, 'ECDSA-SHA').replace(/^sha(\d+)WithRSAEncryption$/, 'RSA-SHA$1');

function elements(xml: string, name: string): Readonly<Record<string, string>>[] {
  return [...xml.matchAll(new RegExp(`<${name} ([^>]*?)/?>`, 'g'))].map(([, attributes]) =>
    Object.fromEntries([...(attributes ?? '').matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
  );
}
