/** Where an address is, as far as data that the operator supplies can tell (ACC-7). Nothing is asked over the network. */
export interface CountryLookup {
  /** ISO 3166-1 alpha-2 in capital letters; null for an address that is not known, or is none. Never throws. */
  countryOf(address: string): string | null;
}
