import { PkiError } from '../errors.ts';
import { cipherSuitesByAead, opensslGroups } from './openssl-names.ts';

/**
 * PKI-3: what our own listeners and clients agree on. `modern`: TLS 1.3, hybrid groups first and classical ones for
 * peers that know no other. `post-quantum`: TLS 1.3 with hybrid groups alone, so that nobody can talk the connection
 * down. `intermediate`: TLS 1.2 too, for older clients; forward secrecy and AEAD in every suite.
 */
export const tlsProfileNames = ['modern', 'post-quantum', 'intermediate'] as const;
export type TlsProfileName = (typeof tlsProfileNames)[number];

export const tlsVersions = ['TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

export interface TlsProfile {
  readonly minVersion: TlsVersion;
  /** IANA names, the preferred first. */
  readonly groups: readonly string[];
  /** Names of OpenSSL, those of TLS 1.3 and of TLS 1.2 together, the preferred first. */
  readonly suites: readonly string[];
}

/** What an operator sets beside a profile; an empty list keeps the profile's. */
export interface TlsProfileChanges {
  readonly minVersion: TlsVersion | null;
  readonly groups: readonly string[];
  readonly suites: readonly string[];
}

const hybrid = ['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'] as const;
const classical = ['x25519', 'secp256r1', 'secp384r1'] as const;
const aeads = ['AES-256-GCM', 'ChaCha20-Poly1305', 'AES-128-GCM'] as const;
const suitesOf = (version: 0 | 1): string[] =>
  aeads.flatMap((aead) => {
    const pair = cipherSuitesByAead[aead];
    return pair === undefined ? [] : [pair[version]];
  });
const tls13Suites = suitesOf(0);
// With an RSA certificate too: older clients are why the profile exists.
const tls12Suites = suitesOf(1).flatMap((suite) => [suite, suite.replace('-ECDSA-', '-RSA-')]);

const profiles: Readonly<Record<TlsProfileName, TlsProfile>> = {
  modern: { minVersion: 'TLSv1.3', groups: [...hybrid, ...classical], suites: tls13Suites },
  'post-quantum': { minVersion: 'TLSv1.3', groups: hybrid, suites: tls13Suites },
  intermediate: {
    minVersion: 'TLSv1.2',
    groups: [...hybrid, ...classical],
    suites: [...tls13Suites, ...tls12Suites],
  },
};

const known = { groups: Object.keys(opensslGroups), suites: [...tls13Suites, ...tls12Suites] } as const;

function needKnown(what: 'groups' | 'suites', names: readonly string[]): void {
  const unknown = names.find((name) => !known[what].includes(name));
  if (unknown !== undefined) {
    throw new PkiError('PKI_TLS_PROFILE', `"${unknown.slice(0, 64)}" is none of ${known[what].join(', ')}`);
  }
  if (new Set(names).size !== names.length) throw new PkiError('PKI_TLS_PROFILE', `one of the ${what} stands twice`);
}

/**
 * A profile with an operator's changes. Throws PKI_TLS_PROFILE for what is not offered, and for what contradicts itself:
 * `post-quantum` with a classical group or TLS 1.2, or suites that leave a version without any.
 */
export function tlsProfile(name: TlsProfileName, changes: TlsProfileChanges): TlsProfile {
  needKnown('groups', changes.groups);
  needKnown('suites', changes.suites);
  const base = profiles[name];
  const minVersion = changes.minVersion ?? base.minVersion;
  const groups = changes.groups.length > 0 ? changes.groups : base.groups;
  const offered = base.minVersion === minVersion ? base.suites : suitesFor(minVersion);
  const suites = changes.suites.length > 0 ? changes.suites : offered;
  if (name === 'post-quantum' && (minVersion !== 'TLSv1.3' || !groups.every((group) => group.includes('MLKEM')))) {
    throw new PkiError('PKI_TLS_PROFILE', 'the profile post-quantum takes TLS 1.3 and groups with ML-KEM alone');
  }
  if (!suites.some((suite) => tls13Suites.includes(suite))) {
    throw new PkiError('PKI_TLS_PROFILE', 'no suite of TLS 1.3 is left');
  }
  if (minVersion === 'TLSv1.2' && !suites.some((suite) => tls12Suites.includes(suite))) {
    throw new PkiError('PKI_TLS_PROFILE', 'TLS 1.2 is allowed, but no suite of it is left');
  }
  return { minVersion, groups, suites };
}

const suitesFor = (minVersion: TlsVersion): readonly string[] =>
  minVersion === 'TLSv1.2' ? [...tls13Suites, ...tls12Suites] : tls13Suites;

/** Options of the runtime's TLS, for servers and clients alike. */
export interface NodeTlsOptions {
  readonly minVersion: TlsVersion;
  readonly maxVersion: 'TLSv1.3';
  readonly ecdhCurve: string;
  readonly honorCipherOrder: true;
  readonly ciphers: string;
}

/** The group list is what makes the key exchange hybrid; below TLS 1.3 OpenSSL passes over the hybrid groups in silence. */
export function nodeTlsOptions({ minVersion, groups, suites }: TlsProfile): NodeTlsOptions {
  return {
    minVersion,
    maxVersion: 'TLSv1.3',
    ecdhCurve: groups.map((group) => opensslGroups[group] ?? group).join(':'),
    honorCipherOrder: true,
    ciphers: suites.join(':'),
  };
}
