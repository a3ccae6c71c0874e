import type { ActorId } from '../../../../kernel/ids.ts';
import type { Transaction } from '../../../../kernel/unit-of-work.ts';

/** Sessions know when their user last proved to be there; this module raises it (ACC-5). */
export interface SessionFreshness {
  /** Marks a session as proven anew, where a time is given; false when it has ended. */
  raise(
    tx: Transaction,
    session: { readonly id: string; readonly subjectId: ActorId },
    shown: { readonly authenticatedAt: Date | null; readonly mfaAt: Date | null },
  ): Promise<boolean>;
}
