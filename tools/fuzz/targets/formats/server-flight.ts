import { InventoryError } from '../../../../packages/inventory/src/errors.ts';
import { parseClientHello } from '../../../../packages/inventory/src/tls/client-hello.ts';
import { ServerFlightReader } from '../../../../packages/inventory/src/tls/server-flight.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { chunks, promise, unlessRefused } from '../outcome.ts';

const extension = (type: number, ...body: readonly number[]) => [type >> 8, type & 0xff, 0, body.length, ...body];
const extensions = [...extension(43, 3, 4), ...extension(51, 0, 29, 0, 2, 7, 7), ...extension(16, 0, 3, 2, 104, 50)];
const random = new Uint8Array(32).fill(7);
const serverHello = [3, 3, ...random, 0, 0x13, 0x01, 0, 0, extensions.length, ...extensions];
const handshake = (type: number, body: readonly number[]) => [type, 0, body.length >> 8, body.length & 0xff, ...body];
const record = (type: number, body: readonly number[]) =>
  Uint8Array.of(type, 3, 3, body.length >> 8, body.length & 0xff, ...body);

/** What a server answers to a scan, and the first message of a client in a capture. */
export function makeTarget(): FuzzTarget {
  return {
    bytesMax: 2048,
    samples: [
      record(22, [...handshake(2, serverHello), ...handshake(14, [])]),
      record(21, [2, 40]),
      record(22, handshake(11, [0, 0, 5, 0, 0, 2, 0x30, 0])),
      Uint8Array.of(3, 3, ...random, 0, 0, 2, 0x13, 1, 1, 0, 0, extensions.length, ...extensions),
    ],
    run(bytes) {
      let messages = 0;
      unlessRefused(InventoryError, () => {
        const reader = new ServerFlightReader();
        for (const chunk of chunks(bytes)) messages += reader.push(chunk).length;
      });
      promise(messages <= bytes.length, 'more messages than bytes');
      unlessRefused(InventoryError, () => parseClientHello(bytes));
    },
  };
}
