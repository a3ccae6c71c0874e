import { CountryFileError, openCountryFile } from '@quantumvault/providers/geoip/mmdb';
import { StartRefusal } from './start-refusal.ts';

/**
 * ACC-7: countries of addresses from the operator's file. Without a file no country is known; with one that cannot be
 * read the server does not start, since conditions would fail that somebody relies on.
 */
export async function openCountries(file: string | null): Promise<(address: string) => string | null> {
  if (file === null) return () => null;
  try {
    const lookup = await openCountryFile(file);
    return (address) => lookup.countryOf(address);
  } catch (cause) {
    if (cause instanceof CountryFileError)
      throw new StartRefusal(`QV_GEOIP_FILE: ${cause.message}`, { isFinal: true, cause });
    throw cause;
  }
}
