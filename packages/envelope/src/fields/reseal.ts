import type { EnvelopeError } from '../errors.ts';
import { type FieldToOpen, type Locator, openEach } from './column.ts';

/**
 * Moves values to another column object: a new epoch, a new key, the other suite. Each plaintext is erased at once. A value
 * that does not open, or for which no row is left, is answered with its error and is not moved.
 */
export function resealMany(
  fields: readonly FieldToOpen[],
  {
    from,
    to,
  }: {
    readonly from: { open(locator: Locator, sealed: Uint8Array): Uint8Array };
    readonly to: { seal(locator: Locator, plaintext: Uint8Array): Uint8Array };
  },
): (Uint8Array | EnvelopeError)[] {
  return openEach(fields, ({ locator, sealed }) => {
    const plaintext = from.open(locator, sealed);
    try {
      return to.seal(locator, plaintext);
    } finally {
      plaintext.fill(0);
    }
  });
}
