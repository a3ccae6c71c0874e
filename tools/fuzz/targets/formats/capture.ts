import { CaptureReader } from '../../../../packages/inventory/src/capture/capture-reader.ts';
import { TrafficObserver } from '../../../../packages/inventory/src/capture/traffic-observer.ts';
import { InventoryError } from '../../../../packages/inventory/src/errors.ts';
import { ethernet, pcapFile, pcapngFile, tcpPacket, udpPacket } from '../../../../packages/inventory/test/packets.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { chunks, unlessRefused } from '../outcome.ts';

const [client, server] = [Uint8Array.of(10, 0, 0, 1), Uint8Array.of(10, 0, 0, 2)];
/** The head of a TLS record with the head of a ClientHello in it. */
const hello = Uint8Array.of(22, 3, 1, 0, 44, 1, 0, 0, 40, 3, 3, ...new Uint8Array(32), 0, 0, 2, 0x13, 0x01, 1, 0);

const packets = [
  tcpPacket({ from: [client, 40_000], to: [server, 443], sequence: 0, flags: 'S' }),
  tcpPacket({ from: [client, 40_000], to: [server, 443], sequence: 1, payload: hello }),
  tcpPacket({ from: [server, 443], to: [client, 40_000], sequence: 1, payload: Uint8Array.of(21, 3, 3, 0, 2, 2, 40) }),
  udpPacket({ from: [client, 40_000], to: [server, 443], payload: hello }),
];

export function makeTarget(): FuzzTarget {
  return {
    bytesMax: 2048,
    samples: [
      pcapFile(packets, { linkType: 101 }),
      pcapFile(
        packets.map((packet) => ethernet(packet, [0x8100])),
        { linkType: 1, isLittle: false, isNano: true },
      ),
      pcapngFile(
        packets.map((packet) => ethernet(packet)),
        { linkType: 1 },
      ),
    ],
    run(bytes) {
      unlessRefused(InventoryError, () => {
        const [reader, observer] = [new CaptureReader(), new TrafficObserver()];
        for (const chunk of chunks(bytes)) for (const packet of reader.push(chunk)) observer.push(packet);
        observer.end();
      });
    },
  };
}
