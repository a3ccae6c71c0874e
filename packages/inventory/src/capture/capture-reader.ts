import { type CapturedPacket, type CaptureFormat, captureMalformed, concat } from './capture-format.ts';
import { PcapReader } from './pcap.ts';
import { PcapngReader } from './pcapng.ts';

const pcapMagics: ReadonlySet<number> = new Set([0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1]);
const pcapngMagic = 0x0a0d0d0a;

/**
 * Reads a packet capture (pcap in both byte orders with micro- or nanoseconds, pcapng) by its content, chunk by chunk;
 * it holds at most one unfinished record. Throws `INVENTORY_CAPTURE_MALFORMED` when the bytes are no capture and
 * `INVENTORY_LIMIT_EXCEEDED` when a record is larger than any packet; after a throw it must not be used again.
 * A file that ends inside a record is common (the recorder was killed) and no error: ask `isCutOff` at the end.
 */
export class CaptureReader {
  #head = new Uint8Array(0);
  #format: CaptureFormat | undefined;

  push(chunk: Uint8Array): CapturedPacket[] {
    if (this.#format !== undefined) return this.#format.push(chunk);
    const head = concat(this.#head, chunk);
    if (head.length < 4) {
      this.#head = head;
      return [];
    }
    this.#head = new Uint8Array(0);
    const magic = new DataView(head.buffer, head.byteOffset).getUint32(0);
    if (magic === pcapngMagic) this.#format = new PcapngReader();
    else if (pcapMagics.has(magic)) this.#format = new PcapReader();
    else throw captureMalformed('it starts like no pcap or pcapng file');
    return this.#format.push(head);
  }

  /** The bytes given so far end in the middle of a record. */
  get isCutOff(): boolean {
    return this.#format === undefined ? this.#head.length > 0 : this.#format.waitingBytes > 0;
  }
}

/** Whether bytes begin like a capture that this reader knows; four bytes are enough. */
export function looksLikeCapture(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const magic = new DataView(head.buffer, head.byteOffset).getUint32(0);
  return magic === pcapngMagic || pcapMagics.has(magic);
}
