/** What every outcome teaches, whatever its question was. */
import type { ServerMessage } from '../tls/server-messages.ts';
import type { TlsVersion } from '../tls/versions.ts';
import { foldDialogueEnd, observeHello, openCause } from './observations.ts';
import type { Probe, ProbeOutcome } from './probes.ts';
import type { ScanState } from './scan-state.ts';
import type { UnresolvedProbe } from './tls-scan-result.ts';

export function absorb(state: ScanState, probe: Probe, outcome: ProbeOutcome): ScanState {
  return withMessages(withEnding(state, probe, outcome), probe, outcome);
}

function withMessages(state: ScanState, probe: Probe, outcome: ProbeOutcome): ScanState {
  let next = state;
  for (const message of messagesOf(outcome)) {
    switch (message.kind) {
      case 'server-hello':
      case 'hello-retry-request':
        next = { ...withVersion(next, message.version), hellos: observeHello(next.hellos, message) };
        if (message.kind === 'server-hello' && message.alpn !== undefined) next = { ...next, alpn: message.alpn };
        break;
      case 'encrypted-extensions':
        if (message.alpn !== undefined) next = { ...next, alpn: message.alpn };
        break;
      case 'certificate':
        next = withChain(next, message.certificates);
        break;
      case 'certificate-request':
        next = { ...next, asksForClientCertificate: true };
        break;
      case 'server-key-exchange':
        if (message.exchange.kind === 'dhe') {
          const { primeBits } = message.exchange;
          next = { ...next, dheBits: Math.min(next.dheBits ?? primeBits, primeBits) };
        }
        break;
      case 'finished': {
        const group = probe.purpose === 'alpn' ? undefined : pickedGroup(outcome);
        if (group !== undefined && !next.proven.includes(group)) next = { ...next, proven: [...next.proven, group] };
        break;
      }
      default:
        break;
    }
  }
  return next;
}

function withVersion(state: ScanState, version: TlsVersion | undefined): ScanState {
  return version === undefined || state.versions.includes(version)
    ? state
    : { ...state, versions: [...state.versions, version] };
}

/** More chains than this are no configuration; each may be as large as the limits of one answer. */
const chainsMax = 8;

function withChain(state: ScanState, chain: readonly Uint8Array[]): ScanState {
  const [leaf] = chain;
  const isKnown = leaf === undefined || state.chains.some(([known]) => known !== undefined && isSame(known, leaf));
  return isKnown || state.chains.length === chainsMax ? state : { ...state, chains: [...state.chains, chain] };
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function withEnding(state: ScanState, probe: Probe, outcome: ProbeOutcome): ScanState {
  const open = (cause: UnresolvedProbe['cause'], detail: string): ScanState => ({
    ...state,
    unresolved: [...state.unresolved, { probe: openQuestion(probe, outcome), cause, detail }],
  });
  switch (outcome.kind) {
    case 'answer': {
      const alert = outcome.messages.find((message) => message.kind === 'alert');
      const isConnected = { ...state, isConnected: true };
      if (alert === undefined) return isConnected;
      if (negotiatedVersion(outcome) === undefined) return { ...isConnected, alerts: [...state.alerts, alert.name] };
      // The hello was accepted and the handshake behind it was not.
      const isBroken = probe.proves && alert.level === 'fatal';
      return isBroken ? { ...open('alert', alert.name), isConnected: true } : isConnected;
    }
    case 'failure': {
      const isConnected = state.isConnected || outcome.connected;
      return isRefusalByClosing(state, probe, outcome)
        ? { ...state, isConnected }
        : { ...open(outcome.cause, outcome.detail), isConnected };
    }
    case 'not-tls':
      return {
        ...open(outcome.cause, outcome.detail),
        isConnected: true,
        isNotTls: state.isNotTls || (state.versions.length === 0 && negotiatedVersion(outcome) === undefined),
      };
    case 'no-tls': {
      const cause = openCause(outcome.end, state.versions.length > 0);
      const noted = cause === undefined ? state : open(cause, outcome.end.detail);
      return { ...noted, isConnected: true, dialogueEnd: foldDialogueEnd(state.dialogueEnd, outcome.end) };
    }
  }
}

/**
 * A server that answered the same question with one more entry in the list, and closes without it, says "none of these":
 * the question before is the control of this one, or an earlier end of a list is. Silence is never taken for that (INV-3a).
 */
export function isRefusalByClosing(state: ScanState, probe: Probe, outcome: ProbeOutcome): boolean {
  if (outcome.kind !== 'failure' || outcome.cause !== 'reset' || probe.purpose !== 'enumerate') return false;
  const enumeration = state.enumerations.get(probe.id);
  if (enumeration === undefined) return false;
  return enumeration.found.length > enumeration.foundBefore || state.closings.includes(probe.id);
}

// When the server named its pick the question was answered; what stayed open is only whether the handshake works.
function openQuestion(probe: Probe, outcome: ProbeOutcome): string {
  return probe.proves && probe.purpose !== 'prove' && negotiatedVersion(outcome) === 'TLSv1.3' ? 'handshake' : probe.id;
}

export function messagesOf(outcome: ProbeOutcome): readonly ServerMessage[] {
  return outcome.kind === 'no-tls' ? [] : outcome.messages;
}

export function negotiatedVersion(outcome: ProbeOutcome): TlsVersion | undefined {
  for (const message of messagesOf(outcome)) {
    if (message.kind === 'server-hello' || message.kind === 'hello-retry-request') return message.version;
  }
  return undefined;
}

export function pickedSuite(outcome: ProbeOutcome): number | undefined {
  for (const message of messagesOf(outcome)) {
    if (message.kind === 'server-hello' || message.kind === 'hello-retry-request') return message.suite;
  }
  return undefined;
}

export function pickedGroup(outcome: ProbeOutcome): number | undefined {
  for (const message of messagesOf(outcome)) {
    if (message.kind === 'hello-retry-request' || message.kind === 'server-hello') {
      if (message.version === 'TLSv1.3' && message.group !== undefined) return message.group;
    }
    if (message.kind === 'server-key-exchange' && message.exchange.kind === 'ecdhe') return message.exchange.group;
  }
  return undefined;
}

/** The scheme with which the server signed a handshake that came to its end. */
export function verifiedScheme(outcome: ProbeOutcome): number | undefined {
  if (!messagesOf(outcome).some(({ kind }) => kind === 'finished')) return undefined;
  for (const message of messagesOf(outcome)) if (message.kind === 'certificate-verify') return message.scheme;
  return undefined;
}
