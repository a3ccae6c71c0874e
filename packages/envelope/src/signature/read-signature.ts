import type { RandomAccess } from '@quantumvault/crypto';
import { EnvelopeError } from '../errors.ts';
import { framedBytes, unframeSignaturePart } from './signature-part.ts';

/** What stands behind the body of a signed envelope. Nothing of it was checked. */
export interface EnvelopeSignature {
  /** Registry id. */
  readonly algorithm: string;
  /** Bytes of the whole signature part, which are not the body's. */
  readonly partBytes: number;
}

/** Reads the signature part off the end of a signed envelope. Throws TRUNCATED and AUTHENTICATION_FAILED for its form. */
export async function readEnvelopeSignature({ size, read }: RandomAccess): Promise<EnvelopeSignature> {
  const partBytes = size < 4 ? size + 1 : framedBytes(await read(size - 4, 4));
  if (partBytes > size) throw new EnvelopeError('ENVELOPE_TRUNCATED', 'the envelope ends before its signature');
  const { algorithm } = unframeSignaturePart(await read(size - partBytes, partBytes));
  return { algorithm, partBytes };
}
