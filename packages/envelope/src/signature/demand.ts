import { EnvelopeError, need } from '../errors.ts';
import type { EnvelopeCore } from '../header/core.ts';
import { findSigner, type PublicSigner, type SignatureDemand } from './signer.ts';

/** The message of the refusal when a reader said nothing, for programs that add how to say it. */
export const signerUnsaid = 'the envelope is signed, and nobody said whose signature to expect';

/**
 * Compares what the core says of its signer with what the reader wants, before any key is used (QV1-17, QV1-87). Gives the
 * signer whose signature must then be checked. Throws UNSUPPORTED for a signed envelope when the reader said nothing, and
 * AUTHENTICATION_FAILED when it is not signed by one of the expected signers.
 */
export function needSignatureDemand(
  { signer }: Pick<EnvelopeCore, 'signer'>,
  demand: SignatureDemand | undefined,
): PublicSigner | undefined {
  if (demand === 'unchecked') return undefined;
  if (demand === undefined) {
    need(signer === null, 'ENVELOPE_UNSUPPORTED', signerUnsaid);
    return undefined;
  }
  const found = signer === null ? undefined : findSigner(demand.signers, signer);
  if (found !== undefined) return found;
  const whose = signer === null ? 'not signed' : 'signed by another than expected';
  throw new EnvelopeError('ENVELOPE_AUTHENTICATION_FAILED', `the envelope is ${whose}`);
}

/** For readers that do not see the whole body, and for rewraps, which pass it on: they check no signature and say so. */
export function needNoDemand(demand: SignatureDemand | undefined): 'unchecked' {
  const isNone = demand === undefined || demand === 'unchecked';
  need(isNone, 'ENVELOPE_UNSUPPORTED', 'a signature is checked by opening the whole envelope');
  return 'unchecked';
}
