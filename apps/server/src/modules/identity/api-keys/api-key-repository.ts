import type { ApiKeyView } from '@quantumvault/api';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { KeyLimits } from './key-limits.ts';

export interface StoredApiKey extends KeyLimits {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly owner: ApiKeyView['owner'];
  readonly state: ApiKeyView['state'];
  readonly origin: ApiKeyView['origin'];
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly replaces: string | null;
  readonly replacedBy: string | null;
}

export interface KeyPlace {
  readonly environmentId: string | null;
  readonly projectId: string | null;
  readonly serviceId: string | null;
}

export interface NewKeyRow extends KeyPlace {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly prefix: string;
  readonly secretHash: Uint8Array;
  readonly permissions: readonly string[] | null;
  readonly allowedNetworks: readonly string[];
  readonly createdBy: string;
  readonly replaces: string | null;
  /** Seconds from now; null: for ever. */
  readonly lifeSeconds: number | null;
}

export interface ApiKeyRepository {
  list(
    tx: Transaction,
    query: { before: string | null; limit: number; ownerId: string | null; includeEnded: boolean },
  ): Promise<readonly StoredApiKey[]>;
  find(tx: Transaction, id: string): Promise<StoredApiKey | null>;
  /** As {@link find}, and nobody else changes the key before this transaction ends. */
  hold(tx: Transaction, id: string): Promise<StoredApiKey | null>;
  insert(tx: Transaction, key: NewKeyRow): Promise<void>;
  revoke(tx: Transaction, id: string): Promise<void>;
  /** The key ends in so many seconds, or earlier when it would anyway. */
  endWithin(tx: Transaction, id: string, seconds: number): Promise<void>;
  /** Usable keys of a subject; counted one after another within an organization. */
  countUsable(tx: Transaction, ownerId: string): Promise<number>;
}
