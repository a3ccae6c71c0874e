import type { Readiness } from '@quantumvault/inventory';

/** What an asset uses, as its profile and its last scan say. */
export interface UsesFilter {
  /** `RSA` also where it is only still accepted. */
  readonly keyExchange?: string | undefined;
  readonly signature?: string | undefined;
  readonly encryption?: string | undefined;
  /** Rule that the last scan found. */
  readonly finding?: string | undefined;
  readonly protection?: 'applied' | 'none' | undefined;
  readonly readiness?: Readiness | undefined;
}

/** The lists of `asset_use` that a filter names, by the names that its migration gives them; the most telling ones first. */
export function usesOf(filter: UsesFilter): readonly string[] {
  const { keyExchange, signature, encryption, finding, protection, readiness } = filter;
  const named = [
    ['k', keyExchange],
    ['f', finding],
    ['s', signature],
    ['e', encryption],
    ['q', readiness],
    ['p', protection],
  ] as const;
  return named.flatMap(([kind, value]) => (value === undefined ? [] : [`${kind}:${value}`]));
}
