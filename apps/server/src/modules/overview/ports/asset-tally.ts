import type { Reach } from '@quantumvault/access';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { TallyChange } from '../domain/add-up.ts';

/** How the number of active assets changed, counted while they are written. */
export interface AssetTally {
  /** The changes of each day from `since` (YYYY-MM-DD, UTC) on, and all before it together, where `reach` shows the assets. */
  changes(
    tx: Transaction,
    asked: { readonly reach: Reach | null; readonly since: string },
  ): Promise<readonly TallyChange[]>;
}
