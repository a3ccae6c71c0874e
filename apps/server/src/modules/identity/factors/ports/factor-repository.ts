import type { ActorId } from '../../../../kernel/ids.ts';
import type { Transaction } from '../../../../kernel/unit-of-work.ts';
import type { WrappedSecret } from '../../../keys/index.ts';

export interface StoredTotp {
  readonly id: string;
  readonly secret: WrappedSecret;
  readonly lastStep: bigint;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/** Authenticator apps and recovery codes of the transaction's organization. Each change that may race is one statement. */
export interface FactorRepository {
  activeTotp(tx: Transaction, subjectId: ActorId): Promise<StoredTotp | null>;
  /** Begins an enrolment in the place of one that was begun before. Returns when it ends. */
  startTotp(tx: Transaction, subjectId: ActorId, totp: { id: string; secret: WrappedSecret }): Promise<Date>;
  /** Counts an attempt against the enrolment; null when there is none, it has ended, or it was tried too often. */
  tryPendingTotp(tx: Transaction, subjectId: ActorId): Promise<StoredTotp | null>;
  /** Puts the pending app in the place of the active one; false when the enrolment is another one by now. */
  activateTotp(tx: Transaction, subjectId: ActorId, totp: { id: string; step: bigint }): Promise<boolean>;
  /** Uses a step up; false when it, or a later one, was used: of any number at once one gets true. */
  useTotpStep(tx: Transaction, subjectId: ActorId, totp: { id: string; step: bigint }): Promise<boolean>;
  removeTotp(tx: Transaction, subjectId: ActorId): Promise<boolean>;

  replaceRecoveryCodes(tx: Transaction, subjectId: ActorId, hashes: readonly Uint8Array[]): Promise<void>;
  /** Uses a code up; of any number at once one gets true. */
  useRecoveryCode(tx: Transaction, subjectId: ActorId, hash: Uint8Array): Promise<boolean>;
  recoveryCodesLeft(tx: Transaction, subjectId: ActorId): Promise<number>;
  removeRecoveryCodes(tx: Transaction, subjectId: ActorId): Promise<void>;

  /** Waits for every other attempt of this user. Null when codes may be tried, else until when they may not. */
  lockAttempts(tx: Transaction, subjectId: ActorId): Promise<Date | null>;
  /** Counts a code that did not fit. Returns until when no more are tried, when it was one too many. */
  countFailure(tx: Transaction, subjectId: ActorId, limits: AttemptLimits): Promise<Date | null>;
  forgetFailures(tx: Transaction, subjectId: ActorId): Promise<void>;
}

export interface AttemptLimits {
  readonly failuresMax: number;
  readonly lockSeconds: number;
  readonly lockSecondsMax: number;
}
