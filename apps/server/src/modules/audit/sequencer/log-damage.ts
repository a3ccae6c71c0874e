/** What a comparison of the database with the outside store found (AUD-7). */
export type LogDamageReason =
  /** The database holds fewer leaves than the newest outside checkpoint. */
  | 'DATABASE_ROLLED_BACK'
  /** A leaf that the outside tiles hold is gone from the database, or is another one there. */
  | 'DATABASE_FORKED'
  /** Somebody else than the sequencer wrote leaves or heads. */
  | 'DATABASE_WRITTEN_BY_OTHERS'
  /** The outside store holds an older checkpoint than the database says was published there, or none. */
  | 'OUTSIDE_ROLLED_BACK'
  /** The newest outside checkpoint is not signed by this installation's keys, or its tiles do not make its root. */
  | 'OUTSIDE_NOT_OURS';

/** The log is not the one that was published. The sequencer refuses to go on and changes nothing. */
export class LogDamage extends Error {
  override readonly name = 'LogDamage';
  readonly reason: LogDamageReason;
  /** First log index that is known to be wrong, if one is. */
  readonly logIndex: bigint | null;

  constructor(reason: LogDamageReason, message: string, options: { logIndex?: bigint; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.logIndex = options.logIndex ?? null;
  }
}
