/*
 * Body and signature of a signed envelope as streams (ENV-7). What is signed is the core's hash and the hash of the
 * body's bytes, so a signature survives a rewrap, and it is bound to everything that the core says.
 */
import { ByteQueue, type ByteSource, Sha512 } from '@quantumvault/crypto';
import { need } from '../errors.ts';
import { BodyEnd } from './body-end.ts';
import {
  frameSignaturePart,
  needSignature,
  type SignaturePart,
  signaturePartBytesMax,
  signMessage,
  unframeSignaturePart,
} from './signature-part.ts';
import type { EnvelopeSigner, PublicSigner } from './signer.ts';

const label = new TextEncoder().encode('QV1 sig');
const trailerBytesMax = signaturePartBytesMax + 8;

/** QV1-86. All three parts have one length each, so no two meanings share these bytes. */
export function signedMessage(coreHash: Uint8Array, bodyHash: Uint8Array): Uint8Array {
  return new Uint8Array([...label, ...coreHash, ...bodyHash]);
}

/** The body, and behind it the signature over it. */
export async function* signBody(
  body: AsyncIterable<Uint8Array>,
  { signer, coreHash }: { readonly signer: EnvelopeSigner; readonly coreHash: Uint8Array },
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = new Sha512();
  for await (const chunk of body) {
    hash.update(chunk); // Before it is given away.
    yield chunk;
  }
  yield* frameSignaturePart(await signMessage(signer, signedMessage(coreHash, hash.digest())));
}

export interface SignedBody {
  readonly segmentBytes: number;
  readonly coreHash: Uint8Array;
  /** Undefined to go without checking the signature. */
  readonly signer: PublicSigner | undefined;
}

/**
 * The body alone of a body and a signature. It ends only when the signature was read to its end and, with a signer, found
 * genuine; a reader of FLOE holds the last segment back until then. The sender chooses how long a segment is, so whoever
 * must not act on unsigned content keeps all of it until the end.
 * Throws TRUNCATED and AUTHENTICATION_FAILED.
 */
export async function* readSignedBody(
  source: ByteSource,
  { segmentBytes, coreHash, signer }: SignedBody,
): AsyncGenerator<Uint8Array, void, undefined> {
  const [hash, end, trailer] = [new Sha512(), new BodyEnd(segmentBytes), new ByteQueue()];
  for await (const chunk of source) {
    const bodyLength = end.take(chunk);
    const body = chunk.subarray(0, bodyLength);
    if (signer !== undefined) hash.update(body);
    if (bodyLength > 0) yield body;
    const isBounded = trailer.length + chunk.length - bodyLength <= trailerBytesMax;
    need(isBounded, 'ENVELOPE_AUTHENTICATION_FAILED', 'bytes follow the signature');
    trailer.push(chunk.slice(bodyLength)); // A copy: sources may use the memory of a chunk again.
  }
  if (!end.isReached) return; // FLOE says that it is truncated.
  const part: SignaturePart = unframeSignaturePart(trailer.takeBytes(trailer.length));
  if (signer !== undefined) await needSignature(signer, part, signedMessage(coreHash, hash.digest()));
}
