import { CryptoError } from '../errors.ts';

export type ShareFaultReason =
  /** Of another key. */
  | 'foreign-set'
  /** Of this key, from before or after a refresh. */
  | 'other-epoch'
  /** Its threshold is not the set's, or the set has no such index. */
  | 'wrong-facts'
  /** Its bytes do not open the commitment. */
  | 'corrupted'
  /** Handed in twice. */
  | 'repeated';

export interface ShareFault {
  /** Where in the list that was handed in, from 0. */
  readonly position: number;
  /** What the share calls itself, which a corrupted share may have wrong. */
  readonly index: number;
  readonly reason: ShareFaultReason;
}

const says: Readonly<Record<ShareFaultReason, string>> = {
  'foreign-set': 'belongs to another key',
  'other-epoch': 'is of another epoch',
  'wrong-facts': 'states what its set does not',
  corrupted: 'is corrupted',
  repeated: 'is there twice',
};

/** Names every share that cannot be used; no share is passed over in silence, even when enough others are good. */
export class ShareError extends CryptoError {
  readonly faults: readonly ShareFault[];

  constructor(faults: readonly ShareFault[]) {
    const list = faults.map(
      ({ position, index, reason }) => `share ${index} (number ${position + 1} given) ${says[reason]}`,
    );
    super('CRYPTO_SHARE_INVALID', list.join('; '));
    this.name = 'ShareError';
    this.faults = faults;
  }
}
