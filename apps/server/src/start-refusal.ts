/** The server will not start as things are; the message tells the operator why. */
export class StartRefusal extends Error {
  override readonly name = 'StartRefusal';
  /** Trying again changes nothing before somebody acts. */
  readonly isFinal: boolean;
  constructor(message: string, options: { isFinal: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.isFinal = options.isFinal;
  }
}
