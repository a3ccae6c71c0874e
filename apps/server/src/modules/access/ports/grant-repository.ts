import type { Reach } from '@quantumvault/access';
import type { Place } from '../../../kernel/access.ts';
import type { ActorId, GrantId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { GrantSource, StoredGrant } from '../domain/grant.ts';
import type { HeldRole } from '../domain/role.ts';

export interface NewGrant {
  readonly id: GrantId;
  readonly subjectId: ActorId;
  readonly effect: 'allow' | 'deny';
  readonly role: HeldRole;
  readonly place: Place | null;
  readonly notBefore: Date | null;
  readonly expiresAt: Date | null;
  readonly rules: Readonly<Record<string, unknown>>;
  readonly source: GrantSource;
  readonly grantedBy: ActorId;
}

export interface GrantFilter {
  readonly subjectId?: string | undefined;
  readonly includeRevoked: boolean;
  /** Null: all of them. */
  readonly reach: Reach | null;
  readonly before: string | null;
  readonly limit: number;
}

/** Grants of the transaction's tenant. */
export interface GrantRepository {
  /**
   * The subject, locked until the transaction ends, when it can be given something: active. Of the invited nobody knows yet
   * who has the token; they have what their invitation says.
   */
  holdSubject(tx: Transaction, subjectId: string): Promise<{ readonly kind: string } | null>;
  /** How people call the subject; null when there is none. */
  nameOf(tx: Transaction, subjectId: string): Promise<string | null>;
  /** Grants of a subject that are not revoked. */
  count(tx: Transaction, subjectId: string): Promise<number>;
  insert(tx: Transaction, grant: NewGrant): Promise<StoredGrant>;
  find(tx: Transaction, id: string): Promise<StoredGrant | null>;
  findForUpdate(tx: Transaction, id: string): Promise<StoredGrant | null>;
  list(tx: Transaction, filter: GrantFilter): Promise<readonly StoredGrant[]>;
  revoke(tx: Transaction, id: string): Promise<void>;
  /**
   * Active users who administer the whole organization for good: without conditions, end, or a denial that covers it.
   * Two stand for any number. Counts under a lock, so that two administrators cannot remove each other.
   */
  countAdministrators(tx: Transaction): Promise<number>;
}
