import { CborCursor, CborError, type CborValue, encodeCbor } from '../../../../packages/cbor/src/index.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, same, unlessRefused } from '../outcome.ts';

/** As deep as the writer goes. */
const depthMax = 8;
const itemsMax = 1000;

/** Reads what no format of ours would: any value, so that every way through the cursor is open to the fuzzer. */
class AnyCursor extends CborCursor {
  any(depth: number): CborValue {
    this.need(depth <= depthMax, 'nested too deep');
    const major = (this.bytes[this.at] ?? 0) >> 5;
    if (major === 4) {
      const items: CborValue[] = [];
      this.items(itemsMax, () => items.push(this.any(depth + 1)));
      return items;
    }
    if (major !== 5) return this.skipNull() ? null : this.scalar();
    const entries = new Map<string, CborValue>();
    this.map(itemsMax, (key) => entries.set(key, this.any(depth + 1)));
    return entries;
  }
}

const nested = new Map<string, CborValue>([
  ['list', [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32, 2n ** 60n, -1, -500, -(2n ** 63n)]],
  [
    'map',
    new Map<string, CborValue>([
      ['', null],
      ['é', true],
      ['long', 'x'.repeat(300)],
    ]),
  ],
  ['bytes', new Uint8Array(40)],
  ['deep', [[[[false]]]]],
]);

export function makeTarget(): FuzzTarget {
  return {
    bytesMax: 2048,
    samples: [encodeCbor(nested), encodeCbor([...nested.values()]), encodeCbor('text'), encodeCbor(-1)],
    run(bytes) {
      const value = unlessRefused(CborError, () => {
        const cursor = new AnyCursor(bytes, 0);
        const read = cursor.any(0);
        cursor.end();
        return read;
      });
      promise(value === undefined || same(encodeCbor(value), bytes), 'a value has a second spelling');
    },
  };
}
