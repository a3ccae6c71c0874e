/*
 * Detached signatures (QV1-90 to QV1-94): a small file beside content of any kind, which says who signed it, when, and for
 * which place. The signature covers what it says as well as the content, so one that was made for one purpose or context
 * is refused in another.
 */
import { type CborValue, encodeCbor } from '@quantumvault/cbor';
import { ByteQueue, type ByteSource, Sha512 } from '@quantumvault/crypto';
import { EnvelopeError, need } from '../errors.ts';
import { type Context, needContext, needInstant, needTenant, readContext, sameContext } from '../header/context.ts';
import { HeaderCursor } from '../header/cursor.ts';
import { u32 } from '../header/header.ts';
import {
  frameSignaturePart,
  needSignature,
  type SignaturePart,
  signaturePartBytesMax,
  signMessage,
  unframeSignaturePart,
} from './signature-part.ts';
import { type EnvelopeSigner, findSigner, type PublicSigner } from './signer.ts';

/** What a detached signature is bound to besides the content. */
export interface DetachedFacts {
  /** UUID of the organization, or `noTenant`. */
  readonly tenant: string;
  /** What the signature is for: a lower-case word such as `file` or `release`. */
  readonly purpose: string;
  readonly context: Context;
}

/** What a detached signature says of itself; authentic once it was verified. */
export interface DetachedSignature extends DetachedFacts {
  readonly fingerprint: Uint8Array;
  /** Milliseconds since 1970, by the signer's clock. */
  readonly createdAt: number;
  /** Length of the content. */
  readonly length: number;
  /** Registry id. */
  readonly algorithm: string;
}

type Facts = Omit<DetachedSignature, 'algorithm'>;

interface Parsed {
  readonly facts: Facts;
  readonly factsBytes: Uint8Array;
  readonly part: SignaturePart;
}

const magic = Uint8Array.of(0x51, 0x56, 0x53, 0x31); // QVS1
const label = new TextEncoder().encode('QV1 detached');
const factsBytesMax = 16_384;
/** No detached signature is longer. */
export const detachedBytesMax: number = magic.length + 4 + factsBytesMax + 8 + signaturePartBytesMax;
const fieldNames = ['signer', 'tenant', 'purpose', 'context', 'created', 'length'];
const purposePattern = /^[a-z][a-z0-9-]{0,63}$/;

function needFacts({ tenant, purpose, context, createdAt, fingerprint, length }: Facts): void {
  needTenant(tenant);
  needContext(context);
  needInstant(createdAt);
  need(purposePattern.test(purpose), 'ENVELOPE_MALFORMED', 'the purpose is a lower-case word of at most 64 letters');
  need(fingerprint.length === 32, 'ENVELOPE_MALFORMED', 'the fingerprint of a signer has 32 bytes');
  need(Number.isSafeInteger(length) && length >= 0, 'ENVELOPE_MALFORMED', 'the length of the content is no length');
}

function encodeFacts(facts: Facts): Uint8Array {
  needFacts(facts);
  const { fingerprint, tenant, purpose, context, createdAt, length } = facts;
  const bytes = encodeCbor(
    new Map<string, CborValue>([
      ['signer', fingerprint],
      ['tenant', tenant],
      ['purpose', purpose],
      ['context', new Map(Object.entries(context))],
      ['created', createdAt],
      ['length', length],
    ]),
  );
  need(bytes.length <= factsBytesMax, 'ENVELOPE_LIMIT', `what a signature says has at most ${factsBytesMax} bytes`);
  return bytes;
}

function decodeFacts(bytes: Uint8Array): Facts {
  const cursor = new HeaderCursor(bytes, 0);
  const fields = new Map<string, unknown>();
  let context: Context = {};
  cursor.map(fieldNames.length + 8, (name) => {
    need(fieldNames.includes(name), 'ENVELOPE_UNSUPPORTED', 'the signature has a field that is not known');
    if (name === 'context') context = readContext(cursor);
    fields.set(name, name === 'context' ? context : cursor.scalar());
  });
  cursor.end();
  for (const name of fieldNames) need(fields.has(name), 'ENVELOPE_MALFORMED', `the signature has no ${name}`);
  const [fingerprint, tenant, purpose, createdAt, length] = ['signer', 'tenant', 'purpose', 'created', 'length'].map(
    (name) => fields.get(name),
  );
  if (
    fingerprint instanceof Uint8Array &&
    typeof tenant === 'string' &&
    typeof purpose === 'string' &&
    typeof createdAt === 'number' &&
    typeof length === 'number'
  ) {
    const facts = { fingerprint, tenant, purpose, context, createdAt, length };
    needFacts(facts);
    return facts;
  }
  throw new EnvelopeError('ENVELOPE_MALFORMED', 'a field of the signature has another type than it must have');
}

function parse(bytes: Uint8Array): Parsed {
  const isOurs = magic.every((byte, at) => bytes[at] === byte);
  need(isOurs, 'ENVELOPE_MALFORMED', 'not a detached signature of QuantumVault');
  need(bytes.length <= detachedBytesMax, 'ENVELOPE_LIMIT', `a signature file has at most ${detachedBytesMax} bytes`);
  const from = magic.length + 4;
  need(bytes.length >= from, 'ENVELOPE_TRUNCATED', 'the signature ends too early');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magic.length);
  need(length <= factsBytesMax, 'ENVELOPE_LIMIT', `what a signature says has at most ${factsBytesMax} bytes`);
  need(bytes.length >= from + length, 'ENVELOPE_TRUNCATED', 'the signature ends too early');
  const factsBytes = bytes.slice(from, from + length);
  return { facts: decodeFacts(factsBytes), factsBytes, part: unframeSignaturePart(bytes.subarray(from + length)) };
}

/** QV1-92. Every part but the facts has one length, and theirs stands before them. */
function detachedMessage(factsBytes: Uint8Array, contentHash: Uint8Array): Uint8Array {
  return new Uint8Array([...label, ...u32(factsBytes.length), ...factsBytes, ...contentHash]);
}

async function digestOf(source: ByteSource): Promise<{ hash: Uint8Array; length: number }> {
  const hash = new Sha512();
  let length = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { hash: hash.digest(), length };
}

/**
 * Signs content in constant memory. Gives the bytes of the signature file. Throws MALFORMED and LIMIT for facts outside the
 * format, and whatever the source and the signer throw.
 */
export async function signContent(
  source: ByteSource,
  { signer, ...given }: DetachedFacts & { readonly createdAt: number; readonly signer: EnvelopeSigner },
): Promise<Uint8Array> {
  const { fingerprint } = signer.signer;
  encodeFacts({ ...given, fingerprint, length: 0 }); // Bad facts are named before the content is read.
  const { hash, length } = await digestOf(source);
  const factsBytes = encodeFacts({ ...given, fingerprint, length });
  const part = await signMessage(signer, detachedMessage(factsBytes, hash));
  return joined([magic, u32(factsBytes.length), factsBytes, ...frameSignaturePart(part)]);
}

/** What a signature file says. Nothing is checked but its form. Throws MALFORMED, UNSUPPORTED, LIMIT and TRUNCATED. */
export function readDetachedSignature(bytes: Uint8Array): DetachedSignature {
  const { facts, part } = parse(bytes);
  return { ...facts, algorithm: part.algorithm };
}

/**
 * Verifies that one of `signers` signed this content for this place, in constant memory, and gives who it was. Throws
 * CONTEXT_MISMATCH for another place, AUTHENTICATION_FAILED for another signer, content or signature, and the errors of
 * {@link readDetachedSignature}.
 */
export async function verifyContent(
  source: ByteSource,
  options: {
    readonly signature: Uint8Array;
    readonly signers: readonly PublicSigner[];
    readonly expected: DetachedFacts;
  },
): Promise<DetachedSignature & { readonly signer: PublicSigner }> {
  const { facts, factsBytes, part } = parse(options.signature);
  const { tenant, purpose, context } = options.expected;
  const fits = facts.tenant === tenant && facts.purpose === purpose && sameContext(facts.context, context);
  need(fits, 'ENVELOPE_CONTEXT_MISMATCH', 'the signature is for another organization, purpose or context');
  const signer = findSigner(options.signers, facts.fingerprint);
  if (signer === undefined) {
    throw new EnvelopeError('ENVELOPE_AUTHENTICATION_FAILED', 'the content is signed by another than expected');
  }
  const { hash, length } = await digestOf(source);
  need(length === facts.length, 'ENVELOPE_AUTHENTICATION_FAILED', 'the content has another length than was signed');
  await needSignature(signer, part, detachedMessage(factsBytes, hash));
  return { ...facts, algorithm: part.algorithm, signer };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const queue = new ByteQueue();
  for (const part of parts) queue.push(part);
  return queue.takeBytes(queue.length);
}
