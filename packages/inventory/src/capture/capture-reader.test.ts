import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcapFile, pcapngFile } from '../../test/packets.ts';
import { InventoryError } from '../errors.ts';
import type { CapturedPacket } from './capture-format.ts';
import { CaptureReader, looksLikeCapture } from './capture-reader.ts';

const packets = [Uint8Array.of(1, 2, 3), new Uint8Array(0), new Uint8Array(90).fill(7)];
const times = [0, 1, 2].map((second) => Date.parse('2026-01-01T00:00:00.250Z') + second * 1_000);

function readAll(file: Uint8Array, chunkBytes: number): { found: CapturedPacket[]; isCutOff: boolean } {
  const reader = new CaptureReader();
  const found: CapturedPacket[] = [];
  for (let offset = 0; offset < file.length; offset += chunkBytes) {
    found.push(...reader.push(file.subarray(offset, offset + chunkBytes)));
  }
  return { found, isCutOff: reader.isCutOff };
}

const formats: readonly (readonly [name: string, file: Uint8Array])[] = [
  ['pcap, little endian, microseconds', pcapFile(packets, { linkType: 101 })],
  ['pcap, big endian, microseconds', pcapFile(packets, { linkType: 101, isLittle: false })],
  ['pcap, little endian, nanoseconds', pcapFile(packets, { linkType: 101, isNano: true })],
  ['pcap, big endian, nanoseconds', pcapFile(packets, { linkType: 101, isLittle: false, isNano: true })],
  ['pcapng, little endian', pcapngFile(packets, { linkType: 101 })],
  ['pcapng, big endian', pcapngFile(packets, { linkType: 101, isLittle: false })],
  [
    'pcapng, two sections of different byte order',
    Uint8Array.from([
      ...pcapngFile(packets.slice(0, 1), { linkType: 101 }),
      ...pcapngFile([], { linkType: 1, isLittle: false }),
    ]),
  ],
];

describe('CaptureReader', () => {
  it.each(formats.slice(0, 6))('%s: every packet with its link type and time, in chunks of any size', (_, file) => {
    for (const chunkBytes of [1, 7, 64, file.length]) {
      const { found, isCutOff } = readAll(file, chunkBytes);
      expect(found.map(({ data }) => [...data])).toEqual(packets.map((packet) => [...packet]));
      expect(found.map(({ timeMs }) => timeMs)).toEqual(times);
      expect(found.every(({ linkType, isCut }) => linkType === 101 && !isCut)).toBe(true);
      expect(isCutOff).toBe(false);
      expect(looksLikeCapture(file)).toBe(true);
    }
  });

  it.each(formats)('%s: cut anywhere, it gives the packets before the cut and says so', (_, file) => {
    for (let length = 0; length < file.length; length++) {
      const { found, isCutOff } = readAll(file.subarray(0, length), 64);
      expect(found.length).toBeLessThanOrEqual(packets.length);
      if (found.length === 0 && length > 0 && length < 24) expect(isCutOff).toBe(true);
    }
  });

  it('a packet that the recorder cut is marked', () => {
    const file = pcapFile([new Uint8Array(10)], { linkType: 1 });
    file[24 + 12] = 200;
    expect(readAll(file, 100).found).toMatchObject([{ isCut: true }]);
  });

  it.each([
    ['text', new TextEncoder().encode('-----BEGIN CERTIFICATE-----'), 'INVENTORY_CAPTURE_MALFORMED'],
    [
      'version 3',
      Uint8Array.from([0xa1, 0xb2, 0xc3, 0xd4, 0, 3, ...new Uint8Array(18)]),
      'INVENTORY_CAPTURE_MALFORMED',
    ],
    [
      'a packet of 4 GB',
      Uint8Array.from([...pcapFile([], { linkType: 1 }), ...new Uint8Array(8), ...new Uint8Array(8).fill(0xff)]),
      'INVENTORY_LIMIT_EXCEEDED',
    ],
    [
      'a pcapng block of 4 GB',
      Uint8Array.from([0x0a, 0x0d, 0x0d, 0x0a, 0xff, 0xff, 0xff, 0xfc, 0x1a, 0x2b, 0x3c, 0x4d, 0, 0, 0, 0]),
      'INVENTORY_LIMIT_EXCEEDED',
    ],
    [
      'a pcapng section without byte order',
      Uint8Array.from([0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28, 1, 2, 3, 4]),
      'INVENTORY_CAPTURE_MALFORMED',
    ],
    [
      'a packet of an interface nobody described',
      Uint8Array.from([
        ...pcapngFile([], { linkType: 1, isLittle: false }).subarray(0, 28),
        ...[0, 0, 0, 6, 0, 0, 0, 32, ...new Uint8Array(20), 0, 0, 0, 32],
      ]),
      'INVENTORY_CAPTURE_MALFORMED',
    ],
  ])('%s is refused by name', (_, file, code) => {
    expect(() => readAll(file, 1_000)).toThrow(expect.objectContaining({ code }));
  });

  it('attack 20: changed bytes give packets or a typed error, and never more bytes than came in', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: formats.length - 1 }),
        fc.array(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 80 }),
        (index, changes, chunkBytes) => {
          const file = (formats[index]?.[1] ?? new Uint8Array(0)).slice();
          for (const [at, value] of changes) if (at < file.length) file[at] = value;
          try {
            const { found } = readAll(file, chunkBytes);
            expect(found.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThanOrEqual(file.length);
          } catch (error) {
            expect(error).toBeInstanceOf(InventoryError);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
