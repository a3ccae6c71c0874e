/** Writes packets and captures for tests, byte by byte: what the readers under test must find again. */

const bytes = (...parts: readonly (number | Uint8Array)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])));

function number(value: number, width: number, isLittle = false): Uint8Array {
  const big = Uint8Array.from({ length: width }, (_, index) => Math.floor(value / 256 ** (width - 1 - index)) % 256);
  return isLittle ? big.reverse() : big;
}

export interface TcpInput {
  readonly from: readonly [address: Uint8Array, port: number];
  readonly to: readonly [address: Uint8Array, port: number];
  readonly sequence: number;
  readonly flags?: 'S' | 'SA' | 'A' | 'FA' | 'R';
  readonly payload?: Uint8Array;
}

const flagBits = { S: 0x02, SA: 0x12, A: 0x10, FA: 0x11, R: 0x04 } as const;

/** A TCP segment in IPv4 or IPv6, by the length of the addresses. */
export function tcpPacket({ from, to, sequence, flags = 'A', payload = new Uint8Array(0) }: TcpInput): Uint8Array {
  const header = bytes(number(from[1], 2), number(to[1], 2), number(sequence, 4), number(0, 4), 0x50, flagBits[flags]);
  return ipPacket({ from: from[0], to: to[0], protocol: 6, payload: bytes(header, number(0, 6), payload) });
}

export function udpPacket({ from, to, payload }: Omit<TcpInput, 'sequence' | 'flags'> & { payload: Uint8Array }) {
  const header = bytes(number(from[1], 2), number(to[1], 2), number(8 + payload.length, 2), 0, 0);
  return ipPacket({ from: from[0], to: to[0], protocol: 17, payload: bytes(header, payload) });
}

export interface IpInput {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly protocol: number;
  readonly payload: Uint8Array;
  /** The flags and offset of IPv4. */
  readonly fragment?: number;
}

export function ipPacket({ from, to, protocol, payload, fragment = 0 }: IpInput): Uint8Array {
  return from.length === 4
    ? bytes(0x45, 0, number(20 + payload.length, 2), 0, 0, number(fragment, 2), 64, protocol, 0, 0, from, to, payload)
    : bytes(0x60, 0, 0, 0, number(payload.length, 2), protocol, 64, from, to, payload);
}

export function ethernet(ip: Uint8Array, tags: readonly number[] = []): Uint8Array {
  const type = (ip[0] ?? 0) >> 4 === 4 ? 0x0800 : 0x86dd;
  const header = tags.flatMap((tag) => [...number(tag, 2), 0, 7]);
  return bytes(new Uint8Array(12), Uint8Array.from(header), number(type, 2), ip);
}

export interface PcapOptions {
  readonly linkType: number;
  readonly isLittle?: boolean;
  readonly isNano?: boolean;
}

/** A pcap file; each packet is one second after the one before, the first at 2026-01-01T00:00:00.25Z. */
export function pcapFile(packets: readonly Uint8Array[], { linkType, isLittle = true, isNano = false }: PcapOptions) {
  const u32 = (value: number) => number(value, 4, isLittle);
  const u16 = (value: number) => number(value, 2, isLittle);
  const records = packets.map((packet, index) =>
    bytes(
      u32(1_767_225_600 + index),
      u32(isNano ? 250_000_000 : 250_000),
      u32(packet.length),
      u32(packet.length),
      packet,
    ),
  );
  return bytes(
    u32(isNano ? 0xa1b23c4d : 0xa1b2c3d4),
    u16(2),
    u16(4),
    u32(0),
    u32(0),
    u32(262_144),
    u32(linkType),
    ...records,
  );
}

/** The same packets as pcapng: a section, an interface with nanoseconds, a block to skip, then the packets. */
export function pcapngFile(packets: readonly Uint8Array[], { linkType, isLittle = true }: PcapOptions): Uint8Array {
  const u32 = (value: number) => number(value, 4, isLittle);
  const u16 = (value: number) => number(value, 2, isLittle);
  const block = (type: number, body: Uint8Array) => {
    const padded = bytes(body, new Uint8Array((4 - (body.length % 4)) % 4));
    return bytes(u32(type), u32(padded.length + 12), padded, u32(padded.length + 12));
  };
  const section = block(0x0a0d0d0a, bytes(u32(0x1a2b3c4d), u16(1), u16(0), new Uint8Array(8).fill(0xff)));
  const resolution = bytes(u16(9), u16(1), 9, 0, 0, 0, u16(0), u16(0));
  const described = block(1, bytes(u16(linkType), u16(0), u32(262_144), resolution));
  const records = packets.map((packet, index) => {
    const time = BigInt(1_767_225_600 + index) * 1_000_000_000n + 250_000_000n;
    const high = u32(Number(time >> 32n));
    const low = u32(Number(time & 0xffff_ffffn));
    return block(6, bytes(u32(0), high, low, u32(packet.length), u32(packet.length), packet));
  });
  return bytes(section, described, block(0x0bad, new Uint8Array(20)), ...records);
}
