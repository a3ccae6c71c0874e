/**
 * Whose address a request counts as (attack case 24). The danger: `X-Forwarded-For` is text that any client may send, and
 * limits, IP conditions and the audit log believe what comes out of here. So nothing is believed by default; and with
 * proxies in front, only what the last of them wrote is read, from the right, one hop for each proxy that is trusted.
 * `X-Forwarded-Host` and `X-Forwarded-Proto` are never read.
 */
import { type Cidr, cidrContains } from '@quantumvault/inventory';
import { type AddressBytes, formatAddress, parseAddress } from '@quantumvault/pki';
import { kernelErrors } from '../../kernel/errors.ts';

export interface TrustedProxies {
  /** Hops that may be trusted, the one that is connected to us included; null: as many as the networks cover. */
  readonly count: number | null;
  /** Where trusted proxies are; empty: `count` hops, wherever they are. */
  readonly networks: readonly Cidr[];
  /** The one header that the proxies write. The other would be the client's own, which many proxies pass on. */
  readonly header: 'x-forwarded-for' | 'forwarded';
}

/** No header is believed. */
export const noTrustedProxies: TrustedProxies = { count: 0, networks: [], header: 'x-forwarded-for' };

export interface ConnectionFacts {
  /** The address of the socket's other end. */
  readonly peer: string | undefined;
  /** The header as Node gives it: several lines joined by commas, in their order. */
  readonly header: string | undefined;
}

const headerLengthMax = 4_096;
const hopsMax = 64;

/** One address in one form: IPv4 as such also when it came mapped into IPv6, IPv6 in the form of RFC 5952, no zone. */
export function canonicalAddress(text: string): string | null {
  const bytes = addressBytes(text);
  return bytes === null ? null : formatAddress(bytes);
}

/** The bytes of an address, a mapped IPv4 address as four. */
export function addressBytes(text: string): AddressBytes | null {
  if (text.length > 100) return null;
  const bytes = parseAddress(text.split('%', 1)[0] ?? '');
  if (bytes === undefined) return null;
  const isMapped =
    bytes.length === 16 &&
    bytes[10] === 0xff &&
    bytes[11] === 0xff &&
    bytes.subarray(0, 10).every((byte) => byte === 0);
  return isMapped ? bytes.slice(12) : bytes;
}

/**
 * The address before the last trusted hop. Throws `REQUEST_FORWARDED_INVALID` when a trusted proxy wrote something that is
 * no address, or when the header is longer than any chain of proxies: an address made up in its place could be one that
 * a condition allows.
 */
export function clientAddress({ peer, header }: ConnectionFacts, trusted: TrustedProxies): string | null {
  const connected = peer === undefined ? null : addressBytes(peer);
  if (connected === null) return null;
  if (header === undefined || !isTrusted(connected, 0, trusted)) return formatAddress(connected);
  if (header.length > headerLengthMax) throw kernelErrors.REQUEST_FORWARDED_INVALID();
  const hops = trusted.header === 'forwarded' ? forwardedHops(header) : header.split(',');
  if (hops.length > hopsMax) throw kernelErrors.REQUEST_FORWARDED_INVALID();
  let address = connected;
  for (let depth = 0; depth < hops.length && isTrusted(address, depth, trusted); depth += 1) {
    const written = hopAddress(hops[hops.length - 1 - depth] ?? '');
    if (written === null) throw kernelErrors.REQUEST_FORWARDED_INVALID();
    address = written;
  }
  return formatAddress(address);
}

/** Whether what the hop at this depth (0: the one connected to us) wrote is believed. */
function isTrusted(address: AddressBytes, depth: number, { count, networks }: TrustedProxies): boolean {
  if (count !== null && depth >= count) return false;
  return networks.length === 0 ? count !== null : networks.some((network) => cidrContains(network, address));
}

const bracketed = /^\[([0-9a-fA-F:.]{2,45})\](?::[0-9]{1,5})?$/;
const withPort = /^([0-9.]{7,15}):[0-9]{1,5}$/;

/** An address as proxies write it: bare, IPv6 in brackets, either with a port. */
function hopAddress(text: string): AddressBytes | null {
  const trimmed = text.trim();
  if (trimmed.includes('%')) return null;
  return addressBytes(bracketed.exec(trimmed)?.[1] ?? withPort.exec(trimmed)?.[1] ?? trimmed);
}

// RFC 7239 section 4: `for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"`. Values are tokens or quoted strings.
const pair = /\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=([!#$%&'*+.^_`|~0-9A-Za-z:-]+|"(?:[^"\\]|\\.)*")\s*/y;

/** The `for` of each element, left to right; empty where an element names none. Throws when it is not well-formed. */
function forwardedHops(header: string): string[] {
  const hops: string[] = [];
  let hop: string | null = null;
  let position = 0;
  for (;;) {
    pair.lastIndex = position;
    const [match, name, value] = pair.exec(header) ?? [];
    if (match === undefined || name === undefined || value === undefined)
      throw kernelErrors.REQUEST_FORWARDED_INVALID();
    position += match.length;
    if (name.toLowerCase() === 'for') {
      if (hop !== null) throw kernelErrors.REQUEST_FORWARDED_INVALID();
      hop = value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value;
    }
    const end = header[position];
    if (end === ';') position += 1;
    else if (end === ',' || end === undefined) {
      hops.push(hop ?? '');
      hop = null;
      if (end === undefined) return hops;
      position += 1;
    } else throw kernelErrors.REQUEST_FORWARDED_INVALID();
  }
}
