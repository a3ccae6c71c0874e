import type { Place } from '../../../kernel/access.ts';
import type { Resource } from '../../../kernel/actor.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

/** Knows where the things of one module stand. */
export interface PlaceSource {
  /** Types of resources, as use cases name them to `authorize`. */
  readonly types: readonly string[];
  /** The whole way down to the thing; null when there is no such thing in this organization. */
  placeOf(tx: Transaction, resource: Pick<Resource, 'type' | 'id'>): Promise<Place | null>;
}

/** Where resources stand; null for what belongs to the organization as a whole, and for what does not exist. */
export interface PlaceDirectory {
  placeOf(tenantId: TenantId, resource: Pick<Resource, 'type' | 'id'>): Promise<Place | null>;
}
