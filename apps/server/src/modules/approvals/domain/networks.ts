import { cidrContains, parseCidr } from '@quantumvault/inventory';
import { parseAddress } from '@quantumvault/pki';

/** The 4 bytes of an IPv4 address that is written as an IPv6 one (`::ffff:10.0.0.1`), as dual-stack sockets give it. */
function unmapped(bytes: Uint8Array): Uint8Array {
  const isMapped = bytes.length === 16 && bytes.slice(0, 12).every((byte, at) => byte === (at < 10 ? 0 : 0xff));
  return isMapped ? bytes.slice(12) : bytes;
}

/** Whether an address lies in one network of each list. An address that is not known lies in none. */
export function isInNetworks(address: string | null, lists: readonly (readonly string[])[]): boolean {
  if (lists.length === 0) return true;
  const parsed = address === null ? undefined : parseAddress(address.split('%')[0] ?? '');
  if (parsed === undefined) return false;
  const bytes = unmapped(parsed);
  return lists.every((list) => list.some((network) => cidrContains(parseCidr(network), bytes)));
}
