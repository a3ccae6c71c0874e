import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seal, unseal } from '../aead.ts';
import { CryptoPool } from '../pool.ts';
import { SecretBytes } from '../secret-bytes.ts';
import { generateSigningKey, importSigningKey, verifySignature } from '../signature.ts';
import { batchLimits, rewrapMany, sealMany, unsealMany } from './seal-many.ts';
import { signMany } from './sign-many.ts';

const utf8 = new TextEncoder();
const withCode = (code: string) => expect.objectContaining({ code });
const context = { purpose: 'data-at-rest', tenant: 'tenant-a', column: 'email' };
const place = { key: SecretBytes.random(32), context, vary: 'record' };
const items = ['a', 'b', 'c'].map((at) => ({ at, plaintext: utf8.encode(`value of ${at}`) }));

describe('CRY-12: batches of small values', () => {
  it('each result is that of a single call: either opens what the other wrote', () => {
    const lists = fc.array(
      fc.record({ at: fc.string({ unit: 'grapheme', maxLength: 20 }), plaintext: fc.uint8Array() }),
    );
    fc.assert(
      fc.property(lists, (list) => {
        const sealed = sealMany(place, list);
        expect(sealed).toHaveLength(list.length);
        for (const [index, { at, plaintext }] of list.entries()) {
          const [one] = sealed.slice(index);
          if (one === undefined) throw new Error('an item is missing');
          const opened = unseal({ key: place.key, context: { ...context, record: at }, sealed: one });
          expect(opened).toEqual(new Uint8Array(plaintext));
        }
        const singles = list.map(({ at, plaintext }) => ({
          at,
          sealed: seal({ key: place.key, context: { ...context, record: at }, plaintext }),
        }));
        expect(unsealMany(place, singles)).toEqual(
          list.map(({ plaintext }) => ({ plaintext: new Uint8Array(plaintext) })),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('no nonce is used twice', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ at: `${index}`, plaintext: utf8.encode('same') }));
    const nonces = sealMany(place, many).map(({ bytes }) => bytes.subarray(0, 12).join());
    expect(new Set(nonces).size).toBe(1000);
  });

  it('an item in another place, changed, cut or of another suite has its error, and the others open', () => {
    const sealed = sealMany(place, items).map((one, index) => ({ at: items[index]?.at ?? '', sealed: one }));
    const [a, b, c] = sealed;
    if (a === undefined || b === undefined || c === undefined) return;
    const changed = { ...c.sealed, bytes: c.sealed.bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) };
    const results = unsealMany(place, [
      a,
      { at: 'a', sealed: b.sealed },
      { at: 'c', sealed: changed },
      { at: 'c', sealed: { suite: 'AES-256-GCM', bytes: c.sealed.bytes.subarray(0, 27) } },
      { at: 'c', sealed: { suite: 'AES-128-GCM', bytes: c.sealed.bytes } },
      c,
    ]);
    expect(
      results.map((result) => ('error' in result ? result.error.code : new TextDecoder().decode(result.plaintext))),
    ).toEqual([
      'value of a',
      'CRYPTO_AUTHENTICATION_FAILED',
      'CRYPTO_AUTHENTICATION_FAILED',
      'CRYPTO_MALFORMED',
      'CRYPTO_SUITE_UNSUPPORTED',
      'value of c',
    ]);
  });

  it('rewrap moves every good item to the new key, in its place, and names the others', () => {
    using to = SecretBytes.random(32);
    const sealed = sealMany(place, items).map((one, index) => ({ at: items[index]?.at ?? '', sealed: one }));
    const [a, b, c] = sealed;
    if (a === undefined || b === undefined || c === undefined) return;
    const results = rewrapMany({ from: place.key, to, context, vary: 'record' }, [a, { ...b, at: 'x' }, c]);
    const opened = results.map((result, index) =>
      'error' in result
        ? result.error.code
        : new TextDecoder().decode(
            unseal({ key: to, context: { ...context, record: ['a', 'b', 'c'][index] ?? '' }, sealed: result.sealed }),
          ),
    );
    expect(opened).toEqual(['value of a', 'CRYPTO_AUTHENTICATION_FAILED', 'value of c']);
  });

  it('limits, keys and contexts are checked before any item', () => {
    const many = Array.from({ length: batchLimits.itemsMax + 1 }, () => ({ at: '', plaintext: new Uint8Array(0) }));
    expect(() => sealMany(place, many)).toThrow(withCode('CRYPTO_LIMIT'));
    const large = [{ at: '', plaintext: new Uint8Array(batchLimits.bytesMax + 1) }];
    expect(() => sealMany(place, large)).toThrow(withCode('CRYPTO_LIMIT'));
    expect(() => sealMany({ ...place, key: SecretBytes.random(16) }, items)).toThrow(withCode('CRYPTO_KEY_INVALID'));
    expect(() => sealMany({ ...place, vary: 'column' }, items)).toThrow(withCode('CRYPTO_CONTEXT_INVALID'));
    expect(() => sealMany({ ...place, context: { purpose: 'p' } as never }, items)).toThrow(
      withCode('CRYPTO_CONTEXT_INVALID'),
    );
    expect(sealMany(place, [])).toEqual([]);
  });
});

describe('CRY-12: batches of signatures', () => {
  it.each([
    ['Ed25519', 0, 250],
    ['ECDSA-P256-SHA256', 0, 40],
    ['ML-DSA-44', 2, 40],
  ] as const)('%s: in order, with %d threads of the pool', async (algorithm, threads, count) => {
    const { publicKey, privateKey } = generateSigningKey(algorithm);
    using key = importSigningKey({ algorithm, privateKey });
    const pool = new CryptoPool({ nativeConcurrency: 2, queueMax: 8 });
    const messages = Array.from({ length: count }, (_, index) => utf8.encode(`message ${index}`));
    const signatures = await signMany(key, messages, {}, pool);
    expect(signatures).toHaveLength(count);
    for (const [index, signature] of signatures.entries()) {
      const message = messages[index] ?? new Uint8Array(0);
      expect(verifySignature({ algorithm, publicKey, message, signature })).toBe(true);
    }
    expect(pool.snapshot().native).toMatchObject({ peak: threads, refused: 0, active: 0 });
    expect(await signMany(key, [], {}, pool)).toEqual([]);
  });

  it('options are those of a single signature, and limits hold', async () => {
    const { privateKey } = generateSigningKey('Ed25519');
    using key = importSigningKey({ algorithm: 'Ed25519', privateKey });
    await expect(signMany(key, [utf8.encode('x')], { context: utf8.encode('c') })).rejects.toThrow(
      withCode('CRYPTO_OPTION_UNSUPPORTED'),
    );
    const many = Array.from({ length: batchLimits.itemsMax + 1 }, () => new Uint8Array(0));
    await expect(signMany(key, many)).rejects.toThrow(withCode('CRYPTO_LIMIT'));
  });
});
