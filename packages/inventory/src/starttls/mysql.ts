import { type Conversation, type DialogueEnd, readBytes } from './turns.ts';

/** Capabilities of the client that asks for TLS (MySQL manual, "Capabilities Flags"). */
const capability = { protocol41: 0x0200, ssl: 0x0800, secureConnection: 0x8000, pluginAuth: 0x0008_0000 } as const;

const packetBytesMax = 4_096;

/**
 * MySQL and MariaDB: the server greets with a handshake packet whose capabilities say whether it has TLS; the client
 * answers with an SSLRequest and begins TLS at once, without a go-ahead.
 */
export function* askMysql(): Conversation {
  const header = yield* readBytes(4);
  const length = (header[0] ?? 0) | ((header[1] ?? 0) << 8) | ((header[2] ?? 0) << 16);
  if (header[3] !== 0 || length === 0 || length > packetBytesMax) return notMysql;
  const packet = yield* readBytes(length);
  const [version] = packet;
  if (version === 0xff) {
    // An error packet in place of the greeting: too many connections, host not allowed or blocked.
    return { kind: 'unavailable', detail: `MySQL error ${(packet[1] ?? 0) | ((packet[2] ?? 0) << 8)}` };
  }
  if (version === 9) return { kind: 'not-offered', detail: 'it speaks handshake version 9, which has no TLS' };
  const capabilities = version === 10 ? capabilitiesOf(packet) : undefined;
  if (capabilities === undefined) return notMysql;
  if ((capabilities & capability.ssl) === 0) {
    return { kind: 'not-offered', detail: 'its greeting does not have the capability CLIENT_SSL' };
  }
  return { kind: 'ready', send: sslRequest() };
}

/** The lower 16 capability bits: after version, server version (ends with NUL), thread id (4), challenge (8), filler (1). */
function capabilitiesOf(packet: Uint8Array): number | undefined {
  const end = packet.indexOf(0, 1);
  const at = end + 1 + 4 + 8 + 1;
  const [low, high] = packet.subarray(at, at + 2);
  return end < 0 || low === undefined || high === undefined ? undefined : low | (high << 8);
}

function sslRequest(): Uint8Array {
  const bytes = new Uint8Array(4 + 32);
  bytes[0] = 32;
  bytes[3] = 1; // sequence number
  const view = new DataView(bytes.buffer);
  const wanted = capability.protocol41 | capability.ssl | capability.secureConnection | capability.pluginAuth;
  view.setUint32(4, wanted, true);
  view.setUint32(8, 0x0100_0000, true); // largest packet: 16 MiB
  bytes[12] = 45; // utf8mb4_general_ci
  return bytes;
}

const notMysql: DialogueEnd = { kind: 'wrong-protocol', detail: 'its greeting is not one of MySQL' };
