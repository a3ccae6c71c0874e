/** Every kind of listing of assets that the interface can ask for, over what `seed-inventory.ts` makes. */
import type { ListAssetsQuery } from '../../../apps/server/src/modules/inventory/usecases/list-assets.ts';

type Filter = Partial<Omit<ListAssetsQuery, 'limit' | 'cursor' | 'sort' | 'includeArchived'>>;

/** One or more values of each filter: a frequent one, a rare one, one that nothing has. */
const values = (environmentId: string): readonly Filter[] => [
  { type: 'tls-endpoint' },
  { type: 'token-issuer' },
  { sensitivity: 'internal' },
  { sensitivity: 'top-secret' },
  { exposure: 'internet' },
  { band: 'low' },
  { band: 'critical' },
  { environmentId },
  { owner: 'team-1' },
  { owner: 'team-399' },
  { owner: 'nobody' },
  { tag: 'eu' },
  { tag: 'legacy' },
  { tag: 'rare' },
  { tag: 'nothing' },
  { search: 'pay' },
  { search: 'example' },
  { search: 'payments 12345' },
  { search: 'xyzzy' },
  { keyExchange: 'RSA' },
  { keyExchange: 'ffdhe2048' },
  { keyExchange: 'nothing' },
  { signature: 'ECDSA' },
  { finding: 'tls-no-pq-group' },
  { protection: 'none' },
  { protection: 'applied' },
  { readiness: 'vulnerable' },
  { readiness: 'safe' },
  { state: 'archived' },
  { state: 'withdrawn' },
];

/** Pairs and more of filters, the ones that never meet among them. */
const combinations = (environmentId: string): readonly Filter[] => [
  { type: 'library', sensitivity: 'top-secret' },
  { type: 'library', sensitivity: 'public', exposure: 'internet', band: 'critical' },
  { environmentId, owner: 'team-2', band: 'critical' },
  { environmentId, type: 'certificate', exposure: 'partner' },
  { owner: 'team-1', type: 'data-store' },
  { tag: 'legacy', band: 'critical' },
  { tag: 'open-source', sensitivity: 'restricted' },
  { tag: 'open-source', type: 'tls-endpoint' },
  { tag: 'eu', search: 'pay', environmentId, exposure: 'internet' },
  { tag: 'pci', search: 'orders', type: 'tls-endpoint', sensitivity: 'internal', band: 'low', owner: 'team-0' },
  { search: 'example login', band: 'high', state: 'archived' },
  { keyExchange: 'RSA', type: 'tls-endpoint', band: 'critical' },
  { keyExchange: 'RSA', protection: 'none', finding: 'tls-no-pq-group', environmentId },
  { signature: 'ECDSA-P256', encryption: 'AES-256-GCM', owner: 'team-1', state: 'archived' },
  { finding: 'tls-no-pq-group', type: 'library' },
  { protection: 'applied', tag: 'rare', search: 'pay' },
  { keyExchange: 'x25519', tag: 'eu', search: 'example' },
  { readiness: 'vulnerable', band: 'critical', environmentId },
];

const nameOf = (filter: Filter): string =>
  Object.entries(filter)
    .map(([name, value]) => (name === 'environmentId' ? 'environment' : `${name}=${value}`))
    .join(' ') || 'all';

export interface NamedListing {
  readonly name: string;
  readonly query: Omit<ListAssetsQuery, 'cursor'>;
}

/** Every filter and combination in both orders, and listings over all states. */
export function listingsOf(environmentId: string, limit = 50): readonly NamedListing[] {
  const filters: Filter[] = [{}, ...values(environmentId), ...combinations(environmentId)];
  return (['newest', 'risk'] as const).flatMap((sort) => [
    ...filters.map((filter) => ({
      name: `${nameOf(filter)} by ${sort}`,
      query: { ...filter, limit, sort, includeArchived: 'false' as const },
    })),
    ...[{}, { type: 'library' as const }, { search: 'ledger' }].map((filter) => ({
      name: `${nameOf(filter)} in all states by ${sort}`,
      query: { ...filter, limit, sort, includeArchived: 'true' as const },
    })),
  ]);
}

/** All filters of the interface two by two, for plans and not for times. */
export function pairsOf(environmentId: string): readonly NamedListing[] {
  const filters = values(environmentId);
  const pairs: NamedListing[] = [];
  for (const [at, left] of filters.entries()) {
    for (const right of filters.slice(at + 1)) {
      if (Object.keys(left)[0] === Object.keys(right)[0]) continue;
      for (const sort of ['newest', 'risk'] as const) {
        const filter = { ...left, ...right };
        pairs.push({
          name: `${nameOf(filter)} by ${sort}`,
          query: { ...filter, limit: 50, sort, includeArchived: 'false' },
        });
      }
    }
  }
  return pairs;
}
