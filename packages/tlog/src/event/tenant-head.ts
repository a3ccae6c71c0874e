import { sameBytes } from '../bytes.ts';
import type { AuditEvent, DetailValue } from './event.ts';
import type { AuditLeaf } from './leaf.ts';

/** The action of the event that names its tenant's newest leaf (LEAF-15), so that a cut tail shows. */
export const tenantHeadAction = 'tenant.head';

/**
 * Details of a `tenant.head` event: the sequence and leaf hash of the tenant's leaf directly before it. The sequencer
 * makes the event at the moment it places it, never earlier.
 */
export function headDetails(previous: {
  readonly tenantSequence: number;
  readonly leafHash: Uint8Array;
}): Readonly<Record<string, DetailValue>> {
  return { leafHash: previous.leafHash, sequence: previous.tenantSequence };
}

/** Tells whether a `tenant.head` event names the leaf directly before its own. */
export function headClaimHolds(leaf: AuditLeaf, { details }: AuditEvent): boolean {
  const { leafHash, sequence } = details;
  if (Object.keys(details).length !== 2 || leaf.tenantSequence < 2) return false;
  const isSequence = sequence === leaf.tenantSequence - 1;
  return isSequence && leafHash instanceof Uint8Array && sameBytes(leafHash, leaf.previousTenantLeaf);
}
