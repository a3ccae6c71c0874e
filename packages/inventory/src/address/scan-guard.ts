/**
 * Decides which addresses a scan may touch (INV-7). The danger: a scanner inside a network is a way for outsiders into
 * it, and a cloud's metadata service gives credentials to whoever can send it a packet. So the decision is made on the
 * resolved bytes, never on text, and every IPv4 address hidden inside an IPv6 one is judged as well.
 */
import { type AddressBytes, parseAddress } from '@quantumvault/pki';
import { type Cidr, cidrContains, parseCidr } from './address.ts';

/**
 * `local`: a person's own machine scans what it can reach, metadata services excepted.
 * `server`: only public addresses, and networks that the operator allowed by name.
 */
export type ScanGuardMode = 'local' | 'server';

export interface ScanGuard {
  readonly mode: ScanGuardMode;
  /** Networks open to a server in spite of being private; never opens a metadata address. */
  readonly allow: readonly Cidr[];
  /** Networks closed to a server although they may be public; closes what it allows too. */
  readonly closed?: readonly Cidr[];
}

export type GuardDecision =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly refusal: GuardRefusal };

export interface GuardRefusal {
  readonly code: 'metadata-address' | 'not-public' | 'invalid-address';
  readonly reason: string;
}

/** Instance metadata and credential services of the clouds; refused in every mode, whatever is allowed. */
const metadataNetworks: readonly Cidr[] = [
  '169.254.169.254', // AWS, Azure, Google, Oracle, DigitalOcean, OpenStack
  '169.254.169.253', // AWS resolver
  '169.254.170.2', // AWS ECS task credentials
  '169.254.170.23', // AWS EKS pod identity
  '169.254.0.23', // Tencent
  '169.254.42.42', // Scaleway
  '100.100.100.200', // Alibaba
  '168.63.129.16', // Azure wire server
  '192.0.0.192', // Oracle classic
  'fd00:ec2::254', // AWS
  'fd00:ec2::253', // AWS resolver
  'fd00:ec2::23', // AWS EKS pod identity
  'fd20:ce::254', // Google
  'fd00:c1::a9fe:a9fe', // Oracle
  'fd00:42::42', // Scaleway
  'fe80::a9fe:a9fe', // OpenStack
].map(parseCidr);

const metadataNames: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.azure.com',
  'metadata.tencentyun.com',
  'instance-data',
  'instance-data.ec2.internal',
]);

// IANA IPv4 Special-Purpose Address Registry (RFC 6890 and later), and multicast.
const specialIpv4: readonly Cidr[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map(parseCidr);

// Only 2000::/3 is global unicast; these parts of it are not (IANA IPv6 Special-Purpose Address Registry).
const globalIpv6 = parseCidr('2000::/3');
const specialIpv6: readonly Cidr[] = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'].map(
  parseCidr,
);

/** Names that always lead to a metadata service, whatever they resolve to. */
export function decideHostName(name: string): GuardDecision {
  const canonical = name.toLowerCase().replace(/\.+$/, '');
  if (!metadataNames.has(canonical)) return { isAllowed: true };
  return refuse('metadata-address', `"${canonical}" is a cloud metadata service`);
}

/** The decision for one resolved address, given as text that `parseAddress` reads. */
export function decideAddress(text: string, guard: ScanGuard): GuardDecision {
  const bytes = parseAddress(text);
  if (bytes === undefined) return refuse('invalid-address', 'the resolved address is not in canonical form');
  // Systems connect "no address" to themselves, which would reach what nobody named.
  if ((mappedIpv4(bytes) ?? bytes).every((byte) => byte === 0))
    return refuse('invalid-address', `${text} is no address of a host`);
  const readings = addressReadings(bytes);
  // A network's own NAT64 prefix cannot be known, so the last 32 bits count as an address for this question alone.
  if ([...readings, bytes.slice(-4)].some(isMetadata)) {
    return refuse('metadata-address', `${text} is a cloud metadata address`);
  }
  if (guard.mode === 'local') return { isAllowed: true };
  if (guard.closed?.some((network) => readings.some((reading) => cidrContains(network, reading))))
    return refuse('not-public', `${text} is in a network that is closed to this scan`);
  if (readings.every(isPublic)) return { isAllowed: true };
  // A mapped address is the IPv4 address, so an IPv4 network in the list covers it.
  const target = mappedIpv4(bytes) ?? bytes;
  if (guard.allow.some((network) => cidrContains(network, target))) return { isAllowed: true };
  return refuse('not-public', `${text} is not a public address and no allowed network covers it`);
}

/** The address itself and every IPv4 address that its form carries inside. */
function addressReadings(bytes: AddressBytes): readonly AddressBytes[] {
  if (bytes.length === 4) return [bytes];
  const mapped = mappedIpv4(bytes);
  if (mapped !== undefined) return [mapped];
  const readings: AddressBytes[] = [bytes];
  for (const { network, offset, isInverted } of carriers) {
    if (!cidrContains(network, bytes)) continue;
    const inner = bytes.slice(offset, offset + 4);
    readings.push(isInverted ? inner.map((byte) => byte ^ 0xff) : inner);
  }
  if (cidrContains(localNat64, bytes)) readings.push(...splitNat64Readings(bytes));
  // ISATAP (RFC 5214): interface identifier 0000:5efe or 0200:5efe followed by the IPv4 address.
  if ((bytes[8] ?? 0) <= 2 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe)
    readings.push(bytes.slice(12));
  return readings;
}

const carriers: readonly { network: Cidr; offset: number; isInverted: boolean }[] = [
  { network: parseCidr('::/96'), offset: 12, isInverted: false }, // IPv4-compatible (RFC 4291, withdrawn)
  { network: parseCidr('64:ff9b::/96'), offset: 12, isInverted: false }, // NAT64 (RFC 6052)
  { network: parseCidr('64:ff9b:1::/48'), offset: 12, isInverted: false }, // NAT64 of the local network (RFC 8215)
  { network: parseCidr('::ffff:0:0:0/96'), offset: 12, isInverted: false }, // IPv4-translated (RFC 2765, SIIT)
  { network: parseCidr('2002::/16'), offset: 2, isInverted: false }, // 6to4 (RFC 3056)
  { network: parseCidr('2001::/32'), offset: 4, isInverted: false }, // Teredo server (RFC 4380)
  { network: parseCidr('2001::/32'), offset: 12, isInverted: true }, // Teredo client, written inverted
];

const localNat64 = parseCidr('64:ff9b:1::/48');

/** RFC 6052 section 2.2: behind prefixes of 48, 56 and 64 bits the address is laid around the zero byte 8. */
function splitNat64Readings(bytes: AddressBytes): AddressBytes[] {
  const around = (start: number) => [...bytes.slice(start, 8), ...bytes.slice(9)].slice(0, 4);
  return [6, 7, 8].map((start) => new Uint8Array(around(start)));
}

const mappedNetwork = parseCidr('::ffff:0:0/96');

function mappedIpv4(bytes: AddressBytes): AddressBytes | undefined {
  return cidrContains(mappedNetwork, bytes) ? bytes.slice(12) : undefined;
}

function isMetadata(address: AddressBytes): boolean {
  return metadataNetworks.some((network) => cidrContains(network, address));
}

function isPublic(address: AddressBytes): boolean {
  if (address.length === 4) return !specialIpv4.some((network) => cidrContains(network, address));
  return cidrContains(globalIpv6, address) && !specialIpv6.some((network) => cidrContains(network, address));
}

function refuse(code: GuardRefusal['code'], reason: string): GuardDecision {
  return { isAllowed: false, refusal: { code, reason } };
}
