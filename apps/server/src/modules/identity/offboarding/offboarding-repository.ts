import type { OffboardingView } from '@quantumvault/api';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { SeenCredential } from './seen-credentials.ts';

/** Something that a subject has and that off-boarding takes away; the module that keeps it provides this. */
export interface Revocation {
  readonly of: keyof OffboardingView['revoked'];
  /** Gives how many there were. */
  revoke(tx: Transaction, subjectId: string): Promise<number>;
}

export interface OffboardingRepository {
  /** What the subject has seen, newest first, at most `limit`. */
  seen(tx: Transaction, subjectId: string, limit: number): Promise<readonly SeenCredential[]>;
  serviceAccountsOf(tx: Transaction, subjectId: string): Promise<readonly string[]>;
  insertReport(
    tx: Transaction,
    report: Omit<OffboardingView, 'offboardedAt'>,
  ): Promise<{ readonly offboardedAt: Date }>;
  lastReport(tx: Transaction, subjectId: string): Promise<OffboardingView | null>;
}
