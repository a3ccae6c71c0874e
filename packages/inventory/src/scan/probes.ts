import type { FailedDialogueEnd } from '../starttls/turns.ts';
import { type CipherSuite, suitesToOffer } from '../tls/cipher-suites.ts';
import { isProvable } from '../tls/client-shares.ts';
import { namedGroups } from '../tls/named-groups.ts';
import type { ServerMessage } from '../tls/server-messages.ts';
import type { TlsVersion } from '../tls/versions.ts';
import type { ScanError } from './tls-scan-result.ts';

/** One connection to make: a ClientHello to send, and how far to follow the answer. */
export interface Probe {
  /** Stable name of the question, for progress and for `unresolved`. */
  readonly id: string;
  readonly purpose: ProbePurpose;
  readonly versions: readonly TlsVersion[];
  readonly suites: readonly number[];
  readonly groups: readonly number[];
  /** Groups to send a real key share of. None in a TLS 1.3 hello draws a HelloRetryRequest (INV-3a). */
  readonly shares: readonly number[];
  /** Answer a HelloRetryRequest, and read on to the server's Finished. */
  readonly proves: boolean;
  /** Restricts the keys that the server may sign with; all schemes when absent. */
  readonly signatureSchemes?: readonly number[];
  readonly alpn?: readonly string[];
}

/** `enumerate` is one step of the enumeration of the same id; the others are questions of their own. */
export type ProbePurpose =
  | 'enumerate'
  | 'preference'
  | 'quick'
  | 'quick-post-quantum'
  | 'prove'
  | 'key-share'
  | 'certificates'
  | 'alpn';

/** What came of a probe. The network adapter makes these; nothing else does. */
export type ProbeOutcome =
  | { readonly kind: 'answer'; readonly messages: readonly ServerMessage[] }
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

const codePoint = ({ codePoint: value }: { readonly codePoint: number }) => value;

/** All suites of a version, in the order in which they are offered. */
export function suitesOf(version: TlsVersion): readonly number[] {
  switch (version) {
    case 'TLSv1.3':
      return tls13Suites;
    case 'TLSv1.2':
      return tls12Suites;
    default:
      return legacySuites;
  }
}

const tls13Suites = suitesToOffer('TLSv1.3').map(codePoint);
const tls12Suites = suitesToOffer('TLSv1.2').map(codePoint);
const legacySuites = suitesToOffer('TLSv1.0').map(codePoint);

/** All groups that TLS 1.3 allows, post-quantum first. */
export const tls13Groups: readonly number[] = namedGroups.filter((group) => group.inTls13).map(codePoint);

/** All groups that TLS 1.2 allows. Finite fields are not asked for: ECDHE suites cannot use them. */
export const tls12Groups: readonly number[] = namedGroups
  .filter((group) => group.inTls12 && group.kind === 'elliptic-curve')
  .map(codePoint);

const postQuantumGroups: readonly number[] = namedGroups
  .filter((group) => group.quantumSecurityLevel > 0)
  .map(codePoint);

// What browsers offer: some servers refuse lists that are longer than they ever saw, or code points that they do not know.
const common = new Set([
  0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc00a, 0xc013, 0xc014, 0xc023,
  0xc024, 0xc027, 0xc028, 0x009e, 0x009f, 0x0033, 0x0039, 0x0067, 0x006b, 0x009c, 0x009d, 0x002f, 0x0035, 0x003c,
  0x003d, 0x000a, 0x0005, 0x0004,
]);

/** The suites of a version that browsers know. */
export function commonSuitesOf(version: TlsVersion): readonly number[] {
  switch (version) {
    case 'TLSv1.3':
      return commonTls13Suites;
    case 'TLSv1.2':
      return commonTls12Suites;
    default:
      return commonLegacySuites;
  }
}

// Made once: every step of every enumeration asks for them.
const ofCommon = (suites: readonly number[]) => suites.filter((suite) => common.has(suite));
const commonTls13Suites = ofCommon(tls13Suites);
const commonTls12Suites = ofCommon(tls12Suites);
const commonLegacySuites = ofCommon(legacySuites);

/** The groups of which shares can be made, and the finite fields. */
export const commonTls13Groups: readonly number[] = namedGroups
  .filter((group) => group.inTls13 && (isProvable(group.codePoint) || group.kind === 'finite-field'))
  .map(codePoint);

/** The curves of TLS 1.2 that libraries have. */
export const commonTls12Groups: readonly number[] = [0x001d, 0x0017, 0x0018, 0x0019, 0x001e];

/** What a client of before 2024 offers, for servers that drop a hello larger than one packet. */
export const classicalTls13Groups: readonly number[] = [0x001d, 0x0017, 0x0018, 0x0019];

/** Shares for servers that refuse an empty key share; with them the hello grows to about 2 kB. */
export const ordinaryShares: readonly number[] = [0x11ec, 0x001d, 0x0017, 0x0018, 0x0019, 0x001e];

export function isEcdhe({ keyExchange }: CipherSuite): boolean {
  return keyExchange.startsWith('ECDHE');
}

/**
 * The quick profile's one question: everything is offered with an empty key share, so that version, suite and group are
 * the server's own choice, and the handshake that follows shows its certificate.
 */
export const quickProbe: Probe = {
  id: 'quick',
  purpose: 'quick',
  versions: ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1.0'],
  suites: [...tls13Suites, ...tls12Suites],
  groups: [...tls13Groups, ...tls12Groups.filter((group) => !tls13Groups.includes(group))],
  shares: [],
  proves: true,
};

/** For servers that do not answer the quick question: what an ordinary client sends. */
export const quickFallbackProbe: Probe = {
  ...quickProbe,
  suites: [...commonSuitesOf('TLSv1.3'), ...commonSuitesOf('TLSv1.2')],
  groups: commonTls13Groups,
  shares: [0x001d, 0x0017],
};

/** Whether a server that chose a classical group has a post-quantum one at all. */
export const quickPostQuantumProbe: Probe = {
  id: 'tls13-groups',
  purpose: 'quick-post-quantum',
  versions: ['TLSv1.3'],
  suites: tls13Suites,
  groups: postQuantumGroups,
  shares: [],
  proves: false,
};

/** The same with real shares, for servers that refused the question without any: an alert then still means "none". */
export const quickPostQuantumFallbackProbe: Probe = {
  ...quickPostQuantumProbe,
  groups: postQuantumGroups.filter(isProvable),
  shares: ordinaryShares.filter((group) => postQuantumGroups.includes(group)),
};
