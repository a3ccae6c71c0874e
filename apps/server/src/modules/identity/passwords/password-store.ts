import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

/** As many former hashes as any organization may ask for are kept; older ones go. */
export const formerPasswordsMax = 24;

export interface PasswordStore {
  state(
    tx: Transaction,
    subjectId: ActorId,
    ageDaysMax: number | null,
  ): Promise<{ readonly mustChange: 'administrator' | 'breached' | null; readonly isTooOld: boolean }>;
  requireChange(tx: Transaction, subjectId: ActorId, because: 'administrator' | 'breached'): Promise<void>;
  /** Null: no such user, or one without a password. */
  current(tx: Transaction, subjectId: ActorId): Promise<string | null>;
  /** The newest first. */
  former(tx: Transaction, subjectId: ActorId, count: number): Promise<readonly string[]>;
  /** Puts `to` in the place of `from`; false when the stored hash is another one, or there is no such user. */
  replace(
    tx: Transaction,
    change: { readonly subjectId: ActorId; readonly from: string | null; readonly to: string },
  ): Promise<boolean>;
  keepFormer(
    tx: Transaction,
    former: { readonly id: string; readonly subjectId: ActorId; readonly passwordHash: string },
  ): Promise<void>;
  /** The password is new: its age begins, and nothing forces a change. */
  changed(tx: Transaction, subjectId: ActorId): Promise<void>;
}
