import type { SecondFactorMethod } from '@quantumvault/api';
import type { ActorId } from '../../../../kernel/ids.ts';
import type { Transaction } from '../../../../kernel/unit-of-work.ts';

/** Whether a right password is enough (ACC-5). */
export interface SecondFactors {
  /** What a user may show as the second factor; null when none is asked for. In the user's organization. */
  required(
    tx: Transaction,
    subject: { readonly subjectId: ActorId },
  ): Promise<{ readonly methods: readonly SecondFactorMethod[] } | null>;
}

/** Nobody has a second factor. */
export const noSecondFactors: SecondFactors = { required: async () => null };
