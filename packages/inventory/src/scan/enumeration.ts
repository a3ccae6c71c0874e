/**
 * Lists what a server accepts, in its own order, by leaving out what it picked and asking again (INV-3a): k + 1
 * connections for k entries. One enumeration is about the suites or the groups of one version.
 */
import { findSuiteByCodePoint } from '../tls/cipher-suites.ts';
import type { TlsVersion } from '../tls/versions.ts';
import {
  classicalTls13Groups,
  commonSuitesOf,
  commonTls12Groups,
  commonTls13Groups,
  ordinaryShares,
  type Probe,
  suitesOf,
  tls12Groups,
  tls13Groups,
} from './probes.ts';

export interface Enumeration {
  readonly id: string;
  readonly subject: 'suites' | 'groups';
  readonly version: TlsVersion;
  readonly offered: readonly number[];
  /** In the order in which the server picked them. */
  readonly found: readonly number[];
  /** Which of the fallbacks is in use; 0 is the full question. */
  readonly rung: number;
  /** What the fallback in use leaves for questions of their own. */
  readonly later: readonly number[];
  /** How many were found before the part of the list that is asked for now. */
  readonly foundBefore: number;
  readonly end: 'running' | 'complete' | 'unanswered';
  /** What was left out because the server may have broken off over it: suites with finite-field key exchange. */
  readonly leftOut: readonly number[];
  /** What stays the same while this list shrinks. */
  readonly fixed: {
    readonly suites?: readonly number[];
    readonly groups?: readonly number[];
    readonly shares?: readonly number[];
  };
  /** The pick out of the found list in reverse. */
  readonly reversePick: number | undefined;
}

export type EnumerationAnswer =
  | { readonly kind: 'picked'; readonly pick: number }
  /** `isFinal`: an alert that says "not this version", which no other list would change. */
  | { readonly kind: 'refused'; readonly isFinal: boolean }
  | { readonly kind: 'unanswered'; readonly isSilence: boolean };

/** How a question ended without a pick. */
type Refusal = 'alert' | 'closing' | 'silence';

interface Rung {
  readonly list: readonly number[];
  readonly shares: readonly number[];
  /** Groups beside a list of suites; all that the version allows when absent. */
  readonly groups?: readonly number[];
  /** Worth a connection when the rung before ended so. Silence costs a timeout each time, so it skips what seldom helps. */
  readonly after: readonly Refusal[];
  /** Leaves the post-quantum groups out, so that the full question stays open behind it. */
  readonly isPartial?: boolean;
}

/**
 * The fallbacks that real servers need, most telling first: the full list; the common list, for limits on lengths and
 * intolerance of unknown code points; real key shares, for servers that refuse an empty one; and a hello that fits into
 * one packet.
 */
function rungsOf(subject: Enumeration['subject'], version: TlsVersion): readonly Rung[] {
  if (subject === 'suites') {
    const isTls13 = version === 'TLSv1.3';
    return [
      { list: suitesOf(version), shares: [], after: [] },
      {
        list: commonSuitesOf(version),
        shares: [],
        groups: isTls13 ? commonTls13Groups : commonTls12Groups,
        after: isTls13 ? ['closing'] : ['alert', 'closing'],
      },
    ];
  }
  if (version !== 'TLSv1.3') {
    return [
      { list: tls12Groups, shares: [], after: [] },
      { list: commonTls12Groups, shares: [], after: ['alert', 'closing'] },
    ];
  }
  return [
    { list: tls13Groups, shares: [], after: [] },
    { list: commonTls13Groups, shares: [], after: ['closing'] },
    { list: commonTls13Groups, shares: ordinaryShares, after: ['alert', 'closing', 'silence'] },
    {
      list: classicalTls13Groups,
      shares: classicalTls13Groups.slice(0, 2),
      after: ['closing', 'silence'],
      isPartial: true,
    },
  ];
}

/** Old servers refuse more suites than this at once; what the common list leaves out is asked for in such parts. */
const partMax = 96;

export function beginEnumeration(
  options: Pick<Enumeration, 'id' | 'subject' | 'version'> & Partial<Pick<Enumeration, 'fixed' | 'found'>>,
): Enumeration {
  const found = options.found ?? [];
  const [first] = rungsOf(options.subject, options.version);
  return {
    ...options,
    offered: (first?.list ?? []).filter((entry) => !found.includes(entry)),
    found,
    rung: 0,
    later: [],
    foundBefore: 0,
    end: 'running',
    leftOut: [],
    fixed: options.fixed ?? {},
    reversePick: undefined,
  };
}

/** Takes in one answer. A pick that was not offered, or again, ends the list: such a server is not listening. */
export function advanceEnumeration(before: Enumeration, answer: EnumerationAnswer): Enumeration {
  const after = advancePart(before, answer);
  const { end, found, later } = after;
  if (end !== 'complete' || found.length === 0 || later.length === 0) return after;
  const part = { offered: later.slice(0, partMax), later: later.slice(partMax) };
  return { ...after, ...part, foundBefore: found.length, end: 'running' };
}

function advancePart(before: Enumeration, answer: EnumerationAnswer): Enumeration {
  if (answer.kind === 'picked') {
    if (!before.offered.includes(answer.pick)) return { ...before, later: [], end: 'complete' };
    const offered = before.offered.filter((entry) => entry !== answer.pick);
    return {
      ...before,
      offered,
      found: [...before.found, answer.pick],
      end: offered.length === 0 ? 'complete' : 'running',
    };
  }
  if (before.found.length > 0) {
    const stumble = answer.kind === 'unanswered' && !answer.isSilence ? withoutFiniteFields(before) : undefined;
    if (stumble !== undefined) return stumble;
    return { ...before, end: answer.kind === 'unanswered' && answer.isSilence ? 'unanswered' : 'complete' };
  }
  // A server that says nothing at all is not asked the same again; `resumeEnumeration` does when others are answered.
  if (answer.kind === 'unanswered' && answer.isSilence) return { ...before, end: 'unanswered' };
  if (answer.kind === 'refused' && answer.isFinal) return { ...before, end: 'complete' };
  return nextRung(before, answer.kind === 'refused' ? 'alert' : 'closing');
}

/**
 * Some servers pick a DHE suite although they hold no parameters for it, and break off: Dovecot without `ssl_dh` does. What
 * comes after such a suite is found by leaving all of them out, once, unless one has worked before.
 */
function withoutFiniteFields(before: Enumeration): Enumeration | undefined {
  if (before.subject !== 'suites' || before.leftOut.length > 0 || before.found.some(isFiniteField)) return undefined;
  const offered = before.offered.filter((suite) => !isFiniteField(suite));
  if (offered.length === 0 || offered.length === before.offered.length) return undefined;
  return { ...before, offered, leftOut: before.offered.filter(isFiniteField) };
}

function isFiniteField(suite: number): boolean {
  return findSuiteByCodePoint(suite)?.keyExchange.startsWith('DHE') === true;
}

/** The next fallback of an enumeration that got no answer, for a server that turned out to answer other questions. */
export function resumeEnumeration(before: Enumeration): Enumeration {
  return before.end === 'unanswered' && before.found.length === 0 ? nextRung(before, 'silence') : before;
}

function nextRung(before: Enumeration, refusal: Refusal): Enumeration {
  const rungs = rungsOf(before.subject, before.version);
  const rung = rungs.findIndex(({ after }, index) => index > before.rung && after.includes(refusal));
  const next = rungs[rung];
  if (next === undefined) return { ...before, end: refusal === 'alert' ? 'complete' : 'unanswered' };
  // Unknown groups are what such servers refuse; unknown suites may still be weak ones.
  const all = before.subject === 'suites' ? suitesOf(before.version) : [];
  const later = all.filter((entry) => !next.list.includes(entry));
  return { ...before, rung, offered: next.list, later, end: 'running' };
}

/** Whether a fallback answers what the full question left open. */
export function isAnsweredByFallback({ subject, version, rung, found }: Enumeration): boolean {
  return rung > 0 && found.length > 0 && rungsOf(subject, version)[rung]?.isPartial !== true;
}

/** The question that the enumeration asks next. */
export function enumerationProbe(enumeration: Enumeration): Probe {
  const { id, found, offered, version } = enumeration;
  // The very first question of TLS 1.3 also makes the handshake: it proves the server's own choice on one connection.
  const proves = version === 'TLSv1.3' && (found.length === 0 || sharesOf(enumeration).length > 0);
  return { ...offer(enumeration, offered), id, purpose: 'enumerate', proves };
}

/** The found list once more, in reverse: whose order decides? */
export function preferenceProbe(enumeration: Enumeration): Probe {
  const reversed = enumeration.found.toReversed();
  return { ...offer(enumeration, reversed), id: `${enumeration.id}-preference`, purpose: 'preference', proves: false };
}

function offer(
  enumeration: Enumeration,
  list: readonly number[],
): Pick<Probe, 'versions' | 'suites' | 'groups' | 'shares'> {
  const { subject, version, fixed } = enumeration;
  const allGroups = version === 'TLSv1.3' ? tls13Groups : tls12Groups;
  const groups =
    subject === 'groups' ? list : (fixed.groups ?? rungsOf(subject, version)[enumeration.rung]?.groups ?? allGroups);
  const shares = sharesOf(enumeration);
  return {
    versions: [version],
    suites: subject === 'suites' ? list : (fixed.suites ?? suitesOf(version)),
    groups,
    // In the order of the groups: some servers take the first share that they know.
    shares: groups.filter((group) => shares.includes(group)),
  };
}

/** Groups whose share the enumeration's hellos carry: none, unless the server needs them. */
export function sharesOf({ subject, version, rung, fixed }: Enumeration): readonly number[] {
  return fixed.shares ?? rungsOf(subject, version)[rung]?.shares ?? [];
}

/**
 * Whose order decides. A server that follows the client takes what is first in the reversed list; any other pick is its
 * own will.
 */
export function preferenceOf(enumeration: Enumeration | undefined): 'server' | 'client' | 'unknown' {
  if (enumeration === undefined || enumeration.found.length < 2 || enumeration.reversePick === undefined) {
    return 'unknown';
  }
  return enumeration.reversePick === enumeration.found.at(-1) ? 'client' : 'server';
}
