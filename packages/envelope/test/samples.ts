import { type HpkeSuiteId, hpkeSuite, Sha512, type SignatureAlgorithm } from '@quantumvault/crypto';
import { EnvelopeError, type EnvelopeErrorKind } from '../src/errors.ts';
import { openEnvelope } from '../src/open.ts';
import type { HpkeOpeningKey } from '../src/recipients/hpke.ts';
import { type SealFacts, type SealTo, sealEnvelope } from '../src/seal.ts';
import { type EnvelopeSigner, signerOfKey } from '../src/signature/signer.ts';
import { formatKeyFile, generateKey, type PublicRecipient, parseKeyFile } from '../src/text/key-text.ts';
import { formatSigningKeyFile, generateSigner, parseSigningKeyFile } from '../src/text/signer-text.ts';
import type { Expected, OpenOptions } from '../src/unlock.ts';

export const tenant = '019a0000-0000-7000-8000-00000000000a';
export const expected: Expected = { tenant, purpose: 'data-at-rest', context: { table: 'orders', row: '7' } };
export const facts: SealFacts = { ...expected, contentType: 'text/plain', createdAt: 1_764_115_200_000 };
/** 32 bytes of plaintext in each segment, so that 70 bytes fill two of them and begin a third. */
export const segmentBytes = 64;
export const plaintext = Uint8Array.from({ length: 70 }, (_, index) => (index * 7 + 1) & 0xff);

export interface KeyPair {
  readonly recipient: PublicRecipient;
  readonly opening: HpkeOpeningKey;
}

/** A new key, read back from its file as users read it. */
export function keyPair(suite: HpkeSuiteId = hpkeSuite): KeyPair {
  const generated = generateKey(suite);
  const [opening] = parseKeyFile(formatKeyFile(generated, '2026-11-24T12:00:00Z'));
  if (opening === undefined) throw new Error('the key file has no key');
  return { recipient: generated.recipient, opening };
}

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return new Uint8Array(Buffer.concat(all));
}

export function sealed(to: SealTo): Promise<Uint8Array> {
  return collect(sealEnvelope([plaintext], { to, facts, segmentBytes, profile: 'standard' }));
}

export interface Outcome {
  /** What came out before the end or the error. */
  readonly released: Uint8Array;
  readonly kind: EnvelopeErrorKind | undefined;
}

/** With the profile `standard` unless the test says otherwise. */
type Opening = Omit<OpenOptions, 'profile'> & Partial<Pick<OpenOptions, 'profile'>>;

/** Opens and tells how it ended; any error but an {@link EnvelopeError} fails the test. */
export async function outcome(bytes: Uint8Array, given: Opening): Promise<Outcome> {
  const options: OpenOptions = { profile: 'standard', ...given };
  const released: Uint8Array[] = [];
  let kind: EnvelopeErrorKind | undefined;
  try {
    for await (const chunk of openEnvelope([bytes], options)) released.push(chunk);
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    kind = error.kind;
  }
  return { released: new Uint8Array(Buffer.concat(released)), kind };
}

/** A new signing key, as users read it from its file. */
export async function signingKey(algorithm?: SignatureAlgorithm): Promise<EnvelopeSigner> {
  const [key] = parseSigningKeyFile(formatSigningKeyFile(await generateSigner(algorithm), '2026-11-24T12:00:00Z'));
  if (key === undefined) throw new Error('the file has no key');
  return signerOfKey(key);
}

export function sha512Of(bytes: Uint8Array): Uint8Array {
  const hash = new Sha512();
  hash.update(bytes);
  return hash.digest();
}

/** Algorithms beside the default that the vectors of signatures show. */
export const signatureVectorAlgorithms: readonly SignatureAlgorithm[] = [
  'Ed25519',
  'ML-DSA-65',
  'MLDSA65-Ed25519-SHA512',
];
