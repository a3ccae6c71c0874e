import type { ActorId, ApiKeyId, TenantId } from './ids.ts';
import type { Permission, Role } from './permissions.ts';

/** What the transport knows of a request; copied into every audit event that the request causes. */
export interface RequestFacts {
  readonly id: string;
  readonly sourceAddress: string | null;
  /** Set when the caller gave an Idempotency-Key: the key, and the hash of method, path and body. */
  readonly idempotency: { readonly key: string; readonly requestHash: Uint8Array } | null;
}

/** Who acts: built once, in one hook, for every transport (ACC-1). */
export interface Actor {
  readonly kind: 'user' | 'job' | 'system';
  readonly id: ActorId;
  readonly tenantId: TenantId;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  readonly apiKeyId: ApiKeyId | null;
  readonly request: RequestFacts;
}

/** What an action is done to; ids only, never personal data. */
export interface Resource {
  readonly type: string;
  readonly id: string;
}
