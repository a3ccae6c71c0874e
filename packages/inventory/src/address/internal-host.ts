import { parseAddress } from '@quantumvault/pki';
import type { Cidr } from './address.ts';
import { decideAddress } from './scan-guard.ts';

// Names that no public DNS gives out: RFC 6761, 6762 and 8375, `internal` as ICANN reserved it, and what networks use by habit.
const internalDomains: readonly string[] = [
  'localhost',
  'local',
  'internal',
  'home.arpa',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'test',
];

/**
 * Whether a host lies inside by what is written: an address that is not public or is in one of the own networks, or a name
 * that only a network of one's own resolves. What another name resolves to shows when it is scanned, so the guard of that scan must close the
 * own networks (`ScanGuard.closed`).
 */
export function isInternalHost(host: string, ownNetworks: readonly Cidr[]): boolean {
  if (parseAddress(host) !== undefined)
    return !decideAddress(host, { mode: 'server', allow: [], closed: ownNetworks }).isAllowed;
  const name = host.toLowerCase().replace(/\.+$/, '');
  return !name.includes('.') || internalDomains.some((domain) => name.endsWith(`.${domain}`));
}
