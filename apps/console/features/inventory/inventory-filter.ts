import { listAssetsQuery, type QuantumVaultClient } from '@quantumvault/api';

type Query = NonNullable<NonNullable<Parameters<QuantumVaultClient['listAssets']>[0]>['query']>;

/** What the room can be asked for by its address; links to it can be kept and passed on. */
export const filterNames = [
  'search',
  'type',
  'band',
  'keyExchange',
  'signature',
  'finding',
  'protection',
  'readiness',
  'environmentId',
  'exposure',
  'sensitivity',
  'owner',
  'tag',
  'state',
] as const;
export type FilterName = (typeof filterNames)[number];
export type AssetFilter = Pick<Query, FilterName | 'sort'>;

/** Reads an address by the contract's own rules. What they refuse is passed over: whoever wrote the link, it can only filter. */
export function filterOf(params: URLSearchParams): AssetFilter {
  const filter: Record<string, string> = { sort: params.get('sort') === 'newest' ? 'newest' : 'risk' };
  for (const name of filterNames) {
    const value = params.get(name);
    if (value !== null && listAssetsQuery.shape[name].safeParse(value).success) filter[name] = value;
  }
  // Each value was accepted by the schema of its name.
  return filter as AssetFilter;
}

/** The address after a change; an empty value takes the name out. */
export function addressWith(params: URLSearchParams, changes: Readonly<Partial<Record<FilterName | 'sort', string>>>) {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  const query = next.toString();
  return query === '' ? '/inventory' : `/inventory?${query}`;
}

/** Questions that are asked most, each one press away. */
export const questions: readonly { readonly text: string; readonly filter: AssetFilter }[] = [
  { text: 'Still on RSA key exchange', filter: { type: 'tls-endpoint', keyExchange: 'RSA' } },
  { text: 'No post-quantum key exchange', filter: { finding: 'tls-no-pq-group' } },
  { text: 'Critical and not protected', filter: { band: 'critical', protection: 'none' } },
];

export const addressOf = (filter: AssetFilter): string =>
  `/inventory?${new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]))}`;
