import {
  type CapturedPacket,
  type CaptureFormat,
  captureLimits,
  captureMalformed,
  captureTooLarge,
  concat,
} from './capture-format.ts';

const fileHeaderBytes = 24;
const recordHeaderBytes = 16;

/** The classic format (draft-ietf-opsawg-pcap): a file header, then records, all in the byte order of the recorder. */
export class PcapReader implements CaptureFormat {
  #rest = new Uint8Array(0);
  #isLittle = false;
  #linkType: number | undefined;
  #fractionsPerMs = 1_000;

  get waitingBytes(): number {
    return this.#rest.length;
  }

  push(chunk: Uint8Array): CapturedPacket[] {
    const bytes = concat(this.#rest, chunk);
    const view = new DataView(bytes.buffer);
    const packets: CapturedPacket[] = [];
    let offset = 0;
    if (this.#linkType === undefined) {
      if (bytes.length < fileHeaderBytes) {
        this.#rest = bytes;
        return [];
      }
      this.#linkType = this.#readHeader(view);
      offset = fileHeaderBytes;
    }
    while (bytes.length - offset >= recordHeaderBytes) {
      const u32 = (at: number) => view.getUint32(offset + at, this.#isLittle);
      const captured = u32(8);
      if (captured > captureLimits.packetBytesMax) throw captureTooLarge('a packet', captureLimits.packetBytesMax);
      const end = offset + recordHeaderBytes + captured;
      if (end > bytes.length) break;
      packets.push({
        linkType: this.#linkType,
        timeMs: u32(0) * 1_000 + Math.floor(u32(4) / this.#fractionsPerMs),
        data: bytes.subarray(offset + recordHeaderBytes, end),
        isCut: captured < u32(12),
      });
      offset = end;
    }
    this.#rest = bytes.slice(offset);
    return packets;
  }

  #readHeader(view: DataView): number {
    const magic = view.getUint32(0);
    this.#isLittle = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1;
    if (magic === 0xa1b23c4d || magic === 0x4d3cb2a1) this.#fractionsPerMs = 1_000_000;
    const major = view.getUint16(4, this.#isLittle);
    if (major !== 2) throw captureMalformed(`version ${major} of the format is unknown`);
    // The upper bits say whether packets carry a frame check sequence at their end, which nothing here reads.
    return view.getUint32(20, this.#isLittle) & 0xffff;
  }
}
