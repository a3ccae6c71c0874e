/**
 * A TLS scan as a pure fold: `beginScan` gives the first probes, each outcome gives the next ones, `finishScan` the
 * result. Probes handed out together are independent and may run at once. No clock, no network, no randomness here,
 * so that every order of answers, honest or hostile, can be tested.
 */
import type { HelloObservations } from '../findings/rule.ts';
import type { StartTlsProtocol } from '../starttls/protocols.ts';
import type { FailedDialogueEnd } from '../starttls/turns.ts';
import { groupName, isPostQuantumGroup } from '../tls/named-groups.ts';
import { schemesOfSameKey, signatureSchemesToOffer } from '../tls/signature-schemes.ts';
import { type TlsVersion, tlsVersions } from '../tls/versions.ts';
import {
  absorb,
  isRefusalByClosing,
  messagesOf,
  negotiatedVersion,
  pickedGroup,
  pickedSuite,
  verifiedScheme,
} from './absorb.ts';
import {
  advanceEnumeration,
  beginEnumeration,
  type Enumeration,
  type EnumerationAnswer,
  enumerationProbe,
  isAnsweredByFallback,
  resumeEnumeration,
} from './enumeration.ts';
import { askedProtocols, followCompletion, questionsAboutTls13 } from './follow-up.ts';
import {
  type Probe,
  type ProbeOutcome,
  quickFallbackProbe,
  quickPostQuantumFallbackProbe,
  quickPostQuantumProbe,
  quickProbe,
} from './probes.ts';
import type { ScanError, ScanProfile, UnresolvedProbe } from './tls-scan-result.ts';

export interface ScanTarget {
  readonly host: string;
  readonly port: number;
  /** The protocol that begins in clear and turns to TLS; absent for TLS from the first byte. */
  readonly starttls?: StartTlsProtocol;
  /** Name to ask for (SNI) instead of the host. */
  readonly serverName?: string;
}

/** Everything learned so far. */
export interface ScanState {
  readonly target: ScanTarget;
  readonly profile: ScanProfile;
  readonly isConnected: boolean;
  /** Each was answered by a ServerHello or HelloRetryRequest. */
  readonly versions: readonly TlsVersion[];
  /** Negotiated outside an enumeration: the quick profile's one. */
  readonly suites: readonly { readonly version: TlsVersion; readonly suite: number }[];
  readonly groups: readonly number[];
  readonly enumerations: ReadonlyMap<string, Enumeration>;
  /** Distinct by their first certificate, in the order of their appearance. */
  readonly chains: readonly (readonly Uint8Array[])[];
  /** Groups with which a handshake came to the server's Finished. */
  readonly proven: readonly number[];
  readonly alpn: string | null;
  /** The server took the group whose share was there, though it names another first when none is. */
  readonly keyShareSteers: boolean | null;
  readonly asksForClientCertificate: boolean;
  readonly dheBits: number | undefined;
  readonly alerts: readonly string[];
  readonly isNotTls: boolean;
  /** How the first dialogue before TLS that led to none ended; an injection, once seen, stays. */
  readonly dialogueEnd: FailedDialogueEnd | undefined;
  readonly hellos: HelloObservations;
  readonly unresolved: readonly UnresolvedProbe[];
  /** Questions that the server ended by closing where others send an alert. */
  readonly closings: readonly string[];
}

export interface ScanStep {
  readonly state: ScanState;
  /** Probes to run next, at once if wanted; none when the fold waits for others or is done. */
  readonly probes: readonly Probe[];
}

/** Starts with one question only, so that a closed port costs one connection. */
export function beginScan(target: ScanTarget, profile: ScanProfile = 'full'): ScanStep {
  const first = beginEnumeration({ id: 'tls13-groups', subject: 'groups', version: 'TLSv1.3' });
  const state: ScanState = {
    target,
    profile,
    isConnected: false,
    versions: [],
    suites: [],
    groups: [],
    enumerations: profile === 'full' ? new Map([[first.id, first]]) : new Map(),
    chains: [],
    proven: [],
    alpn: null,
    keyShareSteers: null,
    asksForClientCertificate: false,
    dheBits: undefined,
    alerts: [],
    isNotTls: false,
    dialogueEnd: undefined,
    hellos: {},
    unresolved: [],
    closings: [],
  };
  return { state, probes: [profile === 'full' ? enumerationProbe(first) : quickProbe] };
}

/** Takes in what came of a probe that an earlier step handed out. */
export function foldOutcome(before: ScanState, probe: Probe, outcome: ProbeOutcome): ScanStep {
  const state = absorb(before, probe, outcome);
  switch (probe.purpose) {
    case 'enumerate':
      return foldEnumeration(before, state, probe, outcome);
    case 'preference':
      return { state: withReversePick(state, probe, outcome), probes: [] };
    case 'certificates':
      return foldCertificates(state, probe, outcome);
    case 'key-share':
      return { state: withSteering(state, probe, outcome), probes: [] };
    case 'quick':
      return foldQuick(state, probe, outcome);
    case 'quick-post-quantum':
      return { state: withQuickPick(state, outcome), probes: [] };
    case 'prove': {
      // The server's own choice could not be proven; the first group that can be opens the other questions.
      const isFirstProof = before.proven.length === 0 && state.proven.length > 0;
      return { state, probes: isFirstProof ? certificatesAndAlpn(state, outcome) : [] };
    }
    case 'alpn':
      return { state, probes: [] };
  }
}

function foldEnumeration(before: ScanState, absorbed: ScanState, probe: Probe, outcome: ProbeOutcome): ScanStep {
  const enumeration = before.enumerations.get(probe.id);
  if (enumeration === undefined) return { state: absorbed, probes: [] };
  const advanced = advanceEnumeration(enumeration, answerOf(enumeration, outcome));
  // The fallbacks are for servers that speak TLS another way, not for those that speak none.
  const isHopeless = !isWorthAnother(absorbed);
  const next: Enumeration = isHopeless
    ? { ...advanced, end: 'unanswered' }
    : isSilent(outcome) && probe.id === 'tls13-groups' && isTalking(absorbed)
      ? resumeEnumeration(advanced)
      : advanced;
  let state = withEnumeration(absorbed, next);
  const hasStumbled = next.leftOut.length > enumeration.leftOut.length;
  if (isRefusalByClosing(before, probe, outcome) && !hasStumbled && !state.closings.includes(probe.id)) {
    state = { ...state, closings: [...state.closings, probe.id] };
  }
  // It goes on without them, so what it said to the list before was not "none of these".
  const left = `${probe.id}-dhe`;
  const isGoingOn = next.leftOut.length > 0 && next.found.length > enumeration.found.length;
  if (isGoingOn && !state.unresolved.some((question) => question.probe === left)) {
    const detail = 'it breaks off when it may pick a suite with finite fields';
    state = { ...state, unresolved: [...state.unresolved, { probe: left, cause: 'reset', detail }] };
  }

  const probes: Probe[] = next.end === 'running' ? [enumerationProbe(next)] : [];
  const start = (started: Enumeration) => {
    state = withEnumeration(state, started);
    probes.push(enumerationProbe(started));
  };
  const isFirstPick = enumeration.found.length === 0 && next.found.length > 0;
  if (isFirstPick && isAnsweredByFallback(next)) {
    state = { ...state, unresolved: state.unresolved.filter((entry) => entry.probe !== probe.id) };
  }
  if (probe.id === 'tls13-groups') {
    // A host that cannot be connected to will not answer a second question either.
    const isFirst = !state.enumerations.has('TLSv1.2');
    if (isFirst && isWorthAnother(state)) {
      start(beginEnumeration({ id: 'TLSv1.2', subject: 'suites', version: 'TLSv1.2' }));
    }
    if (isFirstPick) for (const started of questionsAboutTls13(next, outcome)) start(started);
  }
  if (probe.id === 'TLSv1.2' && enumeration.found.length === 0 && isTalking(state)) {
    // Two questions without any answer are enough: what hangs or resets twice is not asked eight times more.
    for (const version of ['TLSv1.1', 'TLSv1.0', 'SSLv3'] as const) {
      if (!state.enumerations.has(version)) start(beginEnumeration({ id: version, subject: 'suites', version }));
    }
    const groups = state.enumerations.get('tls13-groups');
    const resumed = groups === undefined ? undefined : resumeEnumeration(groups);
    if (groups?.end !== 'running' && resumed?.end === 'running') start(resumed);
  }
  if (isFirstPick && probe.id === 'tls13-groups') probes.push(...certificatesAndAlpn(state, outcome));
  if (next.end === 'complete') {
    const followed = followCompletion(state, next);
    for (const started of followed.enumerations) start(started);
    probes.push(...followed.probes);
  }
  return { state, probes };
}

function answerOf(enumeration: Enumeration, outcome: ProbeOutcome): EnumerationAnswer {
  const pick = enumeration.subject === 'groups' ? pickedGroup(outcome) : pickedSuite(outcome);
  if (pick !== undefined && negotiatedVersion(outcome) === enumeration.version) return { kind: 'picked', pick };
  if (outcome.kind === 'answer') {
    const isFinal = outcome.messages.some((message) => message.kind === 'alert' && message.name === 'protocol_version');
    return { kind: 'refused', isFinal };
  }
  // A dialogue that led to no TLS would end the same way for another list.
  const isSilence = outcome.kind === 'no-tls' || (outcome.kind === 'failure' && outcome.cause === 'timeout');
  return { kind: 'unanswered', isSilence };
}

/** What a proven TLS 1.3 handshake allows to ask next: the server's other keys, and its application protocol. */
function certificatesAndAlpn(state: ScanState, outcome: ProbeOutcome): readonly Probe[] {
  const [group] = state.proven;
  const scheme = verifiedScheme(outcome);
  if (group === undefined || scheme === undefined) return [];
  const base = enumerationProbe(
    beginEnumeration({
      id: 'certificates',
      subject: 'suites',
      version: 'TLSv1.3',
      fixed: { groups: [group], shares: [group] },
    }),
  );
  return [
    { ...base, purpose: 'certificates', signatureSchemes: withoutKey(signatureSchemesToOffer, scheme) },
    { ...base, id: 'alpn', purpose: 'alpn', alpn: askedProtocols },
  ];
}

function foldCertificates(state: ScanState, probe: Probe, outcome: ProbeOutcome): ScanStep {
  const scheme = verifiedScheme(outcome);
  const offered = probe.signatureSchemes ?? [];
  // A server that signs with what was not offered is not choosing by it, and would show the same chain for ever.
  if (scheme === undefined || !offered.includes(scheme)) return { state, probes: [] };
  const rest = withoutKey(offered, scheme);
  return { state, probes: rest.length === 0 ? [] : [{ ...probe, signatureSchemes: rest }] };
}

function withoutKey(schemes: readonly number[], scheme: number): readonly number[] {
  const same = schemesOfSameKey(scheme);
  return schemes.filter((candidate) => !same.includes(candidate));
}

function withReversePick(state: ScanState, probe: Probe, outcome: ProbeOutcome): ScanState {
  const enumeration = state.enumerations.get(probe.id.replace(/-preference$/, ''));
  if (enumeration === undefined) return state;
  const reversePick = enumeration.subject === 'groups' ? pickedGroup(outcome) : pickedSuite(outcome);
  return withEnumeration(state, { ...enumeration, reversePick });
}

function withSteering(state: ScanState, probe: Probe, outcome: ProbeOutcome): ScanState {
  const message = messagesOf(outcome).find(({ kind }) => kind === 'server-hello' || kind === 'hello-retry-request');
  if (message === undefined) return state;
  const keyShareSteers = message.kind === 'server-hello' && message.group === probe.shares[0];
  return { ...state, keyShareSteers };
}

function foldQuick(state: ScanState, probe: Probe, outcome: ProbeOutcome): ScanStep {
  const version = negotiatedVersion(outcome);
  if (version === undefined) {
    const hasFallback = isWorthAnother(state) && probe === quickProbe && !isSilent(outcome);
    return { state, probes: hasFallback ? [quickFallbackProbe] : [] };
  }
  const suite = pickedSuite(outcome);
  const suites = suite === undefined || state.suites.length > 0 ? state.suites : [{ version, suite }];
  const next = withQuickPick({ ...state, suites }, outcome);
  if (next.chains.length === 0 && probe === quickProbe && !isSilent(outcome)) {
    // It chose a group of which no share can be made here; with an ordinary one it shows its certificate.
    return { state: next, probes: [quickFallbackProbe] };
  }
  const pick = next.groups[0];
  // Only a server that was offered post-quantum groups and chose another leaves the question open.
  const isOpen = version === 'TLSv1.3' && pick !== undefined && !isPostQuantumGroup(groupName(pick));
  const question = probe === quickProbe ? quickPostQuantumProbe : quickPostQuantumFallbackProbe;
  return { state: next, probes: isOpen ? [question] : [] };
}

function withQuickPick(state: ScanState, outcome: ProbeOutcome): ScanState {
  const pick = pickedGroup(outcome);
  return pick === undefined || state.groups.includes(pick) ? state : { ...state, groups: [...state.groups, pick] };
}

function withEnumeration(state: ScanState, enumeration: Enumeration): ScanState {
  return { ...state, enumerations: new Map(state.enumerations).set(enumeration.id, enumeration) };
}

function isSilent(outcome: ProbeOutcome): boolean {
  return outcome.kind === 'failure' && outcome.cause === 'timeout';
}

function isWorthAnother({ isConnected, isNotTls, dialogueEnd }: ScanState): boolean {
  return isConnected && !isNotTls && dialogueEnd === undefined;
}

function isTalking(state: ScanState): boolean {
  return state.versions.length > 0 || state.alerts.length > 0;
}

/** The error of the whole scan: null as soon as one version is established, or when what answered is not TLS. */
export function scanError(state: ScanState): ScanError | null {
  if (state.versions.length > 0 || state.isNotTls || state.dialogueEnd !== undefined) return null;
  for (const { cause } of state.unresolved) {
    if (cause !== 'malformed' && cause !== 'limit' && cause !== 'unavailable') return cause;
  }
  return state.alerts.length > 0 ? 'alert' : null;
}

export function sortVersions(versions: readonly TlsVersion[]): readonly TlsVersion[] {
  return tlsVersions.filter((version) => versions.includes(version));
}
