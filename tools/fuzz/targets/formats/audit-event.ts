import { TlogError } from '../../../../packages/tlog/src/errors.ts';
import { decodeEvent, encodeEvent } from '../../../../packages/tlog/src/event/event.ts';
import { decodeLeaf, encodeLeaf } from '../../../../packages/tlog/src/event/leaf.ts';
import { sampleEvent, uuidOf } from '../../../../packages/tlog/test/sample-log.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, same, unlessRefused } from '../outcome.ts';

/** Of a leaf: version and the head of its array. Events continue with another head. */
const leafHead = 0x85;

export function makeTarget(): FuzzTarget {
  const tenant = uuidOf(1);
  const events = [sampleEvent(1, tenant), sampleEvent(2, tenant, { outcome: 'refused', source: null })].map(
    encodeEvent,
  );
  const [event = new Uint8Array(0)] = events;
  return {
    bytesMax: 2048,
    samples: [
      ...events,
      encodeLeaf({ tenant, tenantSequence: 1, event }),
      encodeLeaf({ tenant, tenantSequence: 300, previousTenantLeaf: new Uint8Array(32), event }),
    ],
    run(bytes) {
      if (bytes[1] === leafHead) {
        const leaf = unlessRefused(TlogError, () => decodeLeaf(bytes));
        promise(leaf === undefined || same(leaf.event, bytes.subarray(-leaf.event.length || bytes.length)), 'a gap');
        return;
      }
      const read = unlessRefused(TlogError, () => decodeEvent(bytes));
      promise(read === undefined || same(encodeEvent(read), bytes), 'an event has a second spelling');
    },
  };
}
