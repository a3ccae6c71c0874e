/*
 * Compact values (ENV-3, QV1-102 to QV1-104): 33 bytes over the plaintext, for small fields of many rows. AES-256-GCM-SIV under
 * a key for one column and epoch; each value is bound to its record.
 *
 * Danger: compact values do not commit to their key. They take keys of our own alone, the value names its epoch, and no
 * other key is ever tried. Danger: an epoch is for 2^32 values. Nobody but the caller knows how many were sealed under it
 * elsewhere, so whoever seals states how many are his: draw them from one counter in the database.
 */
import { encodeCbor } from '@quantumvault/cbor';
import { AeadKey, hkdfSha384, type SecretBytes } from '@quantumvault/crypto';
import { asEnvelopeError, EnvelopeError, need } from '../errors.ts';
import {
  type ColumnPlace,
  type FieldToOpen,
  type FieldToSeal,
  fieldBytesMax,
  fieldSuites,
  type Locator,
  needPlace,
  needPlaintext,
  openEach,
  withLocator,
} from './column.ts';
import { OwnFieldKey } from './field-key.ts';

/** Epoch and rows that the caller has reserved for this column; see {@link CompactColumn}. */
export interface CompactWriting {
  /** 0 to 2^32 - 1. */
  readonly epoch: number;
  /** How many values may be sealed here. All that were ever reserved under one epoch are at most 2^32 together. */
  readonly rows: number;
}

/** The place, and the suite when it is not AES-256-GCM-SIV. */
export interface CompactPlace extends ColumnPlace {
  readonly suite?: CompactSuite | undefined;
}

/** ENV-3: ChaCha20-Poly1305 where a policy asks for it; a repeated nonce would break it, where GCM-SIV would not. */
export type CompactSuite = 'AES-256-GCM-SIV' | 'ChaCha20-Poly1305';
const numbers: Readonly<Record<CompactSuite, number>> = {
  'AES-256-GCM-SIV': fieldSuites.compact,
  'ChaCha20-Poly1305': fieldSuites.compactChacha,
};
const labels: Readonly<Record<CompactSuite, string>> = {
  'AES-256-GCM-SIV': 'QV1 compact',
  'ChaCha20-Poly1305': 'QV1 compact ChaCha20-Poly1305',
};
const headBytes = 5; // suite and epoch
const nonceBytes = 12;
const overhead = headBytes + nonceBytes + 16;
/** ENV-3: with random nonces of 96 bits. */
export const compactRowsMax: number = 2 ** 32;
/** Keys of epochs that are kept ready. Columns have few at a time; a forged value makes one derivation, and none stays. */
const epochsKept = 8;

interface EpochKey {
  readonly secret: SecretBytes;
  readonly key: AeadKey;
  /** Suite and epoch: the beginning of each value and of its additional data. */
  readonly head: Uint8Array;
}

/** Seals and opens the values of one column. */
export class CompactColumn implements Disposable {
  readonly #root: SecretBytes;
  readonly #place: ColumnPlace;
  readonly #suite: CompactSuite;
  readonly #epochs = new Map<number, EpochKey>();
  readonly #writing: (EpochKey & { readonly epoch: number }) | undefined;
  #rowsLeft: number;

  /** Without `writing` it opens only. Throws MALFORMED and LIMIT. */
  constructor(key: OwnFieldKey, place: CompactPlace, writing?: CompactWriting) {
    // The type says it; a caller without types must not get around it.
    need(key instanceof OwnFieldKey, 'ENVELOPE_UNSUPPORTED', 'compact values take keys of our own alone: use FLOE');
    needPlace(place);
    this.#root = key.secret;
    const { suite = 'AES-256-GCM-SIV' } = place;
    need(Object.hasOwn(numbers, suite), 'ENVELOPE_UNSUPPORTED', 'compact values are not sealed with this suite');
    this.#place = { ...place };
    this.#suite = suite;
    this.#rowsLeft = writing === undefined ? 0 : needRows(writing.rows);
    this.#writing = writing && { ...this.#derive(writing.epoch), epoch: writing.epoch };
  }

  /** How many more values may be sealed here. */
  get rowsLeft(): number {
    return this.#rowsLeft;
  }

  /** Throws LIMIT when the reserved rows are used up and for too long a value, MALFORMED for a bad locator. */
  seal(locator: Locator, plaintext: Uint8Array): Uint8Array {
    const writing = this.#writing;
    if (writing === undefined || this.#rowsLeft === 0) {
      throw new EnvelopeError('ENVELOPE_LIMIT', 'no rows are left: reserve more, and a new epoch by 2^32');
    }
    needPlaintext(plaintext);
    const aad = withLocator(writing.head, locator);
    this.#rowsLeft -= 1; // Before the work: a failure in the middle may have used the nonce.
    const sealed = new Uint8Array(plaintext.length + overhead);
    sealed.set(writing.head);
    writing.key.sealInto(sealed, headBytes, { aad, plaintext });
    return sealed;
  }

  /**
   * Throws UNSUPPORTED for another suite, TRUNCATED and LIMIT for impossible lengths, and AUTHENTICATION_FAILED for
   * another key, column, epoch or record, and for anything changed.
   */
  open(locator: Locator, sealed: Uint8Array): Uint8Array {
    need(sealed[0] === numbers[this.#suite] || sealed.length === 0, 'ENVELOPE_UNSUPPORTED', 'not a compact value');
    need(sealed.length >= overhead, 'ENVELOPE_TRUNCATED', 'the value is cut off');
    need(sealed.length <= fieldBytesMax + overhead, 'ENVELOPE_LIMIT', 'the value is longer than any may be');
    const epoch = epochNumber(sealed);
    const known = this.#known(epoch);
    const derived = known ?? this.#derive(epoch);
    try {
      const opened = derived.key.openFrom(sealed, headBytes, withLocator(derived.head, locator));
      if (known === undefined) this.#keep(epoch, derived);
      return opened;
    } catch (error) {
      if (known === undefined) derived.secret.dispose();
      throw asEnvelopeError(error);
    }
  }

  /** All or none are sealed, so nobody has to find out which rows were used. Throws as {@link seal}. */
  sealMany(fields: readonly FieldToSeal[]): Uint8Array[] {
    need(fields.length <= this.#rowsLeft, 'ENVELOPE_LIMIT', 'fewer rows are left than the batch has');
    return fields.map(({ locator, plaintext }) => this.seal(locator, plaintext));
  }

  /** Each value, or the error that tells why it does not open. */
  openMany(fields: readonly FieldToOpen[]): (Uint8Array | EnvelopeError)[] {
    return openEach(fields, ({ locator, sealed }) => this.open(locator, sealed));
  }

  /** Erases what was derived. The root key stays the caller's. */
  [Symbol.dispose](): void {
    for (const { secret } of this.#epochs.values()) secret.dispose();
    this.#epochs.clear();
    this.#writing?.secret.dispose();
  }

  #known(epoch: number): EpochKey | undefined {
    return this.#writing?.epoch === epoch ? this.#writing : this.#epochs.get(epoch);
  }

  /** A key is kept once a genuine value has named its epoch. */
  #keep(epoch: number, derived: EpochKey): void {
    for (const [oldest, { secret }] of this.#epochs) {
      if (this.#epochs.size < epochsKept) break;
      secret.dispose();
      this.#epochs.delete(oldest);
    }
    this.#epochs.set(epoch, derived);
  }

  #derive(epoch: number): EpochKey {
    const isEpoch = Number.isSafeInteger(epoch) && epoch >= 0 && epoch < 2 ** 32;
    need(isEpoch, 'ENVELOPE_MALFORMED', 'an epoch is a whole number below 2^32');
    const { tenant, dataset, column } = this.#place;
    const info = encodeCbor([labels[this.#suite], tenant, dataset, column, epoch]);
    const head = new Uint8Array(headBytes);
    head[0] = numbers[this.#suite];
    new DataView(head.buffer).setUint32(1, epoch);
    const secret = hkdfSha384({ ikm: this.#root, salt: new Uint8Array(0), info, length: 32 });
    return { secret, key: new AeadKey(this.#suite, secret), head };
  }
}

function needRows(rows: number): number {
  const isCount = Number.isSafeInteger(rows) && rows >= 0;
  need(isCount, 'ENVELOPE_MALFORMED', 'rows are counted in whole numbers');
  need(rows <= compactRowsMax, 'ENVELOPE_LIMIT', 'an epoch has at most 2^32 rows');
  return rows;
}

function epochNumber(sealed: Uint8Array): number {
  return new DataView(sealed.buffer, sealed.byteOffset, headBytes).getUint32(1);
}
