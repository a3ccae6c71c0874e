import type { Reach } from '@quantumvault/access';
import type { Place } from '../../../kernel/access.ts';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { HeldRole } from '../domain/role.ts';
import type { BreakGlass, Notice, StoredRequest } from '../domain/temporary.ts';

export interface NewRequest {
  readonly id: string;
  readonly subjectId: ActorId;
  readonly role: HeldRole;
  readonly place: Place | null;
  readonly durationSeconds: number;
  readonly reason: string;
}

interface Page {
  readonly before: string | null;
  readonly limit: number;
}

/** Access for a time, in the tenant of the transaction (ACC-8). What lapses and is due is judged by the database's clock. */
export interface TemporaryRepository {
  now(tx: Transaction): Promise<Date>;
  /** Counts under a lock on the subject. */
  countPending(tx: Transaction, subjectId: ActorId): Promise<number>;
  insertRequest(tx: Transaction, request: NewRequest): Promise<StoredRequest>;
  findRequestForUpdate(tx: Transaction, id: string): Promise<StoredRequest | null>;
  /** Those of the subject, and those within the reach; reach null: all. */
  listRequests(
    tx: Transaction,
    filter: Page & { readonly subjectId: ActorId; readonly reach: Reach | null },
  ): Promise<readonly StoredRequest[]>;
  decideRequest(
    tx: Transaction,
    id: string,
    decision: {
      readonly status: 'approved' | 'denied' | 'withdrawn';
      readonly by: ActorId;
      readonly reason: string | null;
      readonly grantId: string | null;
    },
  ): Promise<StoredRequest>;
  /** Whether one person stands, or stood at some time since then, behind two subjects. */
  isSamePerson(
    tx: Transaction,
    of: { readonly one: ActorId; readonly other: ActorId; readonly since: Date },
  ): Promise<boolean>;

  insertBreakGlass(
    tx: Transaction,
    broken: { readonly grantId: string; readonly subjectId: ActorId; readonly reason: string },
  ): Promise<BreakGlass>;
  findBreakGlassForUpdate(tx: Transaction, grantId: string): Promise<BreakGlass | null>;
  listBreakGlass(
    tx: Transaction,
    filter: Page & { readonly reach: Reach | null; readonly unreviewedOnly: boolean },
  ): Promise<readonly BreakGlass[]>;
  /** Of the subject, unreviewed after its time. */
  hasOverdueReview(tx: Transaction, subjectId: ActorId): Promise<boolean>;
  review(
    tx: Transaction,
    grantId: string,
    review: { readonly by: ActorId; readonly verdict: 'justified' | 'unjustified'; readonly note: string },
  ): Promise<BreakGlass>;
  countUnreviewed(tx: Transaction): Promise<{ readonly unreviewed: number; readonly overdue: number }>;

  /** One notice for each administrator of the organization but the subject; gives how many. */
  notifyAdministrators(
    tx: Transaction,
    about: { readonly kind: Notice['kind']; readonly resourceId: string; readonly except: ActorId },
  ): Promise<number>;
  listNotices(tx: Transaction, filter: Page & { readonly subjectId: ActorId }): Promise<readonly Notice[]>;
  /** False when the subject has no such notice. */
  markRead(tx: Transaction, subjectId: ActorId, id: string): Promise<boolean>;

  /** True the first time that a grant is used. */
  noteFirstUse(tx: Transaction, grantId: string): Promise<boolean>;
  /** The subject of a grant that has ended; null when somebody else has noted its end. */
  noteExpiry(tx: Transaction, grantId: string): Promise<{ readonly subjectId: string; readonly source: string } | null>;
}

/** The worker's side, over all tenants and without any content. */
export interface ExpiredGrants {
  list(limit: number): Promise<readonly { readonly id: string; readonly tenantId: TenantId }[]>;
}
