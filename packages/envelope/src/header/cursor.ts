import { CborCursor } from '@quantumvault/cbor';
import { EnvelopeError } from '../errors.ts';

/** Reads CBOR with the errors of this package: another type or another spelling is MALFORMED. */
export class HeaderCursor extends CborCursor {
  protected override fail(message: string, options?: ErrorOptions): Error {
    return new EnvelopeError('ENVELOPE_MALFORMED', message, options);
  }
}
