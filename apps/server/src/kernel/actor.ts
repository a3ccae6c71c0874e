import type { Access, Place } from './access.ts';
import type { ActorId, TenantId } from './ids.ts';
import type { Permission } from './permissions.ts';

/** What the transport knows of a request; copied into every audit event that the request causes. */
export interface RequestFacts {
  readonly id: string;
  readonly sourceAddress: string | null;
  /** ISO 3166-1 alpha-2 of the source address, where the operator supplies the data (ACC-7). */
  readonly country: string | null;
  /** What the caller says that the request is for (ACC-7); a condition may demand one. */
  readonly purpose: string | null;
  /** Set when the caller gave an Idempotency-Key: the key, and the hash of method, path and body. */
  readonly idempotency: { readonly key: string; readonly requestHash: Uint8Array } | null;
}

/** What the actor has shown to be who it is. */
export interface Credential {
  readonly kind: 'api-key' | 'session' | 'device-key' | 'certificate' | 'none';
  readonly id: string | null;
  /** A key may be made for less than its owner may; null: for all of it. */
  readonly permissions: ReadonlySet<Permission> | null;
  /** A key may be good in one place alone; what is of its owner's whole account is then not its to change. */
  readonly isPlaced?: true;
  readonly authenticatedAt: Date | null;
  /** When a second factor was last shown (ACC-5). */
  readonly mfaAt: Date | null;
  readonly deviceId: string | null;
  /** Reported by an enrolled agent: weak evidence (ACC-7). */
  readonly macAddresses: readonly string[];
}

/** Who acts: built once, in one hook, for every transport (ACC-1). */
export interface Actor {
  readonly kind: 'user' | 'service-account' | 'device' | 'job' | 'system';
  readonly id: ActorId;
  readonly tenantId: TenantId;
  readonly access: Access;
  readonly credential: Credential;
  readonly request: RequestFacts;
  /** Set while an approved plan is carried out for its requester (ACC-9). */
  readonly approval: { readonly id: string; readonly planHash: Uint8Array } | null;
}

/** What an action is done to; ids only, never personal data. */
export interface Resource {
  readonly type: string;
  readonly id: string;
  /** Where it stands, when the use case knows; otherwise the access module finds out, if a grant makes it matter. */
  readonly place?: Place;
  /**
   * A listing over the organization: whoever may in a part of it is let in, and must be shown that part alone. Only for
   * use cases that ask `ReachOf` and filter by it.
   */
  readonly isListing?: true;
}

export const noCredential: Credential = {
  kind: 'none',
  id: null,
  permissions: null,
  authenticatedAt: null,
  mfaAt: null,
  deviceId: null,
  macAddresses: [],
};

/** Facts of a request that nobody sent: the installation's own work, a job's. */
export const internalRequest = (id: string): RequestFacts => ({
  id,
  sourceAddress: null,
  country: null,
  purpose: null,
  idempotency: null,
});
