import { randomBytes } from '@quantumvault/crypto';
import {
  encodeClientHello,
  HandshakeClient,
  InventoryError,
  type Probe,
  type ProbeOutcome,
  refreshClientHello,
  type ServerMessage,
} from '@quantumvault/inventory';
import { type ConnectionFailure, type ConnectionOptions, type Endpoint, withConnection } from './connection.ts';
import { handshakePrimitives, type ProbeShares } from './probe-shares.ts';

export interface ProbeRunOptions extends ConnectionOptions {
  readonly serverName: string | undefined;
  /** Protocols to offer with every probe that has none of its own. */
  readonly alpn: readonly string[];
  readonly shares: ProbeShares;
}

interface Retry {
  readonly group: number;
  readonly cookie: Uint8Array | undefined;
}

/** Sends the ClientHello of a probe, follows the answer as far as the probe wants, and says what came of it. */
export async function runProbe(endpoint: Endpoint, probe: Probe, options: ProbeRunOptions): Promise<ProbeOutcome> {
  const nonces = randomBytes(64);
  const hello = writeHello(probe, options, nonces);
  const client = new HandshakeClient({
    hello,
    offeredShares: probe.shares,
    share: options.shares.of,
    primitives: handshakePrimitives,
    ...(probe.proves ? { retry: (group, cookie) => writeHello(probe, options, nonces, { group, cookie }) } : {}),
  });
  const outcome = await withConnection<ProbeOutcome>(endpoint, options, ({ send, finish, fail }) => {
    send(hello);
    return {
      receive: (chunk) => {
        try {
          const step = client.push(chunk);
          if (step.send !== undefined) send(step.send);
          if (step.isDone) finish({ kind: 'answer', messages: client.messages });
        } catch (error) {
          if (!(error instanceof InventoryError)) throw error;
          const cause = error.code === 'INVENTORY_LIMIT_EXCEEDED' ? 'limit' : 'malformed';
          if (options.preamble !== undefined && cause === 'malformed' && client.messages.length === 0) {
            // The dialogue led to TLS, so this is how the server refuses a hello: by an error of its own protocol
            // (MariaDB) where others send an alert or close.
            fail({ cause: 'reset', connected: true, detail: 'answered the ClientHello in clear' });
          } else finish({ kind: 'not-tls', cause, detail: error.message, messages: client.messages });
        }
      },
      ended: () => {
        // What came before the end counts as an answer when the server said something to the question itself.
        if (client.messages.length > 0 && !isHalfway(client.messages)) {
          finish({ kind: 'answer', messages: client.messages });
        } else fail({ cause: 'reset', connected: true, detail: 'closed without an answer' });
      },
    };
  });
  return 'value' in outcome ? outcome.value : failedProbe(outcome.failure, client.messages);
}

// A server that names a group and closes on its share has not finished what was asked of it.
function isHalfway(messages: readonly ServerMessage[]): boolean {
  return messages.length === 1 && messages[0]?.kind === 'hello-retry-request';
}

/** What a failed connection means for its probe: a preamble that read something else than its protocol is "not TLS". */
function failedProbe(failure: ConnectionFailure, messages: readonly ServerMessage[]): ProbeOutcome {
  const { cause, connected, detail, dialogueEnd } = failure;
  if (dialogueEnd !== undefined) return { kind: 'no-tls', end: dialogueEnd };
  if (cause === 'malformed' || cause === 'limit') return { kind: 'not-tls', cause, detail, messages };
  return { kind: 'failure', cause, connected, detail, messages };
}

// Hellos of probes that are constants, without a name in them: a scan of a thousand addresses writes each once.
const templates = new WeakMap<ProbeShares, WeakMap<Probe, Map<number, Uint8Array>>>();
const firstHello = -1;

function writeHello(probe: Probe, options: ProbeRunOptions, nonces: Uint8Array, retry?: Retry): Uint8Array {
  const random = nonces.subarray(0, 32);
  const sessionId = nonces.subarray(32);
  if (options.serverName !== undefined || retry?.cookie !== undefined) {
    return encodeHello(probe, options, random, sessionId, retry);
  }
  const ofScan = templates.get(options.shares) ?? new WeakMap<Probe, Map<number, Uint8Array>>();
  const ofProbe = ofScan.get(probe) ?? new Map<number, Uint8Array>();
  const key = retry?.group ?? firstHello;
  const template = ofProbe.get(key) ?? encodeHello(probe, options, random, sessionId, retry);
  templates.set(options.shares, ofScan.set(probe, ofProbe.set(key, template)));
  return refreshClientHello(template, random, sessionId);
}

function encodeHello(
  probe: Probe,
  options: ProbeRunOptions,
  random: Uint8Array,
  sessionId: Uint8Array,
  retry: Retry | undefined,
): Uint8Array {
  const { serverName, shares } = options;
  const alpn = probe.alpn ?? options.alpn;
  const groups = retry === undefined ? probe.shares : [retry.group];
  return encodeClientHello({
    versions: probe.versions,
    suites: probe.suites,
    groups: probe.groups,
    keyShares: groups.flatMap((group) => {
      const share = shares.of(group);
      return share === undefined ? [] : [{ group, key: share.publicKey }];
    }),
    random,
    // TLS 1.3 clients send one so that middleboxes see a familiar shape (RFC 8446 appendix D.4).
    sessionId: probe.versions.includes('TLSv1.3') ? sessionId : new Uint8Array(0),
    ...(serverName === undefined ? {} : { serverName }),
    ...(alpn.length === 0 ? {} : { alpn }),
    ...(probe.signatureSchemes === undefined ? {} : { signatureSchemes: probe.signatureSchemes }),
    ...(retry?.cookie === undefined ? {} : { cookie: retry.cookie }),
  });
}
