import type { ActorId } from '../../../../kernel/ids.ts';
import type { Transaction } from '../../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../../platform/postgres/unit-of-work.ts';
import type { SessionFreshness } from '../ports/session-freshness.ts';

export class PostgresSessionFreshness implements SessionFreshness {
  async raise(
    tx: Transaction,
    session: { id: string; subjectId: ActorId },
    shown: { authenticatedAt: Date | null; mfaAt: Date | null },
  ): Promise<boolean> {
    const raised = await sqlOf(tx)
      .updateTable('session')
      .set({
        ...(shown.authenticatedAt === null ? {} : { authenticated_at: shown.authenticatedAt }),
        ...(shown.mfaAt === null ? {} : { mfa_at: shown.mfaAt }),
      })
      .where('id', '=', session.id)
      .where('subject_id', '=', session.subjectId)
      .where('revoked_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    return raised !== undefined;
  }
}
