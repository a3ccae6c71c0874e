import { type ByteSource, FloeReader, floeOpen, type RandomAccess } from '@quantumvault/crypto';
import { ChunkReader } from './chunk-reader.ts';
import { bodyKey } from './data-key.ts';
import { asEnvelopeError, EnvelopeError } from './errors.ts';
import type { EnvelopeCore } from './header/core.ts';
import { type EnvelopeHeader, readHeader } from './header/header.ts';
import { needProfileOf } from './profile.ts';
import { headerFor, type SealTo } from './seal.ts';
import { needNoDemand } from './signature/demand.ts';
import { framedBytes } from './signature/signature-part.ts';
import { readSignedBody } from './signature/signed-body.ts';
import { type OpenOptions, unlock } from './unlock.ts';

/** What an envelope says of itself. Nothing is checked but its form: show it, and decide nothing by it. */
export async function readEnvelopeHeader(source: ByteSource): Promise<EnvelopeHeader> {
  const reader = new ChunkReader(source);
  try {
    return await readHeader(reader.take);
  } finally {
    await reader.close();
  }
}

/**
 * Opens a QV1 envelope as a stream, in constant memory. Each chunk that comes out is authentic; the content is whole
 * only when the stream ends without an error, so give a file its name then and not before (ENV-5). With signers, that end
 * also says that one of them signed the whole of it (ENV-7). Throws {@link EnvelopeError}, and whatever the source throws.
 */
export async function* openEnvelope(
  source: ByteSource,
  options: OpenOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ChunkReader(source);
  try {
    const header = await readHeader(reader.take);
    const { dataKey, signer } = await unlock(header, options);
    using _ = dataKey;
    using key = bodyKey(dataKey, header.coreHash);
    const { coreHash, core } = header;
    const { segmentBytes } = core;
    const isSigned = core.signer !== null;
    const body = isSigned ? readSignedBody(reader.rest(), { segmentBytes, coreHash, signer }) : reader.rest();
    yield* floeOpen({ key, aad: coreHash, segmentBytes }, body);
    options.onOpened?.({ core, signature: signer !== undefined ? 'verified' : isSigned ? 'unchecked' : 'none' });
  } catch (error) {
    throw asEnvelopeError(error);
  } finally {
    await reader.close();
  }
}

/** An open envelope whose content is read in ranges. */
export interface EnvelopeReader extends Disposable {
  readonly core: EnvelopeCore;
  /** Length of the content. */
  readonly length: number;
  /** Always false: a signature covers the whole body, which nobody has read here (ENV-7). */
  readonly signatureChecked: false;
  read(position: number, length: number): Promise<Uint8Array>;
}

const headerChunkBytes = 4096;

async function* pieces({ size, read }: RandomAccess): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += headerChunkBytes) yield read(at, Math.min(headerChunkBytes, size - at));
}

/** Bytes of the signature behind the body of a signed envelope. What they say is proved by FLOE, which ends before them. */
async function trailerBytes({ core, headerBytes }: EnvelopeHeader, { size, read }: RandomAccess): Promise<number> {
  if (core.signer === null) return 0;
  if (size < headerBytes + 4) throw new EnvelopeError('ENVELOPE_TRUNCATED', 'the envelope ends before its signature');
  return framedBytes(await read(size - 4, 4));
}

/**
 * Opens an envelope for reading in ranges. The last segment is authenticated first, which fixes the length; each read
 * authenticates what it touches (ENV-5). A signature is not checked, so expecting one is UNSUPPORTED (ENV-7).
 */
export async function openEnvelopeRange(source: RandomAccess, options: OpenOptions): Promise<EnvelopeReader> {
  const signature = needNoDemand(options.signature);
  const header = await readEnvelopeHeader(pieces(source));
  const { core, coreHash, headerBytes } = header;
  const { dataKey } = await unlock(header, { ...options, signature });
  using _ = dataKey;
  using key = bodyKey(dataKey, coreHash);
  const mapped = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      throw asEnvelopeError(error);
    }
  };
  const body = {
    size: source.size - headerBytes - (await trailerBytes(header, source)),
    read: (offset: number, length: number) => source.read(headerBytes + offset, length),
  };
  const floe = await mapped(() => FloeReader.open({ key, aad: coreHash, segmentBytes: core.segmentBytes }, body));
  return {
    core,
    length: floe.length,
    signatureChecked: false,
    read: (position, length) => mapped(() => floe.read(position, length)),
    [Symbol.dispose]: () => floe.dispose(),
  };
}

/**
 * The envelope with other recipients: the data key is unwrapped here and wrapped anew, core and body stay as they are.
 * This is no revocation: whoever held the data key or the old header can still open; only sealing anew revokes (ENV-4).
 * A signature stays as it is, and good, but is not checked here.
 */
export async function* rewrapEnvelope(
  source: ByteSource,
  { to, ...options }: OpenOptions & { readonly to: SealTo },
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ChunkReader(source);
  try {
    const header = await readHeader(reader.take);
    const { dataKey } = await unlock(header, { ...options, signature: needNoDemand(options.signature) });
    using _ = dataKey;
    needProfileOf(options.profile, to);
    yield* await headerFor(dataKey, header.coreBytes, to);
    yield* reader.rest();
  } catch (error) {
    throw asEnvelopeError(error);
  } finally {
    await reader.close();
  }
}
