import type { GrantView, PlaceInput } from '@quantumvault/api';
import type { Place } from '../../../kernel/access.ts';
import type { ActorId } from '../../../kernel/ids.ts';

export type GrantSource = 'direct' | 'temporary' | 'break-glass';

export interface StoredGrant {
  readonly id: string;
  readonly subjectId: ActorId;
  readonly effect: 'allow' | 'deny';
  readonly role: string;
  readonly customRoleId: string | null;
  /** The level that was named, alone; null for the organization. */
  readonly place: Place | null;
  readonly notBefore: Date | null;
  readonly expiresAt: Date | null;
  readonly rules: Readonly<Record<string, unknown>>;
  readonly source: GrantSource;
  readonly grantedBy: ActorId | null;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

// All of them are compiled when the subject signs in; QUA-9 measures a decision with this many.
export const grantsOfSubjectMax = 10_000;

export const grantView = (grant: StoredGrant): GrantView => {
  const { customRoleId: _, ...shown } = grant;
  return {
    ...shown,
    rules: { ...grant.rules },
    notBefore: grant.notBefore?.toISOString() ?? null,
    expiresAt: grant.expiresAt?.toISOString() ?? null,
    createdAt: grant.createdAt.toISOString(),
    revokedAt: grant.revokedAt?.toISOString() ?? null,
  };
};

/** The named level as a thing of which the place can be asked; the organization when none is named. */
export function placeResource(
  place: PlaceInput | undefined,
  organizationId: string,
): { readonly type: string; readonly id: string } {
  if (place?.environmentId !== undefined) return { type: 'environment', id: place.environmentId };
  if (place?.projectId !== undefined) return { type: 'project', id: place.projectId };
  if (place?.serviceId !== undefined) return { type: 'service', id: place.serviceId };
  return { type: 'organization', id: organizationId };
}
