import { formatAddress } from '@quantumvault/pki';
import type { CapturedPacket } from './capture-format.ts';
import { Conversation, type Side } from './conversation.ts';
import { DtlsDirection, looksLikeDtls } from './dtls-direction.ts';
import { type IpPacket, ipProtocol, parseIpPacket } from './ip-packet.ts';
import { ipPacketOf, isKnownLinkType } from './link-layer.ts';
import type { ObservedConnection } from './observed-connection.ts';
import { parseTcpSegment, type TcpSegment, TcpStream } from './tcp-stream.ts';
import { TlsDirection } from './tls-direction.ts';
import { nameUpgrade } from './upgrade.ts';

export const trafficLimits = {
  /** Connections followed at once; beyond it the one that was silent for longest is finished first. */
  connectionsMax: 16_384,
  /** Bytes held for all of them: unfinished records, segments behind a gap, certificates. */
  heldBytesMax: 67_108_864,
} as const;

/** What became of the packets. Numbers that are not zero where they should be explain what is missing from the result. */
export interface TrafficCounts {
  packets: number;
  /** Frames that carry no IP, or whose link type is unknown. */
  notIp: number;
  unknownLinkTypes: Set<number>;
  /** Pieces of larger IP packets; they are counted, not put together. */
  ipFragments: number;
  /** Packets of which the recorder kept only the beginning. */
  cutPackets: number;
  tcpConnections: number;
  udpFlows: number;
  /** Connections finished early because a limit was reached. */
  evicted: number;
}

interface Ends {
  readonly source: string;
  readonly destination: string;
}

interface Connection {
  readonly transport: 'tcp' | 'udp';
  /** The opener's end as in `Ends.source`. */
  readonly opener: string;
  readonly endpoints: readonly [address: Uint8Array, port: number, address: Uint8Array, port: number];
  readonly timeMs: number | undefined;
  readonly conversation: Conversation;
  readonly tcp: readonly [TcpSide, TcpSide] | undefined;
  readonly udp: readonly [DtlsDirection, DtlsDirection] | undefined;
  heldBytes: number;
  hasCut: boolean;
  isDone: boolean;
}

interface TcpSide {
  readonly stream: TcpStream;
  readonly direction: TlsDirection;
  firstSequence: number | undefined;
}

/**
 * Follows the TCP connections and UDP flows of a capture and tells what their TLS and DTLS handshakes agreed on, with
 * the same parsers that read a probe's answers. Memory is bounded by {@link trafficLimits}; packets in any order and
 * repeated ones are fine. `push` returns connections that had to be finished early, `end` all others.
 */
export class TrafficObserver {
  readonly counts: TrafficCounts = {
    packets: 0,
    notIp: 0,
    unknownLinkTypes: new Set(),
    ipFragments: 0,
    cutPackets: 0,
    tcpConnections: 0,
    udpFlows: 0,
    evicted: 0,
  };
  // In the order of their last packet.
  readonly #connections = new Map<string, Connection>();
  #heldBytes = 0;

  push(packet: CapturedPacket): ObservedConnection[] {
    this.counts.packets += 1;
    if (packet.isCut) this.counts.cutPackets += 1;
    const bytes = ipPacketOf(packet.linkType, packet.data);
    const ip = bytes === undefined ? undefined : parseIpPacket(bytes);
    if (ip === undefined) {
      this.counts.notIp += 1;
      if (!isKnownLinkType(packet.linkType)) this.counts.unknownLinkTypes.add(packet.linkType);
      return [];
    }
    if (ip.isFragment) {
      this.counts.ipFragments += 1;
      return [];
    }
    if (ip.protocol === ipProtocol.tcp) return this.#pushTcp(packet, ip);
    return ip.protocol === ipProtocol.udp ? this.#pushUdp(packet, ip) : [];
  }

  end(): ObservedConnection[] {
    const rest = [...this.#connections.values()].flatMap((connection) => describe(connection) ?? []);
    this.#connections.clear();
    this.#heldBytes = 0;
    return rest;
  }

  #pushTcp(packet: CapturedPacket, ip: IpPacket): ObservedConnection[] {
    const segment = parseTcpSegment(ip.payload);
    if (segment === undefined) return [];
    const ends = endsOf(ip, segment.sourcePort, segment.destinationPort);
    const key = keyOf('t', ends);
    const finished: ObservedConnection[] = [];
    let connection = this.#connections.get(key);
    if (connection?.tcp !== undefined && segment.isSyn && isNewConnection(connection, segment, ends)) {
      finished.push(...this.#finish(key, connection));
      connection = undefined;
    }
    if (connection === undefined) {
      if (!segment.isSyn && segment.payload.length === 0) return finished;
      // An answer to a connection request that was not captured: its receiver opened the connection.
      const isAnswer = segment.isSyn && segment.isAck;
      connection = newConnection('tcp', packet, ip, { ...segment, ends, isAnswer });
      this.counts.tcpConnections += 1;
    }
    const side: Side = connection.opener === ends.source ? 0 : 1;
    const own = connection.tcp?.[side];
    if (own !== undefined && !connection.isDone) {
      if (packet.isCut && segment.payload.length > 0) connection.hasCut = true;
      if (segment.isSyn) own.firstSequence ??= segment.sequence;
      for (const piece of own.stream.push(segment)) own.direction.push(piece);
    }
    finished.push(...this.#keep(key, connection));
    return finished;
  }

  #pushUdp(packet: CapturedPacket, ip: IpPacket): ObservedConnection[] {
    if (ip.payload.length < 8) return [];
    const view = new DataView(ip.payload.buffer, ip.payload.byteOffset, ip.payload.byteLength);
    const sourcePort = view.getUint16(0);
    const destinationPort = view.getUint16(2);
    const length = view.getUint16(4);
    const datagram = ip.payload.subarray(8, length === 0 ? undefined : Math.max(length, 8));
    const ends = endsOf(ip, sourcePort, destinationPort);
    const key = keyOf('u', ends);
    let connection = this.#connections.get(key);
    if (connection === undefined) {
      // Most of UDP is not DTLS and leaves no trace here.
      if (!looksLikeDtls(datagram)) return [];
      connection = newConnection('udp', packet, ip, { sourcePort, destinationPort, ends, isAnswer: false });
      this.counts.udpFlows += 1;
    }
    const side: Side = connection.opener === ends.source ? 0 : 1;
    if (!connection.isDone) {
      if (packet.isCut) connection.hasCut = true;
      connection.udp?.[side].push(datagram);
    }
    return this.#keep(key, connection);
  }

  /** Accounts for what a connection holds now, moves it to the young end and makes room when a limit is reached. */
  #keep(key: string, connection: Connection): ObservedConnection[] {
    if (!connection.isDone && connection.conversation.isEstablished) settle(connection);
    const held = heldBytesOf(connection);
    this.#heldBytes += held - connection.heldBytes;
    connection.heldBytes = held;
    this.#connections.delete(key);
    this.#connections.set(key, connection);
    const finished: ObservedConnection[] = [];
    while (
      this.#connections.size > trafficLimits.connectionsMax ||
      (this.#heldBytes > trafficLimits.heldBytesMax && this.#connections.size > 1)
    ) {
      const [oldest] = this.#connections;
      if (oldest === undefined) break;
      this.counts.evicted += 1;
      finished.push(...this.#finish(...oldest));
    }
    return finished;
  }

  #finish(key: string, connection: Connection): ObservedConnection[] {
    this.#connections.delete(key);
    this.#heldBytes -= connection.heldBytes;
    const described = describe(connection);
    return described === undefined ? [] : [described];
  }
}

// A connection request with another first number on the same ports: the ports are used again.
function isNewConnection(connection: Connection, segment: TcpSegment, ends: Ends): boolean {
  const side: Side = connection.opener === ends.source ? 0 : 1;
  const first = connection.tcp?.[side].firstSequence;
  return !segment.isAck && first !== undefined && first !== segment.sequence;
}

function newConnection(
  transport: 'tcp' | 'udp',
  packet: CapturedPacket,
  ip: IpPacket,
  found: { sourcePort: number; destinationPort: number; ends: Ends; isAnswer: boolean },
): Connection {
  const conversation = new Conversation();
  const tcpSide = (side: Side): TcpSide => ({
    stream: new TcpStream(),
    direction: new TlsDirection(conversation.sinkOf(side)),
    firstSequence: undefined,
  });
  const source = ip.source.slice();
  const destination = ip.destination.slice();
  return {
    transport,
    opener: found.isAnswer ? found.ends.destination : found.ends.source,
    endpoints: found.isAnswer
      ? [destination, found.destinationPort, source, found.sourcePort]
      : [source, found.sourcePort, destination, found.destinationPort],
    timeMs: packet.timeMs,
    conversation,
    tcp: transport === 'tcp' ? [tcpSide(0), tcpSide(1)] : undefined,
    udp:
      transport === 'udp'
        ? [new DtlsDirection(conversation.sinkOf(0)), new DtlsDirection(conversation.sinkOf(1))]
        : undefined,
    heldBytes: 0,
    hasCut: false,
    isDone: false,
  };
}

// All that can be read was read: what follows is encrypted and needs no memory.
function settle(connection: Connection): void {
  connection.isDone = true;
  for (const { direction, stream } of connection.tcp ?? []) {
    direction.stop();
    stream.drop();
  }
}

function heldBytesOf({ conversation, tcp, udp }: Connection): number {
  let held = conversation.heldBytes;
  for (const { stream, direction } of tcp ?? []) held += stream.waitingBytes + direction.heldBytes;
  for (const direction of udp ?? []) held += direction.heldBytes;
  return held;
}

function describe(connection: Connection): ObservedConnection | undefined {
  const { conversation, tcp, endpoints, transport, timeMs } = connection;
  const clientSide = conversation.clientSide;
  if (clientSide === undefined) return undefined;
  const [openerAddress, openerPort, otherAddress, otherPort] = endpoints;
  const opener = { address: formatAddress(openerAddress), port: openerPort };
  const other = { address: formatAddress(otherAddress), port: otherPort };
  const client = tcp?.[clientSide].direction.prelude ?? new Uint8Array(0);
  const server = tcp?.[clientSide === 0 ? 1 : 0].direction.prelude ?? new Uint8Array(0);
  const hasGap = tcp?.some(({ stream }) => stream.hasGap) ?? false;
  return {
    client: clientSide === 0 ? opener : other,
    server: clientSide === 0 ? other : opener,
    transport,
    upgradedFrom: client.length + server.length > 0 ? nameUpgrade(client, server) : null,
    firstSeen: timeMs === undefined || timeMs > 8.64e15 ? null : new Date(timeMs).toISOString(),
    ...conversation.facts(),
    isComplete: !connection.hasCut && !(hasGap && !connection.isDone),
  };
}

function endsOf(ip: IpPacket, sourcePort: number, destinationPort: number): Ends {
  return { source: endText(ip.source, sourcePort), destination: endText(ip.destination, destinationPort) };
}

// Not for eyes: a short string that is equal exactly for equal ends.
function endText(address: Uint8Array, port: number): string {
  return `${String.fromCharCode(...address)}${String.fromCharCode(port)}`;
}

function keyOf(transport: 't' | 'u', { source, destination }: Ends): string {
  return source < destination ? `${transport}${source}${destination}` : `${transport}${destination}${source}`;
}
