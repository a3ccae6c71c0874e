import type { CountryLookup } from './country-lookup.ts';

/** One rule of the port. `run` throws when the lookup breaks it; it knows no test runner. */
export interface CountryLookupContract {
  readonly rule: string;
  /** The lookup knows 192.0.2.0/24 as DE and 2001:db8::/32 as FR, and nothing else. */
  run(lookup: CountryLookup): void;
}

function expectCountry(lookup: CountryLookup, address: string, expected: string | null): void {
  const found = lookup.countryOf(address);
  if (found !== expected) throw new Error(`${address}: expected ${expected ?? 'nothing'}, found ${found ?? 'nothing'}`);
}

/** The contract suite: run every rule. */
export const countryLookupContract: readonly CountryLookupContract[] = [
  {
    rule: 'an address of a known network has its country',
    run: (lookup) => {
      expectCountry(lookup, '192.0.2.1', 'DE');
      expectCountry(lookup, '2001:db8::1', 'FR');
    },
  },
  {
    rule: 'a mapped IPv4 address is the IPv4 address',
    run: (lookup) => expectCountry(lookup, '::ffff:192.0.2.1', 'DE'),
  },
  {
    rule: 'what is not known, or is no address, has no country',
    run: (lookup) => {
      for (const address of ['198.51.100.1', '2001:db9::1', '', 'localhost', '192.0.2', 'fe80::1%eth0', '0300.0.2.1'])
        expectCountry(lookup, address, null);
    },
  },
];
