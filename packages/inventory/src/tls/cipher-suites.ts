import { cipherSuiteRuns } from './cipher-suite-names.ts';
import { hexCodePoint } from './named-groups.ts';
import type { TlsVersion } from './versions.ts';

/** What is wrong with a suite by today's standards; a good suite has none. */
export const suiteWeaknesses = ['null', 'anonymous', 'export', 'rc4', 'des', 'cbc', 'static-key', 'md5'] as const;

export type SuiteWeakness = (typeof suiteWeaknesses)[number];

export interface CipherSuite {
  readonly codePoint: number;
  /** As the IANA registry spells it, for example `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`. */
  readonly name: string;
  readonly isTls13: boolean;
  /** The key-exchange part of a suite up to TLS 1.2 (`ECDHE_RSA`, `RSA`, `DH_anon`), empty in TLS 1.3. */
  readonly keyExchange: string;
  /** Registry id of the bulk cipher where it has one (`AES-256-GCM`), else the name's middle part. */
  readonly cipher: string;
  readonly weaknesses: readonly SuiteWeakness[];
}

const tls13CodePoints = new Set([0x00c6, 0x00c7, 0xc103, 0xc104, 0xc105, 0xc106, 0xc0b4, 0xc0b5]);

/** Every negotiable suite of the registry, in code-point order. */
export const cipherSuites: readonly CipherSuite[] = cipherSuiteRuns.flatMap(([first, names]) =>
  names.split(/\s+/).map((name, index) => describeSuite(first + index, `TLS_${name}`)),
);

const byCodePoint = new Map(cipherSuites.map((suite) => [suite.codePoint, suite]));
const byName = new Map(cipherSuites.map((suite) => [suite.name, suite]));

export function findSuite(name: string): CipherSuite | undefined {
  return byName.get(name);
}

export function findSuiteByCodePoint(codePoint: number): CipherSuite | undefined {
  return byCodePoint.get(codePoint);
}

/** The registry name of a code point; an unassigned one is written `0xabcd`, never guessed. */
export function suiteName(codePoint: number): string {
  return byCodePoint.get(codePoint)?.name ?? hexCodePoint(codePoint);
}

// Strongest and most common first, so that the suite a client-ordered server picks is what a modern client would get.
const strongTls12 = [
  0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc02b, 0xc02f, 0xc0ad, 0xc0ac, 0x009f, 0xccaa, 0x009e, 0xc09f, 0xc09e,
] as const;

/** Suites in the order in which a probe for the given version offers them. Suites that need a shared secret or account are left out: no server can negotiate them with a stranger. */
export function suitesToOffer(version: TlsVersion): readonly CipherSuite[] {
  if (version === 'TLSv1.3') return cipherSuites.filter((suite) => suite.isTls13 && suite.weaknesses.length === 0);
  const strong = strongTls12.flatMap((codePoint) => byCodePoint.get(codePoint) ?? []);
  const isStrong = new Set(strong);
  const rest = cipherSuites.filter(
    (suite) => !suite.isTls13 && suite.codePoint !== 0 && !isStrong.has(suite) && !needsSharedSecret(suite),
  );
  // A suite without weakness before a weak one; within each the registry's order.
  const ordered = [...strong, ...rest.toSorted((left, right) => left.weaknesses.length - right.weaknesses.length)];
  return version === 'TLSv1.2' ? ordered : ordered.filter((suite) => worksBeforeTls12(suite));
}

function needsSharedSecret(suite: CipherSuite): boolean {
  return /PSK|SRP|KRB5|ECCPWD/.test(suite.keyExchange);
}

// AEAD suites and suites with a SHA-2 MAC are defined for TLS 1.2 only (RFC 5246 section A.5, RFC 5288).
function worksBeforeTls12(suite: CipherSuite): boolean {
  return /_(SHA|MD5|IMIT)$/.test(suite.name);
}

function describeSuite(codePoint: number, name: string): CipherSuite {
  const body = name.slice('TLS_'.length);
  const separator = body.indexOf('_WITH_');
  const isTls13 = separator < 0 || tls13CodePoints.has(codePoint);
  const keyExchange = separator < 0 ? '' : body.slice(0, separator);
  const protection = separator < 0 ? body : body.slice(separator + '_WITH_'.length);
  return {
    codePoint,
    name,
    isTls13,
    keyExchange: isTls13 ? '' : keyExchange,
    cipher: cipherId(protection),
    weaknesses: isTls13 ? (protection.startsWith('SHA') ? ['null'] : []) : findWeaknesses(keyExchange, protection),
  };
}

function findWeaknesses(keyExchange: string, protection: string): readonly SuiteWeakness[] {
  const found: SuiteWeakness[] = [];
  if (/^NULL_/.test(protection)) found.push('null');
  if (/anon|^NULL$/.test(keyExchange)) found.push('anonymous');
  if (/EXPORT/.test(keyExchange)) found.push('export');
  if (/^RC4_/.test(protection)) found.push('rc4');
  if (/^(3?DES|RC2|IDEA)/.test(protection)) found.push('des');
  if (/_CBC(_|$)/.test(protection)) found.push('cbc');
  // No forward secrecy: the certificate's own key decrypts every recorded session.
  if (/^(RSA|DH|ECDH)_?/.test(keyExchange) && !/anon|^DHE|^ECDHE/.test(keyExchange)) found.push('static-key');
  if (/_MD5$/.test(protection)) found.push('md5');
  return found;
}

function cipherId(protection: string): string {
  const aead = /^(AES|ARIA|CAMELLIA)_(128|256)_(GCM|CCM_8|CCM|CBC)/.exec(protection);
  if (aead) return `${aead[1]}-${aead[2]}-${aead[3]?.replace('_', '-')}`;
  if (protection.startsWith('CHACHA20_POLY1305')) return 'ChaCha20-Poly1305';
  if (protection.startsWith('RC4')) return 'RC4';
  return protection.replace(/_(SHA\d*|MD5|SM3)$/, '').replaceAll('_', '-');
}
