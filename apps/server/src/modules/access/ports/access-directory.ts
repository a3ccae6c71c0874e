import type { Access } from '../../../kernel/access.ts';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import type { Person } from '../../../kernel/person.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

export type SubjectKind = 'user' | 'service-account' | 'device';

/** What subjects were given. */
export interface AccessDirectory {
  /** The access of an active subject as of a version of its organization's access; the same version is compiled once. */
  at(subject: { readonly tenantId: TenantId; readonly subjectId: ActorId; readonly version: bigint }): Promise<Access>;
  /** The access of a subject as it is in this transaction; null when there is no such subject or it is not active. */
  now(tx: Transaction, subjectId: ActorId): Promise<Access | null>;
  /** What a subject is; null when there is no such one. */
  kindOf(tx: Transaction, subjectId: ActorId): Promise<SubjectKind | null>;
  /**
   * Who stands behind subjects: owners of service accounts, and all who can act for a subject since they hold what it proves itself
   * with. `since`: also those who could at some time after it, and have given that up.
   */
  personsOf(tx: Transaction, subjectIds: readonly string[], since?: Date): Promise<ReadonlyMap<string, Person>>;
}
