import { cidrContains, parseCidr } from '@quantumvault/inventory';
import { type AddressBytes, parseAddress } from '@quantumvault/pki';
import type { Resource } from '../../../kernel/actor.ts';
import { identityErrors } from '../errors.ts';

/** What narrows a key below its owner. It never changes: a narrower key is another key. */
export interface KeyLimits {
  readonly permissions: readonly string[] | null;
  readonly environmentId: string | null;
  readonly projectId: string | null;
  readonly serviceId: string | null;
  readonly allowedNetworks: readonly string[];
  readonly expiresAt: Date | null;
}

/** The resource that a key is narrowed to; null: the whole organization. */
export function resourceOf({
  environmentId,
  projectId,
  serviceId,
}: Pick<KeyLimits, 'environmentId' | 'projectId' | 'serviceId'>): Pick<Resource, 'type' | 'id'> | null {
  if (serviceId !== null) return { type: 'service', id: serviceId };
  if (projectId !== null) return { type: 'project', id: projectId };
  return environmentId === null ? null : { type: 'environment', id: environmentId };
}

/** Whether a key is less than its owner in any way. Such a key must not make another one: the limit would be gone. */
export const isLimited = (limits: KeyLimits): boolean =>
  limits.permissions !== null ||
  limits.allowedNetworks.length > 0 ||
  limits.expiresAt !== null ||
  resourceOf(limits) !== null;

const mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** An IPv4 address in IPv6 clothes (RFC 4291 section 2.5.5.2) is that IPv4 address: a network of it holds both. */
function plainAddress(text: string): AddressBytes | undefined {
  const bytes = parseAddress(text.split('%')[0] ?? '');
  if (bytes?.length !== 16 || !mappedPrefix.every((byte, index) => bytes[index] === byte)) return bytes;
  return bytes.slice(12) as AddressBytes;
}

/** Throws `IDENTITY_NETWORK_INVALID` for a text that is no network, also when bits are set behind its prefix. */
export function needNetworks(networks: readonly string[]): void {
  for (const [index, network] of networks.entries()) {
    try {
      parseCidr(network);
    } catch (cause) {
      const detail = `allowedNetworks.${index} is no network: bits behind the prefix must be zero.`;
      throw identityErrors.IDENTITY_NETWORK_INVALID({ detail, cause });
    }
  }
}

/** Whether a request from this address may use the key. An address that is not known is in no network. */
export function isWithin(networks: readonly string[], sourceAddress: string | null): boolean {
  if (networks.length === 0) return true;
  const address = sourceAddress === null ? undefined : plainAddress(sourceAddress);
  return address !== undefined && networks.some((network) => cidrContains(parseCidr(network), address));
}
