import { it } from 'vitest';
import { countryLookupContract } from './contract.ts';
import { MemoryCountryLookup } from './memory-country-lookup.ts';

const lookup = new MemoryCountryLookup(
  new Map([
    ['192.0.2.', 'DE'],
    ['2001:db8:', 'FR'],
  ]),
);

it.each(countryLookupContract)('ACC-7: $rule', ({ run }) => run(lookup));
