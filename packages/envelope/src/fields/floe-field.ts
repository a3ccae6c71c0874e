/*
 * Values as FLOE of one segment (ENV-3, QV1-105): 107 bytes over the plaintext. It commits to its key, so it takes any key,
 * also one that a customer holds, and any number of values.
 */
import { floeOpenSingle, floeSealSingle, type SecretBytes } from '@quantumvault/crypto';
import { asEnvelopeError, type EnvelopeError, need } from '../errors.ts';
import {
  type ColumnPlace,
  columnHash,
  type FieldToOpen,
  type FieldToSeal,
  fieldBytesMax,
  fieldSegmentBytes,
  fieldSuites,
  type Locator,
  needPlace,
  needPlaintext,
  openEach,
  withLocator,
} from './column.ts';
import type { OutsideFieldKey, OwnFieldKey } from './field-key.ts';

const overhead = 107;

/** Seals and opens the values of one column. The key stays the caller's to dispose of. */
export class FloeColumn {
  readonly #key: SecretBytes;
  /** Suite and hash of the column: the beginning of all additional data. */
  readonly #prefix: Uint8Array;

  /** Throws MALFORMED and LIMIT. */
  constructor(key: OwnFieldKey | OutsideFieldKey, place: ColumnPlace) {
    needPlace(place);
    this.#key = key.secret;
    this.#prefix = new Uint8Array([fieldSuites.floe, ...columnHash(place)]);
  }

  /** Throws LIMIT for too long a value and MALFORMED for a bad locator. */
  seal(locator: Locator, plaintext: Uint8Array): Uint8Array {
    needPlaintext(plaintext);
    const aad = withLocator(this.#prefix, locator);
    const sealed = new Uint8Array(plaintext.length + overhead);
    sealed[0] = fieldSuites.floe;
    floeSealSingle({ key: this.#key, aad, segmentBytes: fieldSegmentBytes }, plaintext, sealed, 1);
    return sealed;
  }

  /**
   * Throws UNSUPPORTED for another suite, TRUNCATED and LIMIT for impossible lengths, and AUTHENTICATION_FAILED for
   * another key, column or record, and for anything changed.
   */
  open(locator: Locator, sealed: Uint8Array): Uint8Array {
    need(sealed[0] === fieldSuites.floe || sealed.length === 0, 'ENVELOPE_UNSUPPORTED', 'not a FLOE value');
    need(sealed.length >= overhead, 'ENVELOPE_TRUNCATED', 'the value is cut off');
    need(sealed.length <= fieldBytesMax + overhead, 'ENVELOPE_LIMIT', 'the value is longer than any may be');
    try {
      const aad = withLocator(this.#prefix, locator);
      return floeOpenSingle({ key: this.#key, aad, segmentBytes: fieldSegmentBytes }, sealed.subarray(1));
    } catch (error) {
      throw asEnvelopeError(error);
    }
  }

  sealMany(fields: readonly FieldToSeal[]): Uint8Array[] {
    return fields.map(({ locator, plaintext }) => this.seal(locator, plaintext));
  }

  /** Each value, or the error that tells why it does not open. */
  openMany(fields: readonly FieldToOpen[]): (Uint8Array | EnvelopeError)[] {
    return openEach(fields, ({ locator, sealed }) => this.open(locator, sealed));
  }
}
