import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { EndReason, MustChange, Transport } from './session.ts';

export interface SealedAddress {
  readonly keyId: string;
  readonly suite: string;
  readonly bytes: Uint8Array;
}

export interface NewSession {
  readonly id: string;
  readonly subjectId: ActorId;
  readonly transport: Transport;
  readonly idleSeconds: number;
  readonly lifetimeSeconds: number;
  readonly authenticatedAt: Date;
  readonly mfaAt: Date | null;
  readonly csrfHash: Uint8Array | null;
  readonly mustChange: MustChange | null;
  readonly address: SealedAddress | null;
  readonly userAgent: string | null;
}

export interface StoredSession {
  readonly id: string;
  readonly subjectId: string;
  readonly transport: Transport;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly idleEndsAt: Date;
  readonly endsAt: Date;
  readonly authenticatedAt: Date;
  readonly mfaAt: Date | null;
  readonly address: SealedAddress | null;
  readonly userAgent: string | null;
}

/** Sessions of the transaction's organization. Whether one has ended is judged by the database's clock. */
export interface SessionStore {
  /** Waits for others that begin or end sessions of this subject, so that limits are counted by one at a time. */
  lockSubject(tx: Transaction, subjectId: ActorId): Promise<void>;
  /** Returns when the session ends at the latest. */
  insert(tx: Transaction, session: NewSession): Promise<Date>;
  insertRefreshToken(
    tx: Transaction,
    token: { readonly sessionId: string; readonly hash: Uint8Array; readonly generation: number },
  ): Promise<void>;
  /** Makes `next` the current token in the place of `current`; null when that one was replaced before or the session has ended. */
  replaceRefreshToken(
    tx: Transaction,
    token: { readonly sessionId: string; readonly current: Uint8Array; readonly next: Uint8Array },
  ): Promise<{ readonly endsAt: Date; readonly mustChange: MustChange | null } | null>;
  /** Sessions that have not ended, newest first. */
  live(tx: Transaction, subjectId: ActorId): Promise<readonly StoredSession[]>;
  /** Ends sessions that have not ended; the ids of those. `ids` null: all of the subject. */
  end(
    tx: Transaction,
    which: { readonly subjectId: ActorId; readonly ids: readonly string[] | null; readonly reason: EndReason },
  ): Promise<readonly string[]>;
}
