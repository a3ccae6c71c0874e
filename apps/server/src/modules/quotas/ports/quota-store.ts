import type { QuotaKind } from '@quantumvault/api';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

export interface QuotaStore {
  /** What is counted of the organization; a kind that is missing has none. */
  used(tx: Transaction): Promise<ReadonlyMap<QuotaKind, number>>;
  overrides(tx: Transaction): Promise<ReadonlyMap<QuotaKind, number>>;
  /** Null takes the override back. */
  override(tx: Transaction, kind: QuotaKind, quota: number | null): Promise<void>;
}
