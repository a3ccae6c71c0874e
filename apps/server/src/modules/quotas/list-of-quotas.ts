import { type QuotaKind, type QuotaView, quotaKinds } from '@quantumvault/api';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import type { TenancyStore } from '../tenancy/index.ts';
import type { QuotaStore } from './ports/quota-store.ts';

export interface QuotaParts {
  readonly quotas: QuotaStore;
  /** Of organizations for which the platform has set none. */
  readonly defaults: Readonly<Record<QuotaKind, number>>;
  readonly tenancy: Pick<TenancyStore, 'findAny'>;
}

/** Every quota of the transaction's organization, in the order of the contract. */
export async function listOfQuotas(tx: Transaction, { quotas, defaults }: QuotaParts): Promise<readonly QuotaView[]> {
  const used = await quotas.used(tx);
  const overrides = await quotas.overrides(tx);
  return quotaKinds.map((kind) => ({
    kind,
    limit: overrides.get(kind) ?? defaults[kind],
    used: kind.startsWith('requests-') ? null : (used.get(kind) ?? 0),
    isOverride: overrides.has(kind),
  }));
}
