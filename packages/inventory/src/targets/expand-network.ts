import { type AddressBytes, formatAddress } from '@quantumvault/pki';
import { type Cidr, cidrContains } from '../address/address.ts';
import { InventoryError } from '../errors.ts';

/** A /16: as many as one scan takes. */
export const networkAddressesMax = 65_536;

export interface NetworkLimits {
  /** Networks that may be scanned as a whole; every address of what is expanded lies in one of them (INV-7). */
  readonly allow: readonly Cidr[];
  readonly addressesMax?: number;
}

/**
 * The addresses of a network, made one at a time. The network is judged before the first one, so that a typing error of
 * one digit does not begin to scan what nobody meant. An IPv4 network of /30 or larger is without its own address and
 * the broadcast address, which are no hosts. Throws `INVENTORY_INPUT_INVALID` when the network is not within the allowed
 * ones and `INVENTORY_LIMIT_EXCEEDED` when it is too large.
 */
export function expandNetwork(network: Cidr, limits: NetworkLimits): Iterable<string> {
  const { allow, addressesMax = networkAddressesMax } = limits;
  const shown = `${formatAddress(network.bytes)}/${network.prefixBits}`;
  const isCovered = allow.some(
    (allowed) => allowed.prefixBits <= network.prefixBits && cidrContains(allowed, network.bytes),
  );
  if (!isCovered) {
    throw new InventoryError('INVENTORY_INPUT_INVALID', `${shown} is not within a network that may be scanned.`);
  }
  const hostBits = network.bytes.length * 8 - network.prefixBits;
  if (hostBits > 31 || 2 ** hostBits > addressesMax) {
    throw new InventoryError(
      'INVENTORY_LIMIT_EXCEEDED',
      `${shown} has more than ${addressesMax} addresses; scan a smaller network.`,
    );
  }
  return { [Symbol.iterator]: () => addressesOf(network.bytes, 2 ** hostBits) };
}

function* addressesOf(first: AddressBytes, count: number): Generator<string, undefined> {
  const isBroadcastNetwork = first.length === 4 && count > 2;
  const [from, to] = isBroadcastNetwork ? [1, count - 1] : [0, count];
  for (let at = from; at < to; at += 1) {
    const address = new Uint8Array(first);
    // The prefix leaves at most 31 bits, so the last four bytes hold the whole counter and the sum does not carry over.
    for (const [index, shift] of [24, 16, 8, 0].entries()) {
      const place = address.length - 4 + index;
      address[place] = (address[place] ?? 0) | ((at >>> shift) & 0xff);
    }
    yield formatAddress(address);
  }
  return undefined;
}
