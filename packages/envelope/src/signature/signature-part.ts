/*
 * The signature part (QV1-84): which algorithm, and the signature. A pure reader and writer. Whatever is wrong with it
 * is one failure, AUTHENTICATION_FAILED: it stands behind the content, where nobody shall learn from an answer how far
 * a forgery came.
 */
import { encodeCbor } from '@quantumvault/cbor';
import { importVerifyKey } from '@quantumvault/crypto';
import { EnvelopeError, need } from '../errors.ts';
import { HeaderCursor } from '../header/cursor.ts';
import { u32 } from '../header/header.ts';
import type { EnvelopeSigner, PublicSigner } from './signer.ts';

export interface SignaturePart {
  /** Registry id. */
  readonly algorithm: string;
  readonly signature: Uint8Array;
}

/** The longest signature of FIPS 205 has 49,856 bytes. */
export const signaturePartBytesMax = 65_536;
const failed = 'ENVELOPE_AUTHENTICATION_FAILED';
const fieldNames = ['alg', 'signature'];
const lengthBytes = 4;

function encodeSignaturePart({ algorithm, signature }: SignaturePart): Uint8Array {
  const bytes = encodeCbor(
    new Map<string, string | Uint8Array>([
      ['alg', algorithm],
      ['signature', signature],
    ]),
  );
  need(bytes.length <= signaturePartBytesMax, 'ENVELOPE_LIMIT', 'the signature is longer than any may be');
  return bytes;
}

/** Throws AUTHENTICATION_FAILED for all but the one form that it can have. */
export function decodeSignaturePart(bytes: Uint8Array): SignaturePart {
  const fields = new Map<string, unknown>();
  try {
    const cursor = new HeaderCursor(bytes, 0);
    cursor.map(fieldNames.length, (name) => fields.set(name, cursor.scalar()));
    cursor.end();
  } catch (cause) {
    throw new EnvelopeError(failed, 'the signature is not in the form it must have', { cause });
  }
  const [algorithm, signature] = [fields.get('alg'), fields.get('signature')];
  if (fields.size === 2 && typeof algorithm === 'string' && signature instanceof Uint8Array) {
    return { algorithm, signature };
  }
  throw new EnvelopeError(failed, 'the signature is not in the form it must have');
}

/** Length, part, and the length again: streams find the part from the front, ranges from the back. */
export function frameSignaturePart(part: SignaturePart): Uint8Array[] {
  const bytes = encodeSignaturePart(part);
  return [u32(bytes.length), bytes, u32(bytes.length)];
}

const readU32 = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getUint32(0);

/** What stands between the two lengths. Throws TRUNCATED and AUTHENTICATION_FAILED. */
export function unframeSignaturePart(bytes: Uint8Array): SignaturePart {
  need(bytes.length >= lengthBytes, 'ENVELOPE_TRUNCATED', 'the envelope ends before its signature');
  const length = readU32(bytes);
  need(length <= signaturePartBytesMax, failed, 'the signature is longer than any may be');
  const whole = length + 2 * lengthBytes;
  need(bytes.length >= whole, 'ENVELOPE_TRUNCATED', 'the envelope ends within its signature');
  need(bytes.length === whole, failed, 'bytes follow the signature');
  const isSame = readU32(bytes.subarray(whole - lengthBytes)) === length;
  need(isSame, failed, 'the two lengths of the signature differ');
  return decodeSignaturePart(bytes.subarray(lengthBytes, lengthBytes + length));
}

/** Bytes of a framed part whose length stands in its last four bytes. Throws AUTHENTICATION_FAILED. */
export function framedBytes(lastFour: Uint8Array): number {
  const length = readU32(lastFour);
  need(length <= signaturePartBytesMax, failed, 'the signature is longer than any may be');
  return length + 2 * lengthBytes;
}

/** Signs, and names the algorithm. */
export async function signMessage({ signer, sign }: EnvelopeSigner, message: Uint8Array): Promise<SignaturePart> {
  return { algorithm: signer.algorithm, signature: await sign(message) };
}

/** Throws AUTHENTICATION_FAILED unless `signer` made this signature. */
export async function needSignature(signer: PublicSigner, part: SignaturePart, message: Uint8Array): Promise<void> {
  const { algorithm, signature } = part;
  const isSigners = algorithm === signer.algorithm;
  const isGenuine = isSigners && (await importVerifyKey(signer).verifyAsync({ message, signature }));
  need(isGenuine, failed, 'the signature is not genuine');
}
