/** QV1 envelopes against bare AES-256-GCM of the runtime in pieces of 1 MiB (QUA-2). */
import * as native from 'node:crypto';
import {
  formatKeyFile,
  generateKey,
  noTenant,
  openEnvelope,
  parseKeyFile,
  sealEnvelope,
  segmentBytesDefault,
} from '@quantumvault/envelope';
import type { Bench, Measurement } from '../bench.ts';

const mebibyte = 1_048_576;
const pieces = 768;
const repeated = 16;
const content = native.randomBytes(repeated * mebibyte);
const chunks = Array.from({ length: pieces }, (_, at) => {
  const start = (at % repeated) * mebibyte;
  return content.subarray(start, start + mebibyte);
});

const place = { tenant: noTenant, purpose: 'data-at-rest', context: { bench: 'envelope' } } as const;
const facts = { ...place, contentType: 'application/octet-stream', createdAt: 0 };
const generated = generateKey();
const keys = parseKeyFile(formatKeyFile(generated, '1970-01-01T00:00:00Z'));
const how = {
  to: { recipients: [generated.recipient] },
  facts,
  segmentBytes: segmentBytesDefault,
  profile: 'standard',
} as const;

const rawKey = native.randomBytes(32);
const rawAad = native.randomBytes(48);

interface Piece {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

function bareSeal(chunk: Uint8Array): Piece {
  const nonce = native.randomBytes(12);
  const cipher = native.createCipheriv('aes-256-gcm', rawKey, nonce);
  cipher.setAAD(rawAad);
  const ciphertext = cipher.update(chunk);
  cipher.final();
  return { nonce, ciphertext, tag: cipher.getAuthTag() };
}

const sealedPieces = chunks.map(bareSeal);

function bareOpen({ nonce, ciphertext, tag }: Piece): Uint8Array {
  const decipher = native.createDecipheriv('aes-256-gcm', rawKey, nonce);
  decipher.setAAD(rawAad);
  decipher.setAuthTag(tag);
  const plaintext = decipher.update(ciphertext);
  decipher.final();
  return plaintext;
}

/** `qv` frees each chunk when it is written, so that the next one finds warm memory: both sides are measured so. */
function release({ buffer, length }: Uint8Array): void {
  if (length >= 16_384 && length === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** Mebibytes a second. */
async function speed(work: () => void | Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return pieces / ((performance.now() - started) / 1000);
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    release(chunk);
  }
  if (bytes < pieces * mebibyte) throw new Error('the stream is shorter than its content');
}

let envelope: readonly Uint8Array[] | undefined;

/** Made once, and cut as a file is read. */
async function sealedEnvelope(): Promise<readonly Uint8Array[]> {
  if (envelope !== undefined) return envelope;
  const parts: Uint8Array[] = [];
  for await (const part of sealEnvelope(chunks, how)) parts.push(part);
  const file = Buffer.concat(parts);
  const cuts = Math.ceil(file.length / mebibyte);
  envelope = Array.from({ length: cuts }, (_, at) => file.subarray(at * mebibyte, (at + 1) * mebibyte));
  return envelope;
}

/** Both sides in turn, twice, in changing order. */
async function compareSpeeds(ours: () => Promise<void>, bare: () => void): Promise<Measurement> {
  const [first, baseline] = [await speed(ours), await speed(bare)];
  const [again, second] = [await speed(bare), await speed(ours)];
  return { value: (first + second) / 2, baseline: (baseline + again) / 2 };
}

export const benches: readonly Bench[] = [
  {
    id: 'envelope.seal',
    name: 'QV1 seal, one X-Wing recipient',
    unit: 'MiB/s',
    target: { ratio: 0.7 },
    run: () =>
      compareSpeeds(
        () => drain(sealEnvelope(chunks, how)),
        () => {
          for (const chunk of chunks) release(bareSeal(chunk).ciphertext);
        },
      ),
  },
  {
    id: 'envelope.open',
    name: 'QV1 open, one X-Wing recipient',
    unit: 'MiB/s',
    target: { ratio: 0.7 },
    run: async () => {
      const parts = await sealedEnvelope();
      return compareSpeeds(
        () => drain(openEnvelope(parts, { keys, expected: place, profile: 'standard' })),
        () => {
          for (const piece of sealedPieces) release(bareOpen(piece));
        },
      );
    },
  },
];
