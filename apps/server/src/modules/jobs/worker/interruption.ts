/** Why a running job is stopped from outside; the reason of its AbortSignal. */
export type InterruptionCause = 'lease-lost' | 'cancelled' | 'stopping';

export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly interruption: InterruptionCause;
  constructor(interruption: InterruptionCause) {
    super(`the job was interrupted: ${interruption}`);
    this.interruption = interruption;
  }
}

/** The cause when the signal has fired by one of ours, else null. */
export function interruptionOf(signal: AbortSignal): InterruptionCause | null {
  const reason: unknown = signal.aborted ? signal.reason : null;
  return reason instanceof Interruption ? reason.interruption : null;
}
