import { InventoryError } from '../errors.ts';

/** One packet as captured. `data` is a view of the reader's input: copy what must outlive the next push. */
export interface CapturedPacket {
  /** The registry of tcpdump.org (`LINKTYPE_...`): 1 is Ethernet, 101 raw IP. */
  readonly linkType: number;
  /** Milliseconds since 1970; undefined where the format carries none (pcapng simple packets). */
  readonly timeMs: number | undefined;
  readonly data: Uint8Array;
  /** The capture kept only the beginning of the packet. */
  readonly isCut: boolean;
}

/** A reader of one format. Feed it chunks of any size in order. */
export interface CaptureFormat {
  readonly push: (chunk: Uint8Array) => CapturedPacket[];
  /** Bytes that are still waiting for the rest of their record. */
  readonly waitingBytes: number;
}

export const captureLimits = {
  /** Wireshark's own bound on a packet; a larger length is a broken file, not a packet. */
  packetBytesMax: 262_144,
  /** Blocks of pcapng that are no packets (names, comments, statistics) may be larger. */
  blockBytesMax: 4_194_304,
  interfacesMax: 1_024,
} as const;

export function concat(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(left.length + right.length);
  out.set(left, 0);
  out.set(right, left.length);
  return out;
}

export function captureMalformed(message: string): InventoryError {
  return new InventoryError('INVENTORY_CAPTURE_MALFORMED', `The capture is malformed: ${message}.`);
}

export function captureTooLarge(what: string, limit: number): InventoryError {
  return new InventoryError(
    'INVENTORY_LIMIT_EXCEEDED',
    `The capture exceeds a limit: ${what} is larger than ${limit}.`,
  );
}
