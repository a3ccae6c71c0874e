import { describe, expect, it } from 'vitest';
import { plaintext, signingKey, tenant } from '../../test/samples.ts';
import { EnvelopeError } from '../errors.ts';
import { type DetachedFacts, readDetachedSignature, signContent, verifyContent } from './detached.ts';

const [author, stranger] = [await signingKey(), await signingKey('Ed25519')];
const place: DetachedFacts = { tenant, purpose: 'release', context: { version: '7' } };
const createdAt = 1_764_115_200_000;

const sign = (signer = author, facts = place) =>
  signContent([plaintext.subarray(0, 9), plaintext.subarray(9)], { ...facts, createdAt, signer });

async function kindOf(signature: Uint8Array, content = plaintext, expected = place): Promise<string> {
  try {
    const verified = await verifyContent([content], { signature, signers: [author.signer], expected });
    return verified.signer === author.signer ? 'verified' : 'another signer';
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    return error.kind;
  }
}

describe('ENV-7: a detached signature', () => {
  it('verifies content for its place, and says who signed what and when', async () => {
    const signature = await sign();
    expect(await kindOf(signature)).toBe('verified');
    expect(readDetachedSignature(signature)).toMatchObject({
      ...place,
      context: { version: '7' },
      createdAt,
      length: plaintext.length,
      algorithm: author.signer.algorithm,
      fingerprint: author.signer.fingerprint,
    });
    expect(await kindOf(await signContent([], { ...place, createdAt, signer: author }), new Uint8Array(0))).toBe(
      'verified',
    );
  });

  it('is refused for other content, another signer and another place', async () => {
    const signature = await sign();
    expect(await kindOf(signature, plaintext.with(3, 0))).toBe('AUTHENTICATION_FAILED');
    expect(await kindOf(signature, plaintext.subarray(1))).toBe('AUTHENTICATION_FAILED');
    expect(await kindOf(await sign(stranger))).toBe('AUTHENTICATION_FAILED');
    for (const other of [
      { ...place, purpose: 'file' },
      { ...place, context: {} },
      { ...place, context: { version: '8' } },
      { ...place, tenant: '019a0000-0000-7000-8000-00000000000b' },
    ]) {
      expect(await kindOf(signature, plaintext, other)).toBe('CONTEXT_MISMATCH');
    }
  });

  it('is refused at every flipped byte, at every truncation, and with anything behind it', async () => {
    const facts = { ...place, createdAt, signer: stranger };
    const signature = await signContent([plaintext], facts);
    const signers = [stranger.signer];
    const refused = async (bad: Uint8Array) => {
      const verifying = verifyContent([plaintext], { signature: bad, signers, expected: place });
      await expect(verifying).rejects.toBeInstanceOf(EnvelopeError);
    };
    await verifyContent([plaintext], { signature, signers, expected: place });
    for (let at = 0; at < signature.length; at += 1) await refused(signature.with(at, (signature[at] ?? 0) ^ 1));
    for (let length = 0; length < signature.length; length += 1) await refused(signature.subarray(0, length));
    await refused(new Uint8Array([...signature, 0]));
    await refused(new Uint8Array(100_000).fill(0x51));
  });

  it('a bad fact is named before the content is read', async () => {
    const unread: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('it was read')) }),
    };
    for (const [change, kind] of [
      [{ purpose: 'For Fun' }, 'MALFORMED'],
      [{ tenant: 'acme' }, 'MALFORMED'],
      [{ context: { '': '1' } }, 'MALFORMED'],
      [{ context: { name: 'x'.repeat(5000) } }, 'LIMIT'],
      [{ createdAt: -1 }, 'MALFORMED'],
    ] as const) {
      await expect(signContent(unread, { ...place, createdAt, signer: author, ...change })).rejects.toMatchObject({
        kind,
      });
    }
  });
});
