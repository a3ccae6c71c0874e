import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { PlaceChange, PlaceItem } from '../domain/place-kinds.ts';

export interface PlaceQuery {
  /** Id of the last item of the page before. */
  readonly after: string | null;
  readonly limit: number;
  /** Only what stands in this parent; null: in the whole organization. */
  readonly parentId: string | null;
}

/** One level of the hierarchy, in the tenant of the transaction. */
export interface PlaceRepository<Item extends PlaceItem, Draft> {
  /** Null when the name is taken. Throws `TENANCY_PARENT_UNKNOWN`. */
  insert(tx: Transaction, draft: Draft & { readonly id: string }): Promise<Item | null>;
  find(tx: Transaction, id: string): Promise<Item | null>;
  findForUpdate(tx: Transaction, id: string): Promise<Item | null>;
  /** Raises the version. Throws `TENANCY_NAME_TAKEN`, after which the transaction does nothing more. */
  change(tx: Transaction, id: string, change: PlaceChange<Item>): Promise<Item>;
  /** Throws `TENANCY_NOT_EMPTY`, after which the transaction does nothing more. */
  delete(tx: Transaction, id: string): Promise<void>;
  list(tx: Transaction, query: PlaceQuery): Promise<readonly Item[]>;
}
