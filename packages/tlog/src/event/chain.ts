import { sha3_256 } from '@quantumvault/crypto';
import { concat, parseUuid, utf8 } from '../bytes.ts';

const chainDomain = utf8.encode('quantumvault/audit-chain/v1');

/** The value before a tenant's first event: bound to the tenant, so no chain can be given to another (AUD-5, LEAF-17). */
export function chainStart(tenant: string): Uint8Array {
  return sha3_256(concat(chainDomain, parseUuid(tenant)));
}

/** `current` = SHA3-256(previous || event) over the event's committed form, in sequence order (AUD-5). */
export function chainNext(previous: Uint8Array, event: Uint8Array): Uint8Array {
  return sha3_256(concat(previous, event));
}
