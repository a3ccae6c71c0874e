import type { CountryLookup } from './country-lookup.ts';

/** A lookup over a handful of prefixes of address texts, for tests; IPv4 by its first numbers, IPv6 by its first groups. */
export class MemoryCountryLookup implements CountryLookup {
  readonly #prefixes: ReadonlyMap<string, string>;

  /** For example `new Map([['192.0.2.', 'DE'], ['2001:db8:', 'FR']])`. */
  constructor(prefixes: ReadonlyMap<string, string>) {
    this.#prefixes = prefixes;
  }

  countryOf(address: string): string | null {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase();
    for (const [prefix, country] of this.#prefixes) if (plain.startsWith(prefix)) return country;
    return null;
  }
}
