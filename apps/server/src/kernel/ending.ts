import type { Reach } from '@quantumvault/access';
import type { Transaction } from './unit-of-work.ts';

export interface EndingAsked {
  /** Where things may be shown; null: everywhere. */
  readonly reach: Reach | null;
  readonly from: Date;
  readonly until: Date;
  /** How many of the first are named. */
  readonly listed: number;
  readonly countMax: number;
}

export interface Ending {
  /** At most `countMax`. */
  readonly count: number;
  readonly next: readonly { readonly id: string; readonly name: string; readonly endsAt: Date }[];
}

/** Things of one kind that end by themselves, soonest first; the module that keeps them says which. */
export interface EndingSource {
  ending(tx: Transaction, asked: EndingAsked): Promise<Ending>;
}
