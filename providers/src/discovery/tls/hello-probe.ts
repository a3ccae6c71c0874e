import { randomBytes } from '@quantumvault/crypto';
import {
  encodeClientHello,
  type HelloProbe,
  InventoryError,
  type ProbeOutcome,
  ServerFlightReader,
  type ServerMessage,
} from '@quantumvault/inventory';
import { type ConnectionFailure, type ConnectionOptions, type Endpoint, withConnection } from './connection.ts';

export interface HelloProbeOptions extends ConnectionOptions {
  readonly serverName: string | undefined;
  readonly alpn: readonly string[];
}

/** Sends the ClientHello of a probe and reads the server's answer as far as it comes in clear. */
export async function runHelloProbe(
  endpoint: Endpoint,
  probe: HelloProbe,
  options: HelloProbeOptions,
): Promise<ProbeOutcome> {
  const messages: ServerMessage[] = [];
  const hello = encodeClientHello({
    versions: [probe.version],
    suites: probe.suites,
    groups: probe.groups,
    keyShares: [],
    random: randomBytes(32),
    sessionId: probe.version === 'TLSv1.3' ? randomBytes(32) : new Uint8Array(0),
    ...(options.serverName === undefined ? {} : { serverName: options.serverName }),
    ...(options.alpn.length === 0 ? {} : { alpn: options.alpn }),
  });

  const outcome = await withConnection<ProbeOutcome>(endpoint, options, ({ send, finish, fail }) => {
    const reader = new ServerFlightReader();
    send(hello);
    return {
      receive: (chunk) => {
        try {
          messages.push(...reader.push(chunk));
        } catch (error) {
          if (!(error instanceof InventoryError)) throw error;
          const cause = error.code === 'INVENTORY_LIMIT_EXCEEDED' ? 'limit' : 'malformed';
          if (options.preamble !== undefined && cause === 'malformed' && messages.length === 0) {
            // The dialogue led to TLS, so this is how the server refuses a hello: by an error of its own protocol
            // (MariaDB) where others send an alert or close.
            fail({ cause: 'reset', connected: true, detail: 'answered the ClientHello in clear' });
          } else {
            finish({ kind: 'not-tls', cause, detail: error.message, messages });
          }
          return;
        }
        if (messages.some(endsAnswer)) finish({ kind: 'answer', messages });
      },
      ended: () => {
        if (messages.length > 0) finish({ kind: 'answer', messages });
        else fail({ cause: 'reset', connected: true, detail: 'closed without an answer' });
      },
    };
  });
  return 'value' in outcome ? outcome.value : failedProbe(outcome.failure, messages);
}

/** What a failed connection means for its probe: a preamble that read something else than its protocol is "not TLS". */
export function failedProbe(failure: ConnectionFailure, messages: readonly ServerMessage[]): ProbeOutcome {
  const { cause, connected, detail, dialogueEnd } = failure;
  if (dialogueEnd !== undefined) return { kind: 'no-tls', end: dialogueEnd };
  if (cause === 'malformed' || cause === 'limit') return { kind: 'not-tls', cause, detail, messages };
  return { kind: 'failure', cause, connected, detail, messages };
}

// A warning alert (unrecognized_name) may precede the ServerHello, so it ends nothing.
function endsAnswer(message: ServerMessage): boolean {
  switch (message.kind) {
    case 'hello-retry-request':
    case 'server-hello-done':
    case 'encrypted':
      return true;
    case 'server-hello':
      return message.version === 'TLSv1.3';
    case 'alert':
      return message.level === 'fatal' || message.name === 'close_notify';
    default:
      return false;
  }
}
