/** Genuine envelopes to change, one of each kind, and what comes out when somebody opens the changed ones. */
import { encodeCbor } from '@quantumvault/cbor';
import {
  derivePasswordKey,
  floeSeal,
  floeSuite,
  gcmSeal,
  type HpkeSuiteId,
  hpkeSuite,
  hpkeSuiteCategory5,
  hpkeSuiteCnsa,
  randomBytes,
  SecretBytes,
  type SignatureAlgorithm,
  secretAccess,
} from '@quantumvault/crypto';
import {
  EnvelopeError,
  type EnvelopeErrorKind,
  type EnvelopeSigner,
  formatKeyFile,
  formatSigningKeyFile,
  generateKey,
  generateSigner,
  type OpeningKey,
  type OpenOptions,
  openEnvelope,
  type PublicRecipient,
  parseKeyFile,
  parseSigningKeyFile,
  type SealFacts,
  sealEnvelope,
  signerOfKey,
} from '@quantumvault/envelope';
import { bodyKey, newDataKey, recipientsTag } from '../../../packages/envelope/src/data-key.ts';
import { encodeCore } from '../../../packages/envelope/src/header/core.ts';
import { frameHeader, hashCore, readHeader } from '../../../packages/envelope/src/header/header.ts';
import { encodeRecipients, type PassphraseRecipientInfo } from '../../../packages/envelope/src/header/recipients.ts';

export const facts: SealFacts = {
  tenant: '019a0000-0000-7000-8000-00000000000a',
  purpose: 'data-at-rest',
  context: { table: 'orders', row: '7' },
  contentType: 'text/plain',
  createdAt: 1_764_115_200_000,
};
/** 32 bytes of plaintext in each segment. */
export const segmentBytes = 64;
export const plainBytes = 32;
export const content = Uint8Array.from({ length: 150 }, (_, index) => (index * 7 + 1) & 0xff);

export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly options: OpenOptions;
  readonly content: Uint8Array;
}

export interface KeyPair {
  readonly recipient: PublicRecipient;
  readonly opening: OpeningKey;
}

export function keyPair(suite: HpkeSuiteId): KeyPair {
  const generated = generateKey(suite);
  const [opening] = parseKeyFile(formatKeyFile(generated, '2026-11-24T12:00:00Z'));
  if (opening === undefined) throw new Error('the key file has no key');
  return { recipient: generated.recipient, opening };
}

export async function signingKey(algorithm: SignatureAlgorithm): Promise<EnvelopeSigner> {
  const generated = await generateSigner(algorithm);
  const [key] = parseSigningKeyFile(formatSigningKeyFile(generated, '2026-11-24T12:00:00Z'));
  if (key === undefined) throw new Error('the file has no key');
  return signerOfKey(key);
}

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return new Uint8Array(Buffer.concat(all));
}

export interface SealedFor {
  readonly name: string;
  readonly to: readonly KeyPair[];
  readonly length?: number;
  readonly segmentBytes?: number;
  readonly facts?: Partial<SealFacts>;
  readonly profile?: OpenOptions['profile'];
  readonly signer?: EnvelopeSigner;
}

/** An envelope, with the options that open it in its place. */
export async function sealed({ name, to, length = 70, profile = 'standard', ...more }: SealedFor): Promise<Sample> {
  const plain = content.subarray(0, length);
  const place = { ...facts, ...more.facts };
  const recipients = { recipients: to.map(({ recipient }) => recipient) };
  const how = { to: recipients, facts: place, segmentBytes: more.segmentBytes ?? segmentBytes, profile };
  const { signer } = more;
  const signature = signer === undefined ? undefined : { signers: [signer.signer] };
  const { tenant, purpose, context } = place;
  const keys = to.slice(0, 1).map(({ opening }) => opening);
  const bytes = await collect(sealEnvelope([plain], { ...how, signer }));
  return { name, bytes, content: plain, options: { keys, expected: { tenant, purpose, context }, profile, signature } };
}

/**
 * With an Argon2id of next to no cost, which no writer of ours makes and every reader takes: thousands of changed copies
 * of it are opened.
 */
async function sealedForPassphrase(): Promise<Sample> {
  const passphrase = SecretBytes.fromUtf8('correct horse battery staple');
  const coreBytes = encodeCore({ ...facts, suite: floeSuite, objectId: randomBytes(16), segmentBytes, signer: null });
  const coreHash = hashCore(coreBytes);
  using dataKey = newDataKey();
  const suites = { kdf: 'Argon2id', aead: 'AES-256-GCM' } as const;
  const cost = { memoryKib: 8, passes: 1, parallelism: 1 } as const;
  const salt = randomBytes(32);
  const bound = [suites.kdf, suites.aead, salt, cost.memoryKib, cost.passes, cost.parallelism];
  const aad = encodeCbor(['QV1 wrap', coreHash, 'passphrase', ...bound]);
  using key = await derivePasswordKey(passphrase, { salt, cost });
  const { nonce, sealed: wrapped } = dataKey.open(secretAccess, (plaintext) => gcmSeal({ key, aad, plaintext }));
  const { memoryKib, passes, parallelism: lanes } = cost;
  const recipient: PassphraseRecipientInfo = {
    type: 'passphrase',
    ...suites,
    salt,
    memoryKib,
    passes,
    lanes,
    nonce,
    wrapped,
  };
  const recipients = encodeRecipients([recipient]);
  const plain = content.subarray(0, 70);
  using body = bodyKey(dataKey, coreHash);
  const bytes = Buffer.concat([
    ...frameHeader(coreBytes, recipients, recipientsTag(dataKey, coreHash, recipients)),
    await collect(floeSeal({ key: body, aad: coreHash, segmentBytes }, [plain])),
  ]);
  const { tenant, purpose, context } = facts;
  const keys = [{ type: 'passphrase', passphrase }] as const;
  const options = { keys, expected: { tenant, purpose, context }, profile: 'standard' } as const;
  return { name: 'a passphrase', bytes: new Uint8Array(bytes), options, content: plain };
}

/** Every suite and kind of recipient, several segments, one, and none with content. */
export async function samples(): Promise<readonly Sample[]> {
  const [xWing, other] = [keyPair(hpkeSuite), keyPair(hpkeSuiteCategory5)];
  return Promise.all([
    sealed({ name: 'X-Wing, three segments', to: [xWing] }),
    sealed({ name: 'X-Wing, one segment of 1 MiB', to: [xWing], length: 10, segmentBytes: 1_048_576 }),
    sealed({ name: 'X-Wing, no content', to: [xWing], length: 0 }),
    sealed({ name: 'ML-KEM-1024 under cnsa-2.0', to: [keyPair(hpkeSuiteCnsa)], profile: 'cnsa-2.0' }),
    sealed({ name: 'MLKEM1024-P384', to: [other] }),
    sealed({ name: 'two recipients of two suites', to: [xWing, other] }),
    sealedForPassphrase(),
    sealed({ name: 'X-Wing, signed with Ed25519', to: [xWing], signer: await signingKey('Ed25519') }),
    sealed({ name: 'MLKEM1024-P384, signed with ML-DSA-65', to: [other], signer: await signingKey('ML-DSA-65') }),
  ]);
}

export interface Outcome {
  readonly released: Uint8Array;
  readonly kind: EnvelopeErrorKind | undefined;
}

/** Opens in pieces of 1000 bytes; any error but an {@link EnvelopeError} fails the test. */
export async function outcome(bytes: Uint8Array, options: OpenOptions): Promise<Outcome> {
  const released: Uint8Array[] = [];
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 1000) pieces.push(bytes.slice(at, at + 1000));
  let kind: EnvelopeErrorKind | undefined;
  try {
    for await (const chunk of openEnvelope(pieces, options)) released.push(chunk);
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    kind = error.kind;
  }
  return { released: new Uint8Array(Buffer.concat(released)), kind };
}

/** The parts of an envelope, as bytes. */
export async function partsOf(bytes: Uint8Array) {
  let at = 0;
  const header = await readHeader(async (count) => {
    at += count;
    return bytes.subarray(at - count, at);
  });
  return { ...header, body: bytes.subarray(header.headerBytes) };
}
