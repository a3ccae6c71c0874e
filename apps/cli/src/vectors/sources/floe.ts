import { CryptoError, floeOpen, SecretBytes } from '@quantumvault/crypto';
import { fromHex, same } from '../json.ts';
import type { VectorSource } from '../source.ts';
import { Skip } from '../tally.ts';
import type { VectorFile } from '../vector-file.ts';

/** The streams are published in hexadecimal; the bytes themselves are taken too. */
function bytesOf({ text, bytes }: VectorFile): Uint8Array {
  const hex = text?.trim();
  return hex !== undefined && /^(?:[0-9a-f]{2})*$/i.test(hex) ? fromHex(hex) : bytes;
}

const headerBytes = 74;
const ivBytes = 32;

/** AES-256-GCM, HKDF-SHA-384, a segment size and an IV of 32 bytes: no other format begins so. */
function isStream(bytes: Uint8Array): boolean {
  if (bytes.length <= headerBytes) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint16(0) === 0 && view.getUint32(2) > 0 && view.getUint32(6) === ivBytes;
}

async function open(stream: Uint8Array, rotation: { readonly rotationBits?: number }): Promise<Uint8Array> {
  using key = SecretBytes.take(new Uint8Array(32));
  const segmentBytes = new DataView(stream.buffer, stream.byteOffset, stream.byteLength).getUint32(2);
  const opened: Uint8Array[] = [];
  const input = { key, aad: new TextEncoder().encode('This is AAD'), segmentBytes, ...rotation };
  for await (const part of floeOpen(input, [stream])) opened.push(part);
  return new Uint8Array(Buffer.concat(opened));
}

/** Some sets change the key after four segments instead of 2^20. A stream opens with its own rule alone. */
async function openEither(stream: Uint8Array): Promise<Uint8Array> {
  try {
    return await open(stream, {});
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    return open(stream, { rotationBits: 2 });
  }
}

const plaintextName = (name: string): string => name.replace(/_ct(?=\.|$)/, '_pt');

/** FLOE: the key is zero, the additional data a fixed text, and the segment size stands in the header. */
export const floe: VectorSource = {
  source: 'floe',
  recognize(file) {
    const ciphertext = file.name.replace(/_pt(?=\.|$)/, '_ct');
    if (ciphertext !== file.name && file.neighbours.includes(ciphertext)) return 'part';
    return isStream(bytesOf(file)) ? 'vectors' : undefined;
  },
  async run(file, tally) {
    await tally.run(file.name, async () => {
      const name = plaintextName(file.name);
      const plaintext = name === file.name ? undefined : file.beside(name);
      if (plaintext === undefined) throw new Skip('the plaintext of the stream is missing');
      return same(await openEither(bytesOf(file)), bytesOf(plaintext));
    });
  },
};
