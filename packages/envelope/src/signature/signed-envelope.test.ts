import { hpkeSuiteCnsa } from '@quantumvault/crypto';
import { describe, expect, it } from 'vitest';
import {
  collect,
  expected,
  facts,
  keyPair,
  outcome,
  plaintext,
  sealed,
  segmentBytes,
  signingKey,
} from '../../test/samples.ts';
import { EnvelopeError, outsideError } from '../errors.ts';
import { frameHeader } from '../header/header.ts';
import { openEnvelope, openEnvelopeRange, readEnvelopeHeader, rewrapEnvelope } from '../open.ts';
import { sealEnvelope } from '../seal.ts';
import type { Opened } from '../unlock.ts';
import { BodyEnd } from './body-end.ts';
import { frameSignaturePart, unframeSignaturePart } from './signature-part.ts';
import type { EnvelopeSigner } from './signer.ts';

const [alice, bob] = [keyPair(), keyPair()];
const [author, stranger] = [await signingKey(), await signingKey()];
const to = { recipients: [alice.recipient] };
const keys = [alice.opening];
const byAuthor = { signers: [author.signer] };
const none = new Uint8Array(0);

function signed(signer: EnvelopeSigner | undefined = author, content = plaintext): Promise<Uint8Array> {
  return collect(sealEnvelope([content], { to, facts, segmentBytes, profile: 'standard', signer }));
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** Header and body, and the signature behind them. */
async function split(bytes: Uint8Array) {
  const length = new DataView(bytes.buffer, bytes.length - 4).getUint32(0) + 8;
  const { headerBytes } = await readEnvelopeHeader([bytes]);
  const at = bytes.length - length;
  return { header: bytes.slice(0, headerBytes), body: bytes.slice(headerBytes, at), trailer: bytes.slice(at) };
}

describe('ENV-7: a signed envelope', () => {
  it.each([
    ...(['Ed25519', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87', 'ECDSA-P256-SHA256', 'ECDSA-P384-SHA384'] as const),
    ...(['MLDSA65-Ed25519-SHA512', 'MLDSA87-ECDSA-P521-SHA512', 'RSA-PSS-SHA256', 'FN-DSA-512'] as const),
    'SLH-DSA-SHA2-256f' as const,
  ])('opens for whoever expects its signer: %s', async (algorithm) => {
    const signer = await signingKey(algorithm);
    for (const length of [0, 1, 31, 32, 33, 64, 70]) {
      const content = plaintext.subarray(0, length);
      const bytes = await signed(signer, content);
      const signature = { signers: [stranger.signer, signer.signer] };
      expect(await outcome(bytes, { keys, expected, signature })).toEqual({ released: content, kind: undefined });
    }
  });

  it('QV1-70: under the profile cnsa-2.0 it is signed with ML-DSA-87, at both ends', async () => {
    const carol = keyPair(hpkeSuiteCnsa);
    const seal = (signer: EnvelopeSigner, profile: 'standard' | 'cnsa-2.0') =>
      collect(
        sealEnvelope([plaintext], { to: { recipients: [carol.recipient] }, facts, segmentBytes, profile, signer }),
      );
    const open = (bytes: Uint8Array, { signer }: EnvelopeSigner, profile: 'standard' | 'cnsa-2.0') =>
      outcome(bytes, { keys: [carol.opening], expected, profile, signature: { signers: [signer] } });
    const right = await signingKey('ML-DSA-87');
    expect(await open(await seal(right, 'cnsa-2.0'), right, 'cnsa-2.0')).toMatchObject({ kind: undefined });
    for (const algorithm of ['MLDSA65-Ed25519-SHA512', 'MLDSA87-ECDSA-P384-SHA512', 'ML-DSA-65', 'Ed25519'] as const) {
      const wrong = await signingKey(algorithm);
      await expect(seal(wrong, 'cnsa-2.0')).rejects.toMatchObject({ kind: 'UNSUPPORTED' });
      const bytes = await seal(wrong, 'standard');
      expect(await open(bytes, wrong, 'standard')).toMatchObject({ kind: undefined });
      expect(await open(bytes, wrong, 'cnsa-2.0')).toEqual({ released: none, kind: 'UNSUPPORTED' });
    }
  });

  it('tells at the end what was checked, and nothing when it failed', async () => {
    const reports: Opened['signature'][] = [];
    const onOpened = ({ signature }: Opened) => reports.push(signature);
    const bytes = await signed();
    const profile = 'standard';
    await collect(openEnvelope([bytes], { keys, expected, profile, signature: byAuthor, onOpened }));
    await collect(openEnvelope([bytes], { keys, expected, profile, signature: 'unchecked', onOpened }));
    await collect(openEnvelope([await sealed(to)], { keys, expected, profile, signature: 'unchecked', onOpened }));
    await collect(openEnvelope([await sealed(to)], { keys, expected, profile, onOpened }));
    expect(reports).toEqual(['verified', 'unchecked', 'none', 'none']);
    const bad = bytes.with(bytes.length - 10, (bytes.at(-10) ?? 0) ^ 1);
    await expect(
      collect(openEnvelope([bad], { keys, expected, profile, signature: byAuthor, onOpened })),
    ).rejects.toThrow();
    expect(reports).toHaveLength(4);
  });

  it('is not opened by accident: a reader that says nothing of the signature refuses it', async () => {
    expect(await outcome(await signed(), { keys, expected })).toEqual({ released: none, kind: 'UNSUPPORTED' });
  });

  it('is refused before any key is used when it is not signed, or by another than expected', async () => {
    for (const bytes of [await sealed(to), await signed(stranger)]) {
      const opened = await outcome(bytes, { keys: [], expected, signature: byAuthor });
      expect(opened).toEqual({ released: none, kind: 'AUTHENTICATION_FAILED' });
    }
    const nobody = await outcome(await signed(), { keys, expected, signature: { signers: [] } });
    expect(nobody).toMatchObject({ kind: 'AUTHENTICATION_FAILED' });
  });

  it('is refused at every flipped byte, and never releases its last segment', async () => {
    const signer = await signingKey('Ed25519');
    const bytes = await signed(signer);
    const { header, body } = await split(bytes);
    const signature = { signers: [signer.signer] };
    for (let at = 0; at < bytes.length; at += 1) {
      const bad = bytes.with(at, (bytes[at] ?? 0) ^ 0x01);
      const { released, kind } = await outcome(bad, { keys, expected, signature });
      expect([at, kind === undefined]).toEqual([at, false]);
      const whole = Math.min(2, Math.max(0, Math.floor((at - header.length - 74) / segmentBytes)));
      expect(released).toEqual(plaintext.subarray(0, released.length));
      expect(released.length).toBeLessThanOrEqual(whole * 32);
      if (at >= header.length + body.length) expect(['TRUNCATED', 'AUTHENTICATION_FAILED']).toContain(kind);
    }
  }, 60_000);

  it('is refused at every truncation and with anything behind it, checked or not', async () => {
    const bytes = await signed(await signingKey('Ed25519'));
    for (const signature of ['unchecked'] as const) {
      for (let length = 0; length < bytes.length; length += 1) {
        const { released, kind } = await outcome(bytes.subarray(0, length), { keys, expected, signature });
        expect([length, kind]).toEqual([length, 'TRUNCATED']);
        expect(released.length).toBeLessThanOrEqual(64);
      }
      for (const more of [1, 4, 64, 70_000, 300_000]) {
        const { released, kind } = await outcome(joined(bytes, new Uint8Array(more)), { keys, expected, signature });
        expect([kind, released.length]).toEqual(['AUTHENTICATION_FAILED', 64]);
      }
    }
  });

  it('cannot be stripped, signed by another, or given the signature of another envelope', async () => {
    const [bytes, other] = [await signed(), await signed()];
    const { header, body, trailer } = await split(bytes);
    const foreign = await split(other);
    const theirs = await split(await signed(stranger));
    const forged = (...parts: readonly Uint8Array[]) =>
      outcome(joined(...parts), { keys, expected, signature: byAuthor });
    expect(await forged(header, body, trailer)).toMatchObject({ kind: undefined });
    expect(await forged(header, body)).toMatchObject({ kind: 'TRUNCATED' });
    for (const bad of [foreign.trailer, theirs.trailer]) {
      const { released, kind } = await forged(header, body, bad);
      expect([kind, released.length]).toEqual(['AUTHENTICATION_FAILED', 64]);
    }
    const renamed = frameSignaturePart({ algorithm: 'Ed25519', signature: new Uint8Array(64) });
    expect(await forged(header, body, ...renamed)).toMatchObject({ kind: 'AUTHENTICATION_FAILED' });
    // A core that names no signer, or another one, is another core: nothing opens under it.
    const plain = await readEnvelopeHeader([await sealed(to)]);
    const { recipientsBytes, recipientsTag } = await readEnvelopeHeader([bytes]);
    const stripped = joined(...frameHeader(plain.coreBytes, recipientsBytes, recipientsTag), body);
    expect(await outcome(stripped, { keys, expected })).toEqual({ released: none, kind: 'AUTHENTICATION_FAILED' });
  });

  it('CRY-4: half of a composite signature is none', async () => {
    const { header, body, trailer } = await split(await signed());
    const { algorithm, signature } = unframeSignaturePart(trailer);
    expect([algorithm, signature.length]).toEqual(['MLDSA65-Ed25519-SHA512', 3309 + 64]);
    const other = unframeSignaturePart((await split(await signed())).trailer).signature;
    for (const bad of [
      joined(signature.subarray(0, 3309), other.subarray(3309)),
      joined(other.subarray(0, 3309), signature.subarray(3309)),
      joined(signature.subarray(0, 3309), new Uint8Array(64)),
      signature.subarray(0, 3309),
      signature.subarray(3309),
    ]) {
      for (const name of [algorithm, 'ML-DSA-65', 'Ed25519']) {
        const forged = joined(header, body, ...frameSignaturePart({ algorithm: name, signature: bad }));
        expect(await outcome(forged, { keys, expected, signature: byAuthor })).toMatchObject({
          kind: 'AUTHENTICATION_FAILED',
        });
      }
    }
  });

  it('a recipient who knows the data key can make another envelope, and not one that its author signed', async () => {
    // The content of a signed envelope under new recipients by a stranger: whoever expects the author refuses it.
    const bytes = await signed(stranger);
    expect(await outcome(bytes, { keys, expected, signature: byAuthor })).toEqual({
      released: none,
      kind: 'AUTHENTICATION_FAILED',
    });
  });

  it('stays signed through a rewrap', async () => {
    const options = { keys, expected, profile: 'standard', to: { recipients: [bob.recipient] } } as const;
    const moved = await collect(rewrapEnvelope([await signed()], options));
    const opened = await outcome(moved, { keys: [bob.opening], expected, signature: byAuthor });
    expect(opened).toEqual({ released: plaintext, kind: undefined });
    await expect(collect(rewrapEnvelope([moved], { ...options, signature: byAuthor }))).rejects.toMatchObject({
      kind: 'UNSUPPORTED',
    });
  });

  it('is read in ranges, which say that no signature was checked, and refuse to expect one', async () => {
    const bytes = await signed();
    const source = { size: bytes.length, read: async (at: number, length: number) => bytes.slice(at, at + length) };
    const options = { keys, expected, profile: 'standard' } as const;
    using reader = await openEnvelopeRange(source, options);
    expect([reader.length, reader.signatureChecked, reader.core.signer]).toEqual([
      plaintext.length,
      false,
      author.signer.fingerprint,
    ]);
    expect(await reader.read(30, 40)).toEqual(plaintext.subarray(30, 70));
    await expect(openEnvelopeRange(source, { ...options, signature: byAuthor })).rejects.toMatchObject({
      kind: 'UNSUPPORTED',
    });
    const { header, body, trailer } = await split(bytes);
    for (const bad of [
      joined(header, body),
      joined(header, body, trailer, trailer),
      joined(header, body.subarray(0, -1), trailer),
      joined(header, body, trailer.with(trailer.length - 1, (trailer.at(-1) ?? 0) ^ 1)),
      joined(header, body, trailer.with(trailer.length - 4, 0xff)),
    ]) {
      const cut = { size: bad.length, read: async (at: number, length: number) => bad.slice(at, at + length) };
      const error = await openEnvelopeRange(cut, options).catch((caught: unknown) => caught);
      if (!(error instanceof EnvelopeError)) throw error;
      expect(outsideError(error).kind).toBe('AUTHENTICATION_FAILED');
    }
    const short = { ...source, size: header.length + 3 };
    await expect(openEnvelopeRange(short, options)).rejects.toMatchObject({ kind: 'TRUNCATED' });
  });

  it('an error of the signer passes unchanged, and the envelope has no end', async () => {
    const broken: EnvelopeSigner = { ...author, sign: () => Promise.reject(new Error('the token was pulled')) };
    await expect(signed(broken)).rejects.toThrow(/pulled/);
  });
});

it('ENV-7: the end of a body is found wherever chunks are cut', async () => {
  const { body, trailer } = await split(await signed());
  const all = joined(body, trailer);
  for (const size of [1, 3, 5, 64, 73, 1000]) {
    const end = new BodyEnd(segmentBytes);
    let taken = 0;
    for (let at = 0; at < all.length; at += size) taken += end.take(all.subarray(at, at + size));
    expect([size, taken, end.isReached]).toEqual([size, body.length, true]);
  }
  for (const length of [0, 31, 65, 0xfffffffe]) {
    const claim = new Uint8Array(4);
    new DataView(claim.buffer).setUint32(0, length);
    expect(() => new BodyEnd(segmentBytes).take(joined(body.subarray(0, 74), claim))).toThrow(
      expect.objectContaining({ kind: 'AUTHENTICATION_FAILED' }),
    );
  }
});
