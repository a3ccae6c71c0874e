import type { TrustedCheckpoint, TrustedTiles } from '@quantumvault/tlog';

/** A head of the log as it is held outside the database, verified, with its tiles. */
export interface PublishedHead {
  readonly checkpoint: TrustedCheckpoint;
  /** Throws `AUDIT_OUTSIDE_UNREADABLE` when the tiles are gone or do not make the checkpoint's root. */
  tiles(): Promise<TrustedTiles>;
}

/** What is held outside the database (AUD-4): the measure for exports, proofs and verification. */
export interface PublishedLog {
  /** The newest head, or null before the first. Throws `AUDIT_OUTSIDE_UNREADABLE` when it cannot be read or believed. */
  newest(): Promise<PublishedHead | null>;
  /** The newest head once it covers `size` leaves, or the newest there is when that takes too long. */
  newestOver(size: bigint, timeoutMs: number): Promise<PublishedHead | null>;
}
