/**
 * Networks in conditions (ACC-7). The danger: one address has several spellings, and a comparison of text lets
 * `::ffff:10.0.0.1` pass where `10.0.0.1` is denied. So the bytes are compared, and a mapped IPv4 address is the IPv4
 * address. Other IPv6 addresses that carry an IPv4 one (NAT64, 6to4) are what they are: IPv6 addresses of a gateway.
 */
import { parseAddress } from '@quantumvault/pki';

/** An address as numbers: one word of 32 bits for IPv4, four for IPv6. */
export type AddressWords = readonly number[];

export interface AddressRange {
  readonly words: AddressWords;
  readonly masks: AddressWords;
}

/** The words of an address; null for anything that is not an address in canonical form, such as one with a zone. */
export function wordsOfAddress(text: string): AddressWords | null {
  const bytes = parseAddress(text);
  if (bytes === undefined) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(index * 4));
  return isMapped(words) ? words.slice(3) : words;
}

const isMapped = ([first, second, third, fourth]: AddressWords): boolean =>
  fourth !== undefined && first === 0 && second === 0 && third === 0xffff;

/**
 * Reads `10.0.0.0/8`, `2001:db8::/32`, `::ffff:10.0.0.0/104` or a single address; null when it is none of them or has
 * bits set behind its prefix, which is a typing error more often than a wish.
 */
export function parseRange(text: string): AddressRange | null {
  const [address = '', prefix, ...more] = text.split('/');
  const words = wordsOfAddress(address);
  if (words === null || more.length > 0) return null;
  if (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix)) return null;
  const written = address.includes(':') ? 128 : 32;
  // A mapped network is written with the prefix of its IPv6 form; a shorter one than /96 would be no IPv4 network.
  const bits = (prefix === undefined ? written : Number(prefix)) - (written - words.length * 32);
  if (bits < 0 || bits > words.length * 32) return null;
  const masks = words.map((_, index) => maskOf(bits - index * 32));
  return words.every((word, index) => (word & ~(masks[index] ?? 0)) === 0) ? { words, masks } : null;
}

function maskOf(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? -1 : -1 << (32 - bits);
}

/** Families do not contain one another: `::/0` holds no IPv4 address. */
export function rangeContains({ words, masks }: AddressRange, address: AddressWords): boolean {
  if (words.length !== address.length) return false;
  for (let index = 0; index < words.length; index += 1) {
    // Bitwise results are signed; `| 0` makes the stored word so too.
    if (((address[index] ?? 0) & (masks[index] ?? 0)) !== ((words[index] ?? 0) | 0)) return false;
  }
  return true;
}
