/*
 * The deterministic subset of CBOR (RFC 8949 section 4.2.1) in which our formats are written: the audit log and the QV1
 * envelope. It is ours and not a library's because the reader must refuse every second spelling of a value: that is
 * what makes a byte string and its meaning one and the same. Danger: a reader that is lenient here lets two different
 * byte strings tell one story.
 *
 * Write with `encodeCbor`. Read with `CborCursor`, one value of known type after another; there is no "read anything".
 */
export { CborCursor } from './cursor.ts';
export { type CborValue, encodeCbor } from './encode.ts';
export { CborError, type CborErrorCode } from './errors.ts';
