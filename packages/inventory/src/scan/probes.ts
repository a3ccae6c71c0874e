import type { FailedDialogueEnd } from '../starttls/turns.ts';
import { type CipherSuite, cipherSuites, suitesToOffer } from '../tls/cipher-suites.ts';
import { namedGroups } from '../tls/named-groups.ts';
import type { ServerMessage } from '../tls/server-messages.ts';
import type { TlsVersion } from '../tls/versions.ts';
import type { ScanError } from './tls-scan-result.ts';

/** One connection to make. `hello` probes send a ClientHello and read what comes in clear; the handshake is a real one. */
export type Probe = HelloProbe | HandshakeProbe;

export interface HelloProbe {
  readonly kind: 'hello';
  /** Stable name of the question, for progress and for `unresolved`. */
  readonly id: string;
  readonly purpose: HelloPurpose;
  readonly version: TlsVersion;
  readonly suites: readonly number[];
  readonly groups: readonly number[];
}

export type HelloPurpose =
  | 'tls13-groups'
  | 'tls13-preference'
  | 'tls12-groups'
  | 'tls12-preference'
  | 'tls12'
  | 'version'
  | 'weak-suites';

export interface HandshakeProbe {
  readonly kind: 'handshake';
  readonly id: 'handshake';
  readonly purpose: 'handshake';
  readonly version: TlsVersion;
  /** IANA names to offer, the one to prove first; empty means the client's own default. */
  readonly groups: readonly string[];
}

/** What came of a probe. The network adapter makes these; nothing else does. */
export type ProbeOutcome =
  | { readonly kind: 'answer'; readonly messages: readonly ServerMessage[] }
  | {
      readonly kind: 'handshake';
      readonly version: string;
      readonly suite: string;
      readonly group: string | null;
      readonly chain: readonly Uint8Array[];
    }
  | {
      readonly kind: 'failure';
      readonly cause: ScanError;
      readonly connected: boolean;
      readonly detail: string;
      readonly messages: readonly ServerMessage[];
    }
  /** It answered, but not in TLS (`malformed`) or with more than the limits allow (`limit`). */
  | {
      readonly kind: 'not-tls';
      readonly cause: 'malformed' | 'limit';
      readonly detail: string;
      readonly messages: readonly ServerMessage[];
    }
  /** The dialogue in clear before TLS (STARTTLS) ended without it. */
  | { readonly kind: 'no-tls'; readonly end: FailedDialogueEnd };

/** Weak families, each asked for apart so that a good suite cannot hide them. */
export const weakFamilies: readonly { readonly id: string; readonly includes: (suite: CipherSuite) => boolean }[] = [
  {
    id: 'weak-broken',
    includes: ({ weaknesses }) =>
      weaknesses.some((weakness) => ['null', 'anonymous', 'export', 'rc4', 'des'].includes(weakness)),
  },
  { id: 'weak-static-key', includes: ({ weaknesses }) => weaknesses.includes('static-key') && !isBroken(weaknesses) },
  {
    id: 'weak-cbc',
    includes: ({ weaknesses }) =>
      weaknesses.includes('cbc') && !weaknesses.includes('static-key') && !isBroken(weaknesses),
  },
];

function isBroken(weaknesses: readonly string[]): boolean {
  return weaknesses.some((weakness) => ['null', 'anonymous', 'export', 'rc4', 'des', 'md5'].includes(weakness));
}

const tls13Suites = suitesToOffer('TLSv1.3').map((suite) => suite.codePoint);
const tls12Suites = suitesToOffer('TLSv1.2').map((suite) => suite.codePoint);
const legacySuites = suitesToOffer('TLSv1.0').map((suite) => suite.codePoint);
const ecdheSuites = suitesToOffer('TLSv1.2')
  .filter((suite) => suite.keyExchange.startsWith('ECDHE') && !isBroken(suite.weaknesses))
  .map((suite) => suite.codePoint);

/** All groups that TLS 1.3 allows, post-quantum first. */
export const tls13Groups: readonly number[] = namedGroups
  .filter((group) => group.inTls13)
  .map((group) => group.codePoint);

/** All groups that TLS 1.2 allows. Finite fields are not asked for: ECDHE suites cannot use them. */
export const tls12Groups: readonly number[] = namedGroups
  .filter((group) => group.inTls12 && group.kind === 'elliptic-curve')
  .map((group) => group.codePoint);

/** The TLS 1.3 question: an empty key share draws a HelloRetryRequest that names the server's pick (INV-3a). */
export function tls13GroupsProbe(groups: readonly number[], purpose: 'tls13-groups' | 'tls13-preference'): HelloProbe {
  return { kind: 'hello', id: purpose, purpose, version: 'TLSv1.3', suites: tls13Suites, groups };
}

/** The same question for servers without TLS 1.3: the ServerKeyExchange names the pick. */
export function tls12GroupsProbe(groups: readonly number[], purpose: 'tls12-groups' | 'tls12-preference'): HelloProbe {
  return { kind: 'hello', id: purpose, purpose, version: 'TLSv1.2', suites: ecdheSuites, groups };
}

export const tls12Probe: HelloProbe = {
  kind: 'hello',
  id: 'TLSv1.2',
  purpose: 'tls12',
  version: 'TLSv1.2',
  suites: tls12Suites,
  groups: tls12Groups,
};

export function oldVersionProbe(version: 'SSLv3' | 'TLSv1.0' | 'TLSv1.1'): HelloProbe {
  return { kind: 'hello', id: version, purpose: 'version', version, suites: legacySuites, groups: tls12Groups };
}

export function weakSuitesProbe(family: (typeof weakFamilies)[number]): HelloProbe {
  const suites = cipherSuites.filter((suite) => tls12Suites.includes(suite.codePoint) && family.includes(suite));
  return {
    kind: 'hello',
    id: family.id,
    purpose: 'weak-suites',
    version: 'TLSv1.2',
    suites: suites.map((suite) => suite.codePoint),
    groups: tls12Groups,
  };
}
