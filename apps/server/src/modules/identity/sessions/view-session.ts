import type { SessionView } from '@quantumvault/api';
import { isoInstant } from '../../../kernel/clock.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { SubjectKeys } from '../../keys/index.ts';
import { addressField } from './open-session.ts';
import type { StoredSession } from './session-store.ts';

/** A session as it is shown. Its address is opened for whoever may see it; null once the subject's key is destroyed. */
export async function viewSession(
  tx: Transaction,
  session: StoredSession,
  options: { readonly subjectKeys: Pick<SubjectKeys, 'read'>; readonly currentId: string | null },
): Promise<SessionView> {
  const { address } = session;
  return {
    id: session.id,
    subjectId: session.subjectId,
    isCurrent: session.id === options.currentId,
    transport: session.transport,
    createdAt: isoInstant(session.createdAt),
    lastUsedAt: isoInstant(session.lastUsedAt),
    idleEndsAt: isoInstant(session.idleEndsAt),
    endsAt: isoInstant(session.endsAt),
    authenticatedAt: isoInstant(session.authenticatedAt),
    mfaAt: session.mfaAt === null ? null : isoInstant(session.mfaAt),
    sourceAddress: address === null ? null : await options.subjectKeys.read(tx, address, addressField),
    userAgent: session.userAgent,
  };
}
