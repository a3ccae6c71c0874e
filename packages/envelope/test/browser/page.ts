/*
 * What runs in the page: the package as pages use it, behind functions that take and give JSON. Larger bytes come and go
 * by `/data/NAME` of the test's server.
 */
import { type HpkeSuiteId, importSigningKey, runSelfTests, SecretBytes } from '@quantumvault/crypto';
import {
  blobAccess,
  chunksOf,
  EnvelopeError,
  type EnvelopeErrorKind,
  type EnvelopeProfile,
  type Expected,
  formatKeyFile,
  formatRecipient,
  formatSigner,
  generateKey,
  generateSigner,
  type OpeningKey,
  openEnvelope,
  openEnvelopeRange,
  parseKeyFile,
  parseRecipient,
  parseSigner,
  readEnvelopeHeader,
  rewrapEnvelope,
  type SealFacts,
  type SealTo,
  sealEnvelope,
  segmentBytesDefault,
  signerOfKey,
  streamOf,
} from '../../src/index.ts';
import { fromBase64, keyBackend, vectorFunctions } from './page-vectors.ts';

/** Keys as text, or a passphrase. */
export interface Opening {
  readonly keys: readonly string[];
  readonly passphrase?: string | undefined;
  /** Keys of a backend by `VERSION ID`, as base64. */
  readonly backend?: Readonly<Record<string, string>> | undefined;
  readonly expected: Expected;
  readonly profile: EnvelopeProfile;
  readonly signature?: 'unchecked' | readonly string[] | undefined;
}

export interface Sealing {
  readonly recipients?: readonly string[];
  readonly passphrase?: string;
  readonly facts: SealFacts;
  readonly segmentBytes: number;
}

export interface PageOutcome {
  /** Bytes that came out before the end or the error. */
  readonly released: number;
  readonly sha256: string;
  readonly kind: EnvelopeErrorKind | undefined;
}

const utf8 = new TextEncoder();

async function fetched(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`/data/${name}`);
  if (!response.ok) throw new Error(`no data ${name}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await fetch(`/data/${name}`, { method: 'PUT', body: bytes });
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function optionsOf({ keys, passphrase, backend, expected, profile, signature }: Opening) {
  const opening: OpeningKey[] = keys.flatMap((text) => parseKeyFile(utf8.encode(text)));
  if (passphrase !== undefined) opening.push({ type: 'passphrase', passphrase: SecretBytes.fromUtf8(passphrase) });
  if (backend !== undefined) opening.push(keyBackend(backend));
  const demand = typeof signature === 'object' ? { signers: signature.map(parseSigner) } : signature;
  return { keys: opening, expected, profile, signature: demand };
}

function sealTo({ recipients, passphrase }: Sealing): SealTo {
  if (passphrase !== undefined) return { passphrase: SecretBytes.fromUtf8(passphrase), level: 'standard' };
  return { recipients: (recipients ?? []).map(parseRecipient) };
}

async function outcomeOf(bytes: Uint8Array<ArrayBuffer>, opening: Opening): Promise<PageOutcome> {
  const released: Uint8Array<ArrayBuffer>[] = [];
  let kind: EnvelopeErrorKind | undefined;
  try {
    // As a page would: the bytes of a Blob as a stream.
    for await (const chunk of openEnvelope(chunksOf(new Blob([bytes]).stream()), optionsOf(opening))) {
      released.push(chunk.slice());
    }
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    kind = error.kind;
  }
  const plaintext = new Uint8Array(await new Blob(released).arrayBuffer());
  return { released: plaintext.length, sha256: await sha256(plaintext), kind };
}

const mebibyte = 1_048_576;

/** `count` chunks of a mebibyte that no compressor could shrink, made as they are asked for. */
async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count; at += 1) {
    const chunk = new Uint8Array(mebibyte);
    for (let part = 0; part < mebibyte; part += 65_536) crypto.getRandomValues(chunk.subarray(part, part + 65_536));
    yield chunk;
  }
}

const page = {
  ...vectorFunctions,

  selfTests: () => runSelfTests(),

  environment: () => ({ hasWebCrypto: crypto.subtle !== undefined, agent: navigator.userAgent }),

  openData: async (name: string, opening: Opening): Promise<PageOutcome> => outcomeOf(await fetched(name), opening),

  /** Many envelopes at once, as base64. */
  openAll: async (
    cases: readonly { readonly envelope: string; readonly opening: Opening }[],
  ): Promise<PageOutcome[]> => {
    const outcomes: PageOutcome[] = [];
    for (const { envelope, opening } of cases) {
      outcomes.push(await outcomeOf(fromBase64(envelope), opening));
    }
    return outcomes;
  },

  sealData: async (from: string, to: string, sealing: Sealing): Promise<void> => {
    const { facts, segmentBytes } = sealing;
    const source = chunksOf(new Blob([await fetched(from)]).stream());
    const options = { to: sealTo(sealing), facts, segmentBytes, profile: 'standard' } as const;
    await put(to, await joined(chunksOf(streamOf(sealEnvelope(source, options)))));
  },

  /** Makes a signing key, seals and signs. Answers the signer as text. */
  sealSigned: async (from: string, to: string, sealing: Sealing): Promise<string> => {
    const { facts, segmentBytes } = sealing;
    const { signer, privateKey } = await generateSigner();
    using key = importSigningKey({ algorithm: signer.algorithm, privateKey });
    const options = {
      to: sealTo(sealing),
      facts,
      segmentBytes,
      profile: 'standard',
      signer: signerOfKey(key),
    } as const;
    await put(to, await joined(sealEnvelope([await fetched(from)], options)));
    return formatSigner(signer);
  },

  generate: (suite: HpkeSuiteId): { recipient: string; keyFile: string } => {
    const generated = generateKey(suite);
    const keyFile = new TextDecoder().decode(formatKeyFile(generated, '2026-11-26T12:00:00Z'));
    return { recipient: formatRecipient(generated.recipient), keyFile };
  },

  rewrapData: async (from: string, to: string, opening: Opening, recipient: string): Promise<void> => {
    const options = { ...optionsOf(opening), to: { recipients: [parseRecipient(recipient)] } };
    await put(to, await joined(rewrapEnvelope([await fetched(from)], options)));
  },

  inspect: async (name: string) => {
    const { core, recipients } = await readEnvelopeHeader([await fetched(name)]);
    return { tenant: core.tenant, context: core.context, recipients: recipients.map(({ type }) => type) };
  },

  readRange: async (name: string, opening: Opening, ranges: readonly (readonly [number, number])[]) => {
    using reader = await openEnvelopeRange(blobAccess(new Blob([await fetched(name)])), optionsOf(opening));
    const digests: string[] = [];
    for (const [position, length] of ranges) digests.push(await sha256((await reader.read(position, length)).slice()));
    return { length: reader.length, digests };
  },

  /** Seals `mebibytes` and opens them again in one pass, held nowhere. Milliseconds of both, and what came out. */
  passThrough: async (mebibytes: number, facts: SealFacts) => {
    const generated = generateKey();
    const keys = parseKeyFile(formatKeyFile(generated, '2026-11-26T12:00:00Z'));
    const to = { recipients: [generated.recipient] };
    const sealing = () =>
      sealEnvelope(chunks(mebibytes), { to, facts, segmentBytes: segmentBytesDefault, profile: 'standard' });
    const begun = performance.now();
    for await (const _ of chunks(mebibytes));
    const drawn = performance.now();
    for await (const _ of sealing());
    const sealed = performance.now();
    let bytes = 0;
    const expected = { tenant: facts.tenant, purpose: facts.purpose, context: facts.context };
    for await (const chunk of openEnvelope(sealing(), { keys, expected, profile: 'standard' })) bytes += chunk.length;
    const opened = performance.now();
    const seal = sealed - drawn - (drawn - begun);
    return { bytes, sealMs: seal, openMs: opened - sealed - (sealed - drawn) };
  },
};

export type PageFunctions = typeof page;

Object.assign(globalThis, { quantumvault: page });
