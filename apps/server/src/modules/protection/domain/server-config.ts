import { parseAddress } from '@quantumvault/pki';
import { protectionErrors } from './errors.ts';
import type { NodeTlsOptions } from './tls-bundle.ts';

/** Ready-made configuration of a TLS server, as text to include; the files of the bundle go into {@link bundleFolder}. */
export interface ServerConfig {
  readonly nginx: string;
  readonly apache: string;
  readonly haproxy: string;
}

/** Where the texts expect the files; two lines to change for whoever keeps them elsewhere. */
export const bundleFolder = '/etc/ssl/quantumvault';

export interface ServerConfigInput {
  readonly host: string;
  readonly port: number;
  readonly keyAlgorithm: string;
  readonly options: NodeTlsOptions;
}

/**
 * Configuration for nginx, Apache and HAProxy that does what the bundle was made for. Danger: what people typed (the
 * host) becomes part of a file that a server trusts, so everything that is put in is checked against what may stand
 * there, whoever checked it before; nothing is quoted or escaped. Throws `PROTECTION_NOT_OFFERED` otherwise.
 */
export function serverConfig(input: ServerConfigInput): ServerConfig {
  const { host, port, options } = input;
  need(isHostName(host) || parseAddress(host) !== undefined, 'the host');
  need(Number.isInteger(port) && port >= 1 && port <= 65_535, 'the port');
  const groups = options.ecdhCurve.split(':').map((group) => opensslNames[group] ?? group);
  const suites = options.ciphers.split(':');
  need(
    [...groups, ...suites].every((word) => /^[A-Za-z0-9_-]{1,64}$/.test(word)),
    'an algorithm',
  );
  need(/^TLSv1\.[23]$/.test(options.minVersion), 'the version');
  const parts: Parts = {
    ...input,
    // An address is reached without a name.
    name: parseAddress(host) === undefined ? host : null,
    groups: groups.join(':'),
    tls13: suites.filter((name) => name.startsWith('TLS_')).join(':'),
    tls12: suites.filter((name) => !name.startsWith('TLS_')).join(':'),
    needs: needsOf(groups, input.keyAlgorithm),
  };
  return { nginx: nginxText(parts), apache: apacheText(parts), haproxy: haproxyText(parts) };
}

interface Parts extends ServerConfigInput {
  readonly name: string | null;
  readonly groups: string;
  readonly tls13: string;
  /** Empty: TLS 1.3 alone. */
  readonly tls12: string;
  readonly needs: string | null;
}

// OpenSSL knows both names; these are understood by its older releases and their readers.
const opensslNames: Readonly<Record<string, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
};

const isHostName = (host: string): boolean =>
  host.length <= 253 && host.split('.').every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label));

function need(condition: boolean, what: string): asserts condition {
  if (condition) return;
  throw protectionErrors.PROTECTION_NOT_OFFERED({
    detail: `There is no server configuration for this endpoint: ${what} cannot stand in one.`,
  });
}

function needsOf(groups: readonly string[], keyAlgorithm: string): string | null {
  const needing = [
    ...(groups.some((group) => group.includes('MLKEM')) ? ['its groups'] : []),
    ...(keyAlgorithm.startsWith('ML-DSA') ? ['its certificate'] : []),
  ];
  return needing.length === 0 ? null : `needs OpenSSL 3.5 or newer (${needing.join(' and ')})`;
}

const lines = (entries: readonly (string | null)[]): string =>
  `${entries.filter((entry) => entry !== null).join('\n')}\n`;

function nginxText({ name, port, options, groups, tls13, tls12, needs }: Parts): string {
  return lines([
    '# TLS server made by QuantumVault; include it in the http block of nginx.',
    needs === null ? null : `# This ${needs}; "nginx -V" says which one nginx uses.`,
    `# Put cert.pem and key.pem into ${bundleFolder}, or change the two paths.`,
    'server {',
    `    listen ${port} ssl;`,
    `    listen [::]:${port} ssl;`,
    name === null ? null : `    server_name ${name};`,
    '',
    `    ssl_certificate ${bundleFolder}/cert.pem;`,
    `    ssl_certificate_key ${bundleFolder}/key.pem;`,
    `    ssl_protocols ${options.minVersion === 'TLSv1.2' ? 'TLSv1.2 TLSv1.3' : 'TLSv1.3'};`,
    `    ssl_ecdh_curve ${groups};`,
    `    ssl_conf_command Ciphersuites ${tls13};`,
    tls12 === '' ? null : `    ssl_ciphers ${tls12};`,
    '    ssl_prefer_server_ciphers on;',
    '    ssl_session_tickets off;',
    '}',
  ]);
}

function apacheText({ name, port, options, groups, tls13, tls12, needs }: Parts): string {
  return lines([
    '# TLS server made by QuantumVault for Apache httpd with mod_ssl.',
    needs === null ? null : `# This ${needs}; "httpd -V" and the error log say which one Apache uses.`,
    `# Put cert.pem and key.pem into ${bundleFolder}, or change the two paths.`,
    `Listen ${port}`,
    `<VirtualHost *:${port}>`,
    name === null ? null : `    ServerName ${name}`,
    '    SSLEngine on',
    `    SSLCertificateFile ${bundleFolder}/cert.pem`,
    `    SSLCertificateKeyFile ${bundleFolder}/key.pem`,
    `    SSLProtocol -all ${options.minVersion === 'TLSv1.2' ? '+TLSv1.2 +TLSv1.3' : '+TLSv1.3'}`,
    `    SSLOpenSSLConfCmd Groups ${groups}`,
    `    SSLCipherSuite TLSv1.3 ${tls13}`,
    tls12 === '' ? null : `    SSLCipherSuite SSL ${tls12}`,
    '    SSLHonorCipherOrder on',
    '    SSLSessionTickets off',
    '</VirtualHost>',
  ]);
}

function haproxyText({ port, options, groups, tls13, tls12, needs }: Parts): string {
  const words = [
    `bind :${port} ssl crt ${bundleFolder}/haproxy.pem`,
    `ssl-min-ver ${options.minVersion}`,
    `curves ${groups}`,
    `ciphersuites ${tls13}`,
    ...(tls12 === '' ? [] : [`ciphers ${tls12}`]),
    'no-tls-tickets',
  ];
  return lines([
    '# TLS frontend made by QuantumVault for HAProxy; give it the default_backend that it serves.',
    needs === null ? null : `# This ${needs}; "haproxy -vv" says which one HAProxy uses.`,
    `# HAProxy reads certificate and key from one file: (umask 077; cat cert.pem key.pem > ${bundleFolder}/haproxy.pem)`,
    'frontend quantumvault-tls',
    '    mode http',
    '    timeout client 30s',
    `    ${words.join(' ')}`,
  ]);
}
