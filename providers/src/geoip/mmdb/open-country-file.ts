/**
 * Countries from a file in the MMDB format that the operator supplies. The danger of such data is trust in it: it says
 * where an address was registered, and anybody can rent one abroad.
 */
import { formatAddress, parseAddress } from '@quantumvault/pki';
import type { CountryLookup } from '@quantumvault/ports';

/** The file cannot be used; the message says why and names no more than its path. */
export class CountryFileError extends Error {
  override readonly name = 'CountryFileError';
}

/** What publishers call it: MaxMind nests the code, others give it flat. */
interface CountryRecord {
  readonly country?: { readonly iso_code?: unknown };
  readonly registered_country?: { readonly iso_code?: unknown };
  readonly country_code?: unknown;
}

/** Opens the file; it is read whole, once. Throws `CountryFileError` when it is not there or not in the format. */
export async function openCountryFile(file: string): Promise<CountryLookup> {
  const { open } = await import('maxmind');
  try {
    const reader = await open(file);
    // A file that is cut off is found out here and not by the first request.
    reader.get('192.0.2.1');
    return { countryOf: (address) => countryIn(address, (text) => reader.get(text)) };
  } catch (cause) {
    throw new CountryFileError(`${file} is no MMDB file that can be read.`, { cause });
  }
}

function countryIn(address: string, find: (address: string) => unknown): string | null {
  const plain = plainAddress(address);
  if (plain === null) return null;
  try {
    return codeOf(find(plain));
  } catch {
    // A damaged record is no answer; a condition on countries then fails, as for an address that is not known.
    return null;
  }
}

/** The one spelling of an address, with a mapped IPv4 address as IPv4: files differ in how they hold those. */
function plainAddress(address: string): string | null {
  const bytes = parseAddress(address);
  if (bytes === undefined) return null;
  const isMapped = bytes.length === 16 && bytes.every((byte, index) => index > 11 || byte === (index > 9 ? 0xff : 0));
  return formatAddress(isMapped ? bytes.slice(12) : bytes);
}

function codeOf(record: unknown): string | null {
  if (typeof record !== 'object' || record === null) return null;
  const { country, registered_country: registered, country_code: flat } = record as CountryRecord;
  const code = country?.iso_code ?? flat ?? registered?.iso_code;
  return typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : null;
}
