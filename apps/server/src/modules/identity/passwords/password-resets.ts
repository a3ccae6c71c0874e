import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

/** One-time tokens of administrators, of which a hash is stored. */
export interface PasswordResets {
  /** Before an organization is known; null for a token that was never given out, was used, or has expired. */
  find(hash: Uint8Array): Promise<{ readonly tenantId: TenantId; readonly subjectId: ActorId } | null>;
  /** Takes the place of the subject's former token. Returns when it expires. */
  put(
    tx: Transaction,
    reset: {
      readonly hash: Uint8Array;
      readonly subjectId: ActorId;
      readonly createdBy: ActorId;
      readonly lifetimeSeconds: number;
    },
  ): Promise<Date>;
  /** Uses a token up; false when somebody else has, or when whoever made it is not active any more. */
  consume(tx: Transaction, hash: Uint8Array): Promise<boolean>;
}
