/**
 * Finds the IP packet inside a captured frame. Link types and their headers: the registry of tcpdump.org; tags and
 * labels inside Ethernet: IEEE 802.1Q, RFC 2516 (PPPoE), RFC 3032 (MPLS).
 */
const etherType = { ipv4: 0x0800, ipv6: 0x86dd, pppoe: 0x8864, mpls: 0x8847, mplsMulticast: 0x8848 } as const;
const vlanTypes: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
const tagsMax = 8;

/** What a link type puts before the IP packet. */
const linkType = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  rawBsd: 12,
  rawOpenBsd: 14,
  pppEther: 51,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const;

const known: ReadonlySet<number> = new Set(Object.values(linkType));

export function isKnownLinkType(type: number): boolean {
  return known.has(type);
}

/** The IP packet of a frame, or undefined when it carries something else or is too short to tell. */
export function ipPacketOf(type: number, frame: Uint8Array): Uint8Array | undefined {
  switch (type) {
    case linkType.ethernet:
      return insideEther(u16(frame, 12), frame.subarray(14));
    case linkType.linuxCooked:
      return insideEther(u16(frame, 14), frame.subarray(16));
    case linkType.linuxCooked2:
      return insideEther(u16(frame, 0), frame.subarray(20));
    case linkType.null:
    case linkType.loop:
      // The address family in the recorder's byte order; the version nibble of the packet says the same without guessing.
      return whenIp(frame.subarray(4));
    case linkType.rawBsd:
    case linkType.rawOpenBsd:
    case linkType.raw:
    case linkType.ipv4:
    case linkType.ipv6:
      return whenIp(frame);
    case linkType.ppp:
      return insidePpp(frame);
    case linkType.pppEther:
      return insidePpp(frame.subarray(6));
    default:
      return undefined;
  }
}

function insideEther(type: number | undefined, payload: Uint8Array): Uint8Array | undefined {
  let inner = type;
  let rest = payload;
  for (let tags = 0; tags < tagsMax && inner !== undefined && vlanTypes.has(inner); tags++) {
    inner = u16(rest, 2);
    rest = rest.subarray(4);
  }
  switch (inner) {
    case etherType.ipv4:
    case etherType.ipv6:
      return whenIp(rest);
    case etherType.pppoe:
      return insidePpp(rest.subarray(6));
    case etherType.mpls:
    case etherType.mplsMulticast:
      return insideMpls(rest);
    default:
      return undefined;
  }
}

function insideMpls(labels: Uint8Array): Uint8Array | undefined {
  for (let label = 0; label < tagsMax; label++) {
    const isBottom = ((labels[label * 4 + 2] ?? 0) & 1) === 1;
    if (isBottom) return whenIp(labels.subarray(label * 4 + 4));
  }
  return undefined;
}

function insidePpp(frame: Uint8Array): Uint8Array | undefined {
  const rest = frame[0] === 0xff && frame[1] === 0x03 ? frame.subarray(2) : frame;
  const protocol = u16(rest, 0);
  return protocol === 0x0021 || protocol === 0x0057 ? whenIp(rest.subarray(2)) : undefined;
}

function whenIp(packet: Uint8Array): Uint8Array | undefined {
  const version = (packet[0] ?? 0) >> 4;
  return version === 4 || version === 6 ? packet : undefined;
}

function u16(bytes: Uint8Array, at: number): number | undefined {
  const high = bytes[at];
  const low = bytes[at + 1];
  return high === undefined || low === undefined ? undefined : (high << 8) | low;
}
