import {
  type CapturedPacket,
  type CaptureFormat,
  captureLimits,
  captureMalformed,
  captureTooLarge,
  concat,
} from './capture-format.ts';

const blockType = { section: 0x0a0d0d0a, interface: 1, obsoletePacket: 2, simplePacket: 3, enhancedPacket: 6 } as const;
const byteOrderMagic = 0x1a2b3c4d;
const timeResolutionOption = 9;

interface CaptureInterface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Units of a timestamp in one second. */
  readonly unitsPerSecond: bigint;
}

/**
 * The block format of draft-ietf-opsawg-pcapng. Blocks that hold no packets are skipped unread, the ones with the
 * secrets of TLS sessions among them: an inventory has no use for them.
 */
export class PcapngReader implements CaptureFormat {
  #rest = new Uint8Array(0);
  #isLittle = false;
  #interfaces: CaptureInterface[] = [];

  get waitingBytes(): number {
    return this.#rest.length;
  }

  push(chunk: Uint8Array): CapturedPacket[] {
    const bytes = concat(this.#rest, chunk);
    const packets: CapturedPacket[] = [];
    let offset = 0;
    while (bytes.length - offset >= 12) {
      const view = new DataView(bytes.buffer, offset);
      const type = view.getUint32(0);
      if (type === blockType.section) this.#readByteOrder(view);
      const length = view.getUint32(4, this.#isLittle);
      if (length < 12 || length % 4 !== 0) throw captureMalformed(`a block of ${length} bytes`);
      if (length > captureLimits.blockBytesMax) throw captureTooLarge('a block', captureLimits.blockBytesMax);
      if (length > bytes.length - offset) break;
      if (view.getUint32(length - 4, this.#isLittle) !== length) {
        throw captureMalformed('the two lengths of a block differ');
      }
      const body = bytes.subarray(offset + 8, offset + length - 4);
      const packet = this.#readBlock(view.getUint32(0, this.#isLittle), body);
      if (packet !== undefined) packets.push(packet);
      offset += length;
    }
    this.#rest = bytes.slice(offset);
    return packets;
  }

  // A section header starts anew: its byte order and its interfaces replace the old ones.
  #readByteOrder(view: DataView): void {
    if (view.getUint32(8, true) === byteOrderMagic) this.#isLittle = true;
    else if (view.getUint32(8, false) === byteOrderMagic) this.#isLittle = false;
    else throw captureMalformed('a section without byte order');
    this.#interfaces = [];
  }

  #readBlock(type: number, body: Uint8Array): CapturedPacket | undefined {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    const need = (size: number) => {
      if (body.length < size) throw captureMalformed('a block is shorter than its fields');
    };
    const u32 = (at: number) => view.getUint32(at, this.#isLittle);
    switch (type) {
      case blockType.interface:
        need(8);
        if (this.#interfaces.length === captureLimits.interfacesMax) {
          throw captureTooLarge('the number of interfaces', captureLimits.interfacesMax);
        }
        this.#interfaces.push({
          linkType: view.getUint16(0, this.#isLittle),
          snapLength: u32(4),
          unitsPerSecond: this.#timeUnits(body.subarray(8)),
        });
        return undefined;
      case blockType.enhancedPacket:
        need(20);
        return this.#packet({
          body,
          at: 20,
          captured: u32(12),
          original: u32(16),
          from: u32(0),
          time: [u32(4), u32(8)],
        });
      case blockType.obsoletePacket:
        need(20);
        return this.#packet({
          body,
          at: 20,
          captured: u32(12),
          original: u32(16),
          from: view.getUint16(0, this.#isLittle),
          time: [u32(4), u32(8)],
        });
      case blockType.simplePacket: {
        need(4);
        const original = u32(0);
        const limit = this.#interfaces[0]?.snapLength ?? 0;
        const captured = Math.min(original, limit === 0 ? original : limit);
        return this.#packet({ body, at: 4, captured, original, from: 0, time: undefined });
      }
      default:
        return undefined;
    }
  }

  #packet(found: {
    body: Uint8Array;
    at: number;
    captured: number;
    original: number;
    from: number;
    time: readonly [high: number, low: number] | undefined;
  }): CapturedPacket {
    const source = this.#interfaces[found.from];
    if (source === undefined) throw captureMalformed(`a packet of interface ${found.from}, which is not described`);
    if (found.captured > captureLimits.packetBytesMax) {
      throw captureTooLarge('a packet', captureLimits.packetBytesMax);
    }
    if (found.captured > found.body.length - found.at) throw captureMalformed('a packet is longer than its block');
    const units = found.time === undefined ? undefined : (BigInt(found.time[0]) << 32n) | BigInt(found.time[1]);
    return {
      linkType: source.linkType,
      timeMs: units === undefined ? undefined : Number((units * 1_000n) / source.unitsPerSecond),
      data: found.body.subarray(found.at, found.at + found.captured),
      isCut: found.captured < found.original,
    };
  }

  // Option if_tsresol: a power of ten, or of two when the highest bit is set; microseconds when absent.
  #timeUnits(options: Uint8Array): bigint {
    const view = new DataView(options.buffer, options.byteOffset, options.byteLength);
    for (let offset = 0; offset + 4 <= options.length; ) {
      const code = view.getUint16(offset, this.#isLittle);
      const length = view.getUint16(offset + 2, this.#isLittle);
      if (code === 0) break;
      const value = options[offset + 4];
      if (code === timeResolutionOption && length === 1 && value !== undefined) {
        return value < 128 ? 10n ** BigInt(value) : 2n ** BigInt(value - 128);
      }
      offset += 4 + Math.ceil(length / 4) * 4;
    }
    return 1_000_000n;
  }
}
