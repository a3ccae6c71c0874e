import type { ActorId, NewId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { MustChange } from '../sessions/session.ts';
import type { PasswordStore } from './password-store.ts';

/** Tells whether a password is on a list of stolen ones. */
export interface BreachedPasswords {
  has(password: string): Promise<boolean>;
}

/** What is known of passwords besides their hash: their age, what forces a change, what was used before. */
export class PasswordRecords {
  readonly #store: PasswordStore;
  readonly #breached: BreachedPasswords;
  readonly #newId: NewId;
  constructor(options: { store: PasswordStore; breached: BreachedPasswords; newId: NewId }) {
    this.#store = options.store;
    this.#breached = options.breached;
    this.#newId = options.newId;
  }

  isBreached(password: string): Promise<boolean> {
    return this.#breached.has(password);
  }

  requireChange(
    tx: Transaction,
    { subjectId, because }: { subjectId: ActorId; because: 'administrator' | 'breached' },
  ): Promise<void> {
    return this.#store.requireChange(tx, subjectId, because);
  }

  /** What was decided by somebody comes before age. */
  async mustChange(
    tx: Transaction,
    { subjectId, ageDaysMax }: { subjectId: ActorId; ageDaysMax: number | null },
  ): Promise<MustChange | null> {
    const state = await this.#store.state(tx, subjectId, ageDaysMax);
    return state.mustChange ?? (state.isTooOld ? 'expired' : null);
  }

  /** The hash of the user's password; null without one. */
  current(tx: Transaction, subjectId: ActorId): Promise<string | null> {
    return this.#store.current(tx, subjectId);
  }

  former(tx: Transaction, subjectId: ActorId, count: number): Promise<readonly string[]> {
    return this.#store.former(tx, subjectId, count);
  }

  /** The same password under a stronger hash: no change of it. */
  async strengthen(tx: Transaction, { subjectId, from, to }: { subjectId: ActorId; from: string; to: string }) {
    await this.#store.replace(tx, { subjectId, from, to });
  }

  /** A new password; false when another one was set since `from` was read. Keeps as many former ones as will be asked for. */
  async set(
    tx: Transaction,
    { subjectId, from, to }: { subjectId: ActorId; from: string | null; to: string },
  ): Promise<boolean> {
    if (!(await this.#store.replace(tx, { subjectId, from, to }))) return false;
    if (from !== null) await this.#store.keepFormer(tx, { id: this.#newId<string>(), subjectId, passwordHash: from });
    await this.#store.changed(tx, subjectId);
    return true;
  }
}
