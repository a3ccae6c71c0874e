/** Facts beside the answer to a question: how a dialogue before TLS ended, and what a ServerHello says of protections. */
import type { HelloObservations } from '../findings/rule.ts';
import type { FailedDialogueEnd } from '../starttls/turns.ts';
import type { ServerMessage } from '../tls/server-messages.ts';
import type { UnresolvedProbe } from './tls-scan-result.ts';

/** The first end stays, since a server that turns us away later has shown more before; an injection outweighs it. */
export function foldDialogueEnd(known: FailedDialogueEnd | undefined, end: FailedDialogueEnd): FailedDialogueEnd {
  return end.kind === 'injected' ? end : (known ?? end);
}

/**
 * The cause with which a question stays open after such an end; undefined when the end answers it: "no TLS here", unless
 * the server had TLS a moment ago.
 */
export function openCause(end: FailedDialogueEnd, hasTls: boolean): UnresolvedProbe['cause'] | undefined {
  switch (end.kind) {
    case 'not-offered':
      return hasTls ? 'malformed' : undefined;
    case 'limit':
    case 'unavailable':
      return end.kind;
    default:
      return 'malformed';
  }
}

/** One ServerHello without a protection is enough: an attacker needs one. */
export function observeHello(known: HelloObservations, message: ServerMessage): HelloObservations {
  if (message.kind !== 'server-hello' || message.protections === undefined) return known;
  const { secureRenegotiation, extendedMainSecret, downgradeMark } = message.protections;
  const isTls12 = message.version === 'TLSv1.2';
  return {
    secureRenegotiation: secureRenegotiation && known.secureRenegotiation !== false,
    extendedMainSecret: extendedMainSecret && known.extendedMainSecret !== false,
    downgradeMark: isTls12 ? downgradeMark && known.downgradeMark !== false : known.downgradeMark,
  };
}
