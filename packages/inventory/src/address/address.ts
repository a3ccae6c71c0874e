import { type AddressBytes, parseAddress } from '@quantumvault/pki';
import { InventoryError } from '../errors.ts';

/** A block of addresses of one family. */
export interface Cidr {
  readonly bytes: AddressBytes;
  readonly prefixBits: number;
}

/**
 * Reads `10.0.0.0/8`, `fd00::/8` or a single address.
 * Throws `INVENTORY_INPUT_INVALID`, also when bits are set behind the prefix: that is a typing error more often than a wish.
 */
export function parseCidr(text: string): Cidr {
  const [addressText = '', prefixText, ...more] = text.trim().split('/');
  const bytes = parseAddress(addressText);
  if (bytes === undefined || more.length > 0) throw badCidr(text, 'it is not an address with an optional /prefix');
  if (prefixText !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefixText))
    throw badCidr(text, 'its prefix is not a number');
  const prefixBits = prefixText === undefined ? bytes.length * 8 : Number(prefixText);
  if (prefixBits > bytes.length * 8) throw badCidr(text, 'its prefix is longer than the address');
  const hasHostBits = bytes.some(
    (byte, index) => (byte & (0xff >> Math.min(Math.max(prefixBits - index * 8, 0), 8))) !== 0,
  );
  if (hasHostBits) throw badCidr(text, 'it has bits set behind its prefix');
  return { bytes, prefixBits };
}

/** Reads a comma-separated list as `QV_SCAN_ALLOW` holds it; empty means none. Throws `INVENTORY_INPUT_INVALID`. */
export function parseCidrList(text: string): readonly Cidr[] {
  const entries = text.split(',').map((entry) => entry.trim());
  if (entries.length === 1 && entries[0] === '') return [];
  return entries.map(parseCidr);
}

export function cidrContains(cidr: Cidr, address: AddressBytes): boolean {
  if (cidr.bytes.length !== address.length) return false;
  return address.every((byte, index) => {
    const bits = Math.min(Math.max(cidr.prefixBits - index * 8, 0), 8);
    const mask = (0xff << (8 - bits)) & 0xff;
    return (byte & mask) === ((cidr.bytes[index] ?? 0) & mask);
  });
}

function badCidr(text: string, reason: string): InventoryError {
  return new InventoryError('INVENTORY_INPUT_INVALID', `"${text.slice(0, 60)}" is not a network: ${reason}.`);
}
