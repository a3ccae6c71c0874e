/** Transport protocols that can carry TLS or DTLS, and the tunnels that carry IP again (RFC 2003, RFC 4213). */
export const ipProtocol = { tcp: 6, udp: 17, ipv4Tunnel: 4, ipv6Tunnel: 41 } as const;

export interface IpPacket {
  /** 4 or 16 bytes. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly protocol: number;
  readonly payload: Uint8Array;
  /** A piece of a larger packet: its payload is no whole segment and is not read. */
  readonly isFragment: boolean;
}

const tunnelsMax = 3;
const extensionsMax = 16;
// Extension headers that are a length and options (RFC 8200 section 4): hop-by-hop, routing, destination, mobility.
const optionHeaders: ReadonlySet<number> = new Set([0, 43, 60, 135]);
const fragmentHeader = 44;
const authenticationHeader = 51;

/** Reads an IPv4 or IPv6 packet, through tunnels of IP in IP; undefined when it is cut inside its headers or no IP. */
export function parseIpPacket(bytes: Uint8Array): IpPacket | undefined {
  let packet = parseOnce(bytes);
  for (let tunnels = 0; tunnels < tunnelsMax && packet !== undefined; tunnels++) {
    const isTunnel = packet.protocol === ipProtocol.ipv4Tunnel || packet.protocol === ipProtocol.ipv6Tunnel;
    if (!isTunnel || packet.isFragment) return packet;
    packet = parseOnce(packet.payload);
  }
  return packet;
}

function parseOnce(bytes: Uint8Array): IpPacket | undefined {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4) return parseIpv4(bytes);
  return version === 6 ? parseIpv6(bytes) : undefined;
}

function parseIpv4(bytes: Uint8Array): IpPacket | undefined {
  const headerBytes = ((bytes[0] ?? 0) & 0x0f) * 4;
  if (headerBytes < 20 || bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const total = view.getUint16(2);
  // Segmentation offload makes recorders see packets before their length is filled in: zero means "all of it".
  if (total !== 0 && total < headerBytes) return undefined;
  const flags = view.getUint16(6);
  return {
    source: bytes.subarray(12, 16),
    destination: bytes.subarray(16, 20),
    protocol: view.getUint8(9),
    payload: bytes.subarray(headerBytes, total === 0 ? undefined : total),
    isFragment: (flags & 0x2000) !== 0 || (flags & 0x1fff) !== 0,
  };
}

function parseIpv6(bytes: Uint8Array): IpPacket | undefined {
  if (bytes.length < 40) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint16(4);
  const end = length === 0 ? bytes.length : Math.min(bytes.length, 40 + length);
  let protocol = view.getUint8(6);
  let offset = 40;
  let isFragment = false;
  for (let headers = 0; headers < extensionsMax; headers++) {
    const isOptions = optionHeaders.has(protocol);
    if (!isOptions && protocol !== fragmentHeader && protocol !== authenticationHeader) break;
    if (offset + 8 > end) return undefined;
    const size = view.getUint8(offset + 1);
    if (protocol === fragmentHeader) {
      // An atomic fragment (RFC 6946) is a whole packet.
      isFragment ||= (view.getUint16(offset + 2) & 0xfff9) !== 0;
      protocol = view.getUint8(offset);
      offset += 8;
    } else {
      protocol = view.getUint8(offset);
      offset += isOptions ? (size + 1) * 8 : (size + 2) * 4;
    }
  }
  return offset > end
    ? undefined
    : {
        source: bytes.subarray(8, 24),
        destination: bytes.subarray(24, 40),
        protocol,
        payload: bytes.subarray(offset, end),
        isFragment,
      };
}
