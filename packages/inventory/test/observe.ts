import { CaptureReader } from '../src/capture/capture-reader.ts';
import type { ObservedConnection } from '../src/capture/observed-connection.ts';
import { type TrafficCounts, TrafficObserver } from '../src/capture/traffic-observer.ts';

/** Reads a whole capture; `chunkBytes` cuts it as a disk or a pipe would. */
export function observeCapture(
  capture: Uint8Array,
  chunkBytes = 65_536,
): { readonly connections: readonly ObservedConnection[]; readonly counts: TrafficCounts } {
  const reader = new CaptureReader();
  const observer = new TrafficObserver();
  const connections: ObservedConnection[] = [];
  for (let offset = 0; offset < capture.length; offset += chunkBytes) {
    for (const packet of reader.push(capture.subarray(offset, offset + chunkBytes))) {
      connections.push(...observer.push(packet));
    }
  }
  return { connections: [...connections, ...observer.end()], counts: observer.counts };
}
