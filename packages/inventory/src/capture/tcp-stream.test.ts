import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TcpSegment, TcpStream, tcpStreamLimits } from './tcp-stream.ts';

const segment = (sequence: number, payload: Uint8Array, isSyn = false): TcpSegment => ({
  sourcePort: 1,
  destinationPort: 2,
  sequence: sequence >>> 0,
  isSyn,
  isAck: true,
  isEnd: false,
  payload,
});
const read = (stream: TcpStream, segments: readonly TcpSegment[]) =>
  Uint8Array.from(segments.flatMap((one) => stream.push(one).flatMap((piece) => [...piece])));

describe('TcpStream', () => {
  it('gives the bytes in order, whatever order, repetition and overlap the segments came in', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.array(fc.tuple(fc.nat({ max: 199 }), fc.integer({ min: 1, max: 60 })), { maxLength: 40 }),
        // The first number is anything: sequence numbers start anywhere and wrap around.
        fc.nat({ max: 0xffff_ffff }),
        fc.infiniteStream(fc.nat({ max: 1_000 })),
        (data, extra, first, order) => {
          const whole = Array.from({ length: Math.ceil(data.length / 20) }, (_, index) => [index * 20, 20] as const);
          const parts = [...whole, ...extra].map(([at, length]) => ({
            rank: order.next().value ?? 0,
            part: segment(first + 1 + at, data.slice(at, at + length)),
          }));
          const shuffled = parts.toSorted((left, right) => left.rank - right.rank).map(({ part }) => part);
          const stream = new TcpStream();
          expect(read(stream, [segment(first, new Uint8Array(0), true), ...shuffled])).toEqual(data);
          expect(stream.hasGap).toBe(false);
          expect(stream.waitingBytes).toBe(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('stops at a gap and says so', () => {
    const stream = new TcpStream();
    const found = read(stream, [
      segment(0, new Uint8Array(0), true),
      segment(1, Uint8Array.of(1, 2)),
      segment(9, Uint8Array.of(9)),
    ]);
    expect([...found]).toEqual([1, 2]);
    expect(stream.hasGap).toBe(true);
  });

  it('starts in the middle when the beginning was not captured', () => {
    const stream = new TcpStream();
    expect([...read(stream, [segment(77, Uint8Array.of(5)), segment(78, Uint8Array.of(6))])]).toEqual([5, 6]);
    expect(stream.isMidstream).toBe(true);
  });

  it('holds a bounded number of bytes and segments behind a gap', () => {
    for (const size of [1, 60_000]) {
      const stream = new TcpStream();
      stream.push(segment(0, new Uint8Array(0), true));
      let waiting = 0;
      for (let index = 0; index < 1_000; index++) {
        stream.push(segment(100 + index * size, new Uint8Array(size)));
        waiting = Math.max(waiting, stream.waitingBytes);
      }
      expect(waiting).toBeLessThanOrEqual(tcpStreamLimits.waitingBytesMax);
      expect(stream.hasGap).toBe(true);
      expect(stream.waitingBytes).toBe(0);
      expect(stream.push(segment(1, Uint8Array.of(1)))).toEqual([]);
    }
  });
});
