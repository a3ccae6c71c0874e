// Keys of QV1 are written in Bech32m; its errors get the codes of this package.
import { Bech32Error, decodeBech32, encodeBech32 } from '@quantumvault/bech32';
import { EnvelopeError } from '../errors.ts';

/** `prefix`, the digit one, and payload with checksum, as lower-case ASCII. */
export function encodeBech32m(prefix: string, payload: Uint8Array): Uint8Array {
  return encodeBech32('bech32m', prefix, payload);
}

/** The payload behind `prefix`. Throws MALFORMED for another prefix, a wrong checksum, and mixed case, and LIMIT. */
export function decodeBech32m(prefix: string, text: Uint8Array): Uint8Array {
  try {
    return decodeBech32('bech32m', prefix, text);
  } catch (error) {
    if (!(error instanceof Bech32Error)) throw error;
    const code = error.code === 'BECH32_LIMIT' ? 'ENVELOPE_LIMIT' : 'ENVELOPE_MALFORMED';
    throw new EnvelopeError(code, error.message, { cause: error });
  }
}
