import { SecretBytes } from '../../../../packages/crypto/src/index.ts';
import { EnvelopeError } from '../../../../packages/envelope/src/errors.ts';
import { CompactColumn } from '../../../../packages/envelope/src/fields/compact.ts';
import { OwnFieldKey } from '../../../../packages/envelope/src/fields/field-key.ts';
import { FloeColumn } from '../../../../packages/envelope/src/fields/floe-field.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { begins, promise, unlessRefused } from '../outcome.ts';
import { content, expected } from './samples.ts';

/** Values of a column, compact and FLOE, under a fixed key. */
export function makeTarget(): FuzzTarget {
  const key = OwnFieldKey.kept(SecretBytes.take(new Uint8Array(32).fill(4)));
  const place = { tenant: expected.tenant, dataset: 'orders', column: 'card' };
  const compact = new CompactColumn(key, place, { epoch: 3, rows: 10 });
  const floe = new FloeColumn(key, place);
  const seal = (column: CompactColumn | FloeColumn) =>
    [0, 1, 40].map((length) => column.seal('row 7', content.subarray(0, length)));
  return {
    bytesMax: 512,
    samples: [...seal(compact), ...seal(floe)],
    run(bytes) {
      for (const column of [compact, floe]) {
        const opened = unlessRefused(EnvelopeError, () => column.open('row 7', bytes));
        promise(opened === undefined || begins(content, opened), 'a value came out that nobody sealed');
      }
    },
  };
}
