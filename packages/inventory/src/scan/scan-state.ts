/**
 * A TLS scan as a pure fold: `beginScan` gives the first probes, each outcome gives the next ones, `finishScan` the
 * result. Probes handed out together are independent and may run at once. No clock, no network, no randomness here,
 * so that every order of answers, honest or hostile, can be tested.
 */
import type { StartTlsProtocol } from '../starttls/protocols.ts';
import { findSuite } from '../tls/cipher-suites.ts';
import { findGroup, groupName, isPostQuantumGroup } from '../tls/named-groups.ts';
import type { ServerMessage } from '../tls/server-messages.ts';
import { type TlsVersion, tlsVersions } from '../tls/versions.ts';
import {
  oldVersionProbe,
  type Probe,
  type ProbeOutcome,
  tls12Groups,
  tls12GroupsProbe,
  tls12Probe,
  tls13Groups,
  tls13GroupsProbe,
  weakFamilies,
  weakSuitesProbe,
} from './probes.ts';
import type { ScanError, UnresolvedProbe } from './tls-scan-result.ts';

export interface ScanTarget {
  readonly host: string;
  readonly port: number;
  /** The protocol that is asked for TLS; absent where TLS begins with the first byte. */
  readonly starttls?: StartTlsProtocol | undefined;
}

/** Everything learned so far. */
export interface ScanState {
  readonly target: ScanTarget;
  readonly isConnected: boolean;
  readonly versions: readonly TlsVersion[];
  readonly suites: readonly { readonly version: TlsVersion; readonly suite: number }[];
  /** In the order in which the server picked them. */
  readonly groups: readonly number[];
  readonly reversePick: number | undefined;
  /** Chain of the full handshake, or else the one that a TLS 1.2 server sent in clear. */
  readonly chain: readonly Uint8Array[];
  readonly provenGroup: string | null;
  readonly asksForClientCertificate: boolean;
  readonly dheBits: number | undefined;
  readonly alerts: readonly string[];
  readonly isNotTls: boolean;
  readonly unresolved: readonly UnresolvedProbe[];
}

export interface ScanStep {
  readonly state: ScanState;
  /** Probes to run next, at once if wanted; none when the fold waits for others or is done. */
  readonly probes: readonly Probe[];
}

/** Starts with one question only, so that a closed port costs one connection. */
export function beginScan(target: ScanTarget): ScanStep {
  const state: ScanState = {
    target,
    isConnected: false,
    versions: [],
    suites: [],
    groups: [],
    reversePick: undefined,
    chain: [],
    provenGroup: null,
    asksForClientCertificate: false,
    dheBits: undefined,
    alerts: [],
    isNotTls: false,
    unresolved: [],
  };
  return { state, probes: [tls13GroupsProbe(tls13Groups, 'tls13-groups')] };
}

/** Takes in what came of a probe that an earlier step handed out. */
export function foldOutcome(before: ScanState, probe: Probe, outcome: ProbeOutcome): ScanStep {
  const state = note(before, probe, outcome);
  switch (probe.purpose) {
    case 'tls13-groups':
      return foldTls13Groups(before, state, probe.groups, outcome);
    case 'tls12-groups':
      return foldTls12Groups(state, probe.groups, outcome);
    case 'tls13-preference':
    case 'tls12-preference':
      return { state: { ...state, reversePick: pickedGroup(outcome) }, probes: [] };
    case 'tls12':
      return foldTls12(state, outcome);
    case 'version':
    case 'weak-suites':
      return { state: withHello(state, outcome), probes: [] };
    case 'handshake':
      return { state: withHandshake(state, outcome), probes: [] };
  }
}

function foldTls13Groups(
  before: ScanState,
  state: ScanState,
  offered: readonly number[],
  outcome: ProbeOutcome,
): ScanStep {
  const isFirst = offered.length === tls13Groups.length;
  const pick = pickedGroup(outcome);
  const isUsable = pick !== undefined && offered.includes(pick) && negotiatedVersion(outcome) === 'TLSv1.3';
  const next = isUsable ? { ...withHello(state, outcome), groups: [...before.groups, pick] } : state;
  const probes: Probe[] = [];
  // A host that cannot be connected to will not answer a second question either.
  if (isFirst && state.isConnected && !state.isNotTls) probes.push(tls12Probe);
  // Some stacks refuse an empty key share as such; a real handshake then tells "no TLS 1.3" from "not this way".
  if (isFirst && !isUsable && isDoubtful(outcome)) probes.push(handshakeProbe([]));
  const rest = offered.filter((group) => group !== pick);
  if (isUsable && rest.length > 0) {
    probes.push(tls13GroupsProbe(rest, 'tls13-groups'));
  } else if (next.groups.length > 0) {
    if (next.groups.length > 1) probes.push(tls13GroupsProbe(next.groups.toReversed(), 'tls13-preference'));
    const names = next.groups.map(groupName);
    const postQuantumFirst = [
      ...names.filter(isPostQuantumGroup),
      ...names.filter((name) => !isPostQuantumGroup(name)),
    ];
    probes.push(handshakeProbe(postQuantumFirst));
  }
  return { state: next, probes };
}

function foldTls12(state: ScanState, outcome: ProbeOutcome): ScanStep {
  const next = withHello(state, outcome);
  // Two questions without any answer are enough: what hangs or resets twice is not asked eight times more.
  const isTalking = next.versions.length > 0 || next.alerts.length > 0;
  const probes: Probe[] = isTalking ? (['TLSv1.1', 'TLSv1.0', 'SSLv3'] as const).map(oldVersionProbe) : [];
  if (negotiatedVersion(outcome) !== 'TLSv1.2') return { state: next, probes };
  probes.push(...weakFamilies.map(weakSuitesProbe));
  if (!next.versions.includes('TLSv1.3')) probes.push(tls12GroupsProbe(tls12Groups, 'tls12-groups'));
  return { state: next, probes };
}

function foldTls12Groups(state: ScanState, offered: readonly number[], outcome: ProbeOutcome): ScanStep {
  const pick = pickedGroup(outcome);
  const isUsable = pick !== undefined && offered.includes(pick);
  const next = isUsable ? { ...state, groups: [...state.groups, pick] } : state;
  const rest = offered.filter((group) => group !== pick);
  if (isUsable && rest.length > 0) return { state: next, probes: [tls12GroupsProbe(rest, 'tls12-groups')] };
  const probes = next.groups.length > 1 ? [tls12GroupsProbe(next.groups.toReversed(), 'tls12-preference')] : [];
  return { state: next, probes };
}

function withHello(state: ScanState, outcome: ProbeOutcome): ScanState {
  let next = state;
  for (const message of messagesOf(outcome)) {
    if (message.kind === 'server-hello' || message.kind === 'hello-retry-request') {
      const { version, suite } = message;
      if (version === undefined) continue;
      next = {
        ...next,
        versions: next.versions.includes(version) ? next.versions : [...next.versions, version],
        suites: [...next.suites, { version, suite }],
      };
    } else if (message.kind === 'certificate' && next.chain.length === 0) {
      next = { ...next, chain: message.certificates };
    } else if (message.kind === 'certificate-request') {
      next = { ...next, asksForClientCertificate: true };
    } else if (message.kind === 'server-key-exchange' && message.exchange.kind === 'dhe') {
      next = { ...next, dheBits: Math.min(next.dheBits ?? message.exchange.primeBits, message.exchange.primeBits) };
    }
  }
  return next;
}

function withHandshake(state: ScanState, outcome: ProbeOutcome): ScanState {
  if (outcome.kind !== 'handshake') return state;
  const chain = outcome.chain.length > 0 ? outcome.chain : state.chain;
  const next = { ...state, provenGroup: outcome.group, chain };
  if (outcome.version !== 'TLSv1.3') return next;
  // Usually both are known already; after a refused empty key share this is how TLS 1.3 shows.
  const suite = findSuite(outcome.suite);
  const group = outcome.group === null ? undefined : findGroup(outcome.group);
  return {
    ...next,
    versions: state.versions.includes('TLSv1.3') ? state.versions : [...state.versions, 'TLSv1.3'],
    suites: suite === undefined ? state.suites : [...state.suites, { version: 'TLSv1.3', suite: suite.codePoint }],
    groups: state.groups.length === 0 && group !== undefined ? [group.codePoint] : state.groups,
  };
}

function handshakeProbe(groups: readonly string[]): Probe {
  return { kind: 'handshake', id: 'handshake', purpose: 'handshake', version: 'TLSv1.3', groups };
}

// An alert that does not say "not this version" leaves the question open.
function isDoubtful(outcome: ProbeOutcome): boolean {
  return messagesOf(outcome).some((message) => message.kind === 'alert' && message.name !== 'protocol_version');
}

function note(state: ScanState, probe: Probe, outcome: ProbeOutcome): ScanState {
  switch (outcome.kind) {
    case 'answer': {
      const alert = outcome.messages.find((message) => message.kind === 'alert');
      const alerts = alert === undefined || !isOnlyAlert(outcome) ? state.alerts : [...state.alerts, alert.name];
      return { ...state, isConnected: true, alerts };
    }
    case 'handshake':
      return { ...state, isConnected: true };
    case 'failure':
      // The handshake that only confirms the absence of TLS 1.3 fails by an alert: that is its answer.
      if (probe.kind === 'handshake' && outcome.cause === 'alert' && !state.versions.includes('TLSv1.3')) return state;
      return {
        ...state,
        isConnected: state.isConnected || outcome.connected,
        unresolved: [...state.unresolved, { probe: probe.id, cause: outcome.cause, detail: outcome.detail }],
      };
    case 'not-tls':
      return {
        ...state,
        isConnected: true,
        isNotTls: state.isNotTls || state.versions.length === 0,
        unresolved: [...state.unresolved, { probe: probe.id, cause: outcome.cause, detail: outcome.detail }],
      };
  }
}

/** The error of the whole scan: null as soon as one version is established, or when what answered is not TLS. */
export function scanError(state: ScanState): ScanError | null {
  if (state.versions.length > 0 || state.isNotTls) return null;
  for (const { cause } of state.unresolved) {
    if (cause !== 'malformed' && cause !== 'limit') return cause;
  }
  return state.alerts.length > 0 ? 'alert' : null;
}

/** Whose order decides the group: asked by offering the server's own list once more in reverse. */
export function groupPreference(state: ScanState): 'server' | 'client' | 'unknown' {
  const first = state.groups[0];
  if (state.groups.length < 2 || state.reversePick === undefined || first === undefined) return 'unknown';
  // A server that follows the client now takes what is first in the reversed list; any other pick is its own will.
  return state.reversePick === state.groups.at(-1) ? 'client' : 'server';
}

export function sortVersions(versions: readonly TlsVersion[]): readonly TlsVersion[] {
  return tlsVersions.filter((version) => versions.includes(version));
}

function messagesOf(outcome: ProbeOutcome): readonly ServerMessage[] {
  return outcome.kind === 'handshake' ? [] : outcome.messages;
}

function isOnlyAlert(outcome: ProbeOutcome): boolean {
  return negotiatedVersion(outcome) === undefined;
}

function negotiatedVersion(outcome: ProbeOutcome): TlsVersion | undefined {
  for (const message of messagesOf(outcome)) {
    if (message.kind === 'server-hello' || message.kind === 'hello-retry-request') return message.version;
  }
  return undefined;
}

function pickedGroup(outcome: ProbeOutcome): number | undefined {
  for (const message of messagesOf(outcome)) {
    if (message.kind === 'hello-retry-request' && message.group !== undefined) return message.group;
    if (message.kind === 'server-key-exchange' && message.exchange.kind === 'ecdhe') return message.exchange.group;
  }
  return undefined;
}
