/**
 * Envelopes of a fixed key, for the targets. The key is written here because it protects nothing; with a fixed one the
 * kept seeds of earlier runs still open. Every content is a beginning of one pattern, so what comes out can be judged
 * whatever seed it came from.
 */
import {
  type HpkeSuiteId,
  hpkeSuite,
  hpkeSuiteCategory5,
  recipientPublicKey,
  SecretBytes,
} from '../../../../packages/crypto/src/index.ts';
import type { EnvelopeHeader } from '../../../../packages/envelope/src/header/header.ts';
import { readEnvelopeHeader } from '../../../../packages/envelope/src/open.ts';
import { type SealTo, sealEnvelope } from '../../../../packages/envelope/src/seal.ts';
import {
  formatKeyFile,
  type GeneratedKey,
  generateKey,
  parseKeyFile,
} from '../../../../packages/envelope/src/text/key-text.ts';
import type { Expected, OpeningKey } from '../../../../packages/envelope/src/unlock.ts';

export const expected: Expected = {
  tenant: '019a0000-0000-7000-8000-00000000000a',
  purpose: 'data-at-rest',
  context: { table: 'orders', row: '7' },
};
export const content = Uint8Array.from({ length: 4096 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
/** 32 bytes of plaintext in each segment. */
export const segmentBytes = 64;

export interface SampleKey extends GeneratedKey {
  readonly opening: OpeningKey;
}

/** The key pair whose seed is 32 times `seed`. */
export function sampleKey(seed = 7, suite: HpkeSuiteId = hpkeSuite): SampleKey {
  const secretKey = SecretBytes.take(new Uint8Array(32).fill(seed));
  const publicKey = recipientPublicKey(secretKey, suite);
  // The id of a key is a digest of it: a key file knows how to make it.
  const { recipient } = generateKey(suite);
  const file = formatKeyFile({ recipient: { ...recipient, publicKey }, secretKey }, '2026-11-24T12:00:00Z');
  const [opening] = parseKeyFile(file);
  if (opening === undefined) throw new Error('the key file has no key');
  return { recipient: { ...recipient, publicKey, keyId: opening.keyId }, secretKey, opening };
}

async function sealed(to: SealTo, length: number): Promise<Uint8Array> {
  const facts = { ...expected, contentType: 'text/plain', createdAt: 1_764_115_200_000 };
  const pieces: Uint8Array[] = [];
  const source = [content.subarray(0, length)];
  for await (const piece of sealEnvelope(source, { to, facts, segmentBytes, profile: 'standard' })) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

/** One and two recipients of two suites, three segments and one that is empty, and a passphrase. */
export async function sampleEnvelopes(): Promise<Uint8Array[]> {
  const [first, second] = [sampleKey().recipient, sampleKey(8, hpkeSuiteCategory5).recipient];
  return Promise.all([
    sealed({ recipients: [first] }, 70),
    sealed({ recipients: [first] }, 0),
    sealed({ recipients: [second, first] }, 64),
    sealed({ passphrase: SecretBytes.fromUtf8('correct horse'), level: 'standard' }, 70),
  ]);
}

export async function sampleHeaders(): Promise<EnvelopeHeader[]> {
  const envelopes = await sampleEnvelopes();
  return Promise.all(envelopes.map((bytes) => readEnvelopeHeader([bytes])));
}
