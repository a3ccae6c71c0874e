import { CborError, type CborValue, CborCursor as Cursor, encodeCbor as encode } from '@quantumvault/cbor';
import { formatUuid } from '../bytes.ts';
import { TlogError } from '../errors.ts';

export type { CborValue } from '@quantumvault/cbor';

// LEAF-1 to LEAF-5 are kept by the deterministic CBOR of packages/cbor; what is here are this package's error codes, and
// UUIDs. Danger: a reader that is lenient there lets two different logs tell one story.

/** Encodes `value` in its only form. Throws TLOG_CBOR_UNSUPPORTED for floats, lone surrogates and other types. */
export function encodeCbor(value: CborValue): Uint8Array {
  try {
    return encode(value);
  } catch (cause) {
    if (!(cause instanceof CborError)) throw cause;
    throw new TlogError('TLOG_CBOR_UNSUPPORTED', cause.message, { cause });
  }
}

/** The cursor of packages/cbor; every method throws TLOG_CBOR_INVALID for another type or another spelling. */
export class CborCursor extends Cursor {
  /** A byte string of 16 bytes, as UUID text. */
  uuid(): string {
    const { at } = this;
    this.need(this.length(2) === 16, 'a UUID has 16 bytes');
    this.at = at + 17;
    return formatUuid(this.bytes, at + 1);
  }

  protected override fail(message: string, options?: ErrorOptions): Error {
    return new TlogError('TLOG_CBOR_INVALID', message, options);
  }
}
