import { hpkeSuiteCategory5, hpkeSuiteCnsa, SecretBytes } from '@quantumvault/crypto';
import fc from 'fast-check';
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
  tenant,
} from '../test/samples.ts';
import { EnvelopeError, outsideError } from './errors.ts';
import { frameHeader, hashCore } from './header/header.ts';
import { decodeRecipients, encodeRecipients } from './header/recipients.ts';
import { openEnvelope, openEnvelopeRange, readEnvelopeHeader, rewrapEnvelope } from './open.ts';
import { suiteOfProfile } from './profile.ts';
import { type SealTo, sealEnvelope } from './seal.ts';
import { formatRecipient, parseRecipient } from './text/key-text.ts';

const alice = keyPair();
const bob = keyPair();
const toAlice = { recipients: [alice.recipient] };
const asAlice = { keys: [alice.opening], expected, profile: 'standard' } as const;
const passphrase = SecretBytes.fromUtf8('correct horse battery staple');

describe('sealing and opening', () => {
  it('ENV-2: opens what was sealed, for every content, cutting and segment size', async () => {
    const sizes = fc.array(fc.nat({ max: 900 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        sizes,
        fc.integer({ min: 64, max: 300 }),
        async (content, cuts, size) => {
          const bytes = await collect(
            sealEnvelope([content], { to: toAlice, facts, segmentBytes: size, profile: 'standard' }),
          );
          const chunks: Uint8Array[] = [];
          let at = 0;
          for (const cut of cuts) {
            chunks.push(bytes.slice(at, at + cut));
            at += cut;
          }
          chunks.push(bytes.slice(at));
          expect(await collect(openEnvelope(chunks, asAlice))).toEqual(new Uint8Array(content));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('ENV-4: each of several recipients opens, and nobody else', async () => {
    const bytes = await sealed({ recipients: [alice.recipient, bob.recipient] });
    for (const { opening } of [alice, bob]) {
      expect(await outcome(bytes, { keys: [opening], expected })).toEqual({ released: plaintext, kind: undefined });
    }
    expect(await outcome(bytes, { keys: [keyPair().opening], expected })).toMatchObject({ kind: 'KEY_NOT_FOUND' });
    expect(await outcome(bytes, { keys: [], expected })).toMatchObject({ kind: 'KEY_NOT_FOUND' });
    expect(await outcome(bytes, { keys: [keyPair().opening, bob.opening], expected })).toMatchObject({
      kind: undefined,
    });
  });

  it.each([hpkeSuiteCnsa, hpkeSuiteCategory5] as const)(
    'ENV-4: a recipient of %s opens, beside one of X-Wing',
    async (suite) => {
      const carol = keyPair(suite);
      const bytes = await sealed({ recipients: [alice.recipient, carol.recipient] });
      for (const { opening } of [alice, carol]) {
        expect(await outcome(bytes, { keys: [opening], expected })).toEqual({ released: plaintext, kind: undefined });
      }
      expect(parseRecipient(formatRecipient(carol.recipient))).toEqual(carol.recipient);
      // A header that names another suite for the key, known as it is, is a forgery.
      const { coreBytes, recipients, recipientsTag, headerBytes } = await readEnvelopeHeader([bytes]);
      const forged = recipients.map((each) => (each.type === 'hpke' ? { ...each, suite } : each));
      const bad = Buffer.concat([
        ...frameHeader(coreBytes, encodeRecipients(forged), recipientsTag),
        bytes.subarray(headerBytes),
      ]);
      expect(await outcome(bad, asAlice)).toMatchObject({ kind: 'AUTHENTICATION_FAILED' });
    },
  );

  it('CRY-2: the profile cnsa-2.0 is demanded at both ends, of every recipient', async () => {
    const profile = 'cnsa-2.0';
    const carol = keyPair(suiteOfProfile(profile));
    const toCarol = { recipients: [carol.recipient] };
    const seal = (to: SealTo) => collect(sealEnvelope([plaintext], { to, facts, segmentBytes, profile }));
    const bytes = await seal(toCarol);
    expect(await outcome(bytes, { keys: [carol.opening], expected, profile })).toMatchObject({ kind: undefined });
    expect(await outcome(bytes, { keys: [carol.opening], expected })).toMatchObject({ kind: undefined });
    const unsupported = expect.objectContaining({ kind: 'UNSUPPORTED' });
    const both = { recipients: [carol.recipient, alice.recipient] };
    for (const to of [toAlice, both, { passphrase, level: 'standard' } as const]) {
      await expect(seal(to)).rejects.toEqual(unsupported);
      expect(await outcome(await sealed(to), { keys: [carol.opening], expected, profile })).toMatchObject({
        kind: 'UNSUPPORTED',
      });
    }
    const rewrapped = rewrapEnvelope([bytes], { keys: [carol.opening], expected, profile, to: both });
    await expect(collect(rewrapped)).rejects.toEqual(unsupported);
  });

  it('a recipient that is no valid key is refused', async () => {
    const publicKey = alice.recipient.publicKey.map((byte, at) => (at < 384 ? 0xff : byte));
    await expect(sealed({ recipients: [{ ...alice.recipient, publicKey }] })).rejects.toMatchObject({
      kind: 'MALFORMED',
    });
  });

  it('ENV-4: a passphrase opens, a wrong one and a changed cost do not, and it stands alone', async () => {
    const bytes = await sealed({ passphrase, level: 'standard' });
    const open = (text: string, from = bytes) =>
      outcome(from, { keys: [{ type: 'passphrase', passphrase: SecretBytes.fromUtf8(text) }], expected });
    expect(await open('correct horse battery staple')).toEqual({ released: plaintext, kind: undefined });
    expect(await open('correct horse battery stapler')).toMatchObject({ kind: 'AUTHENTICATION_FAILED' });
    expect(await outcome(bytes, asAlice)).toMatchObject({ kind: 'KEY_NOT_FOUND' });
    const { recipients } = await readEnvelopeHeader([bytes]);
    const hpke = (await readEnvelopeHeader([await sealed(toAlice)])).recipients;
    const both = () => encodeRecipients([...recipients, ...hpke]);
    expect(both).toThrow(expect.objectContaining({ kind: 'MALFORMED' }));
  });

  it('attack 20: a passphrase recipient that orders too much work is refused before it', async () => {
    const bytes = await sealed({ passphrase, level: 'standard' });
    const { coreBytes, recipients, recipientsTag, headerBytes } = await readEnvelopeHeader([bytes]);
    const [first] = recipients;
    if (first?.type !== 'passphrase') throw new Error('the sample has no passphrase');
    const bomb = encodeRecipients([{ ...first, memoryKib: 4_000_000_000 }]);
    const bad = Buffer.concat([...frameHeader(coreBytes, bomb, recipientsTag), bytes.subarray(headerBytes)]);
    const options = { keys: [{ type: 'passphrase', passphrase } as const], expected };
    expect(await outcome(bad, options)).toMatchObject({ kind: 'LIMIT' });
  });

  it('ENV-5: reads ranges, and says that no signature was checked', async () => {
    const bytes = await sealed(toAlice);
    const source = { size: bytes.length, read: async (at: number, length: number) => bytes.slice(at, at + length) };
    using reader = await openEnvelopeRange(source, asAlice);
    expect([reader.length, reader.signatureChecked]).toEqual([plaintext.length, false]);
    expect(reader.core.context).toEqual(expected.context);
    expect(await reader.read(30, 40)).toEqual(plaintext.subarray(30, 70));
    await expect(reader.read(0, 71)).rejects.toMatchObject({ kind: 'LIMIT' });
    const cut = { ...source, size: source.size - 39 };
    await expect(openEnvelopeRange(cut, asAlice)).rejects.toMatchObject({ kind: 'AUTHENTICATION_FAILED' });
    const elsewhere = { ...asAlice, expected: { ...expected, context: {} } };
    await expect(openEnvelopeRange(source, elsewhere)).rejects.toMatchObject({ kind: 'CONTEXT_MISMATCH' });
  });

  it('ENV-4: rewrap changes recipients and tag, and neither core nor body', async () => {
    const bytes = await sealed(toAlice);
    const moved = await collect(rewrapEnvelope([bytes], { ...asAlice, to: { recipients: [bob.recipient] } }));
    expect(await outcome(moved, { keys: [bob.opening], expected })).toEqual({ released: plaintext, kind: undefined });
    expect(await outcome(moved, asAlice)).toMatchObject({ kind: 'KEY_NOT_FOUND' });
    const [before, after] = [await readEnvelopeHeader([bytes]), await readEnvelopeHeader([moved])];
    expect(after.coreBytes).toEqual(before.coreBytes);
    expect(moved.subarray(after.headerBytes)).toEqual(bytes.subarray(before.headerBytes));
    // The honest limit: the old header still opens.
    expect(await outcome(bytes, asAlice)).toMatchObject({ kind: undefined });
  });

  it('errors of the source pass unchanged, and the source is closed on every way out', async () => {
    let closed = 0;
    async function* failing(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      try {
        yield bytes;
        throw new Error('disk on fire');
      } finally {
        closed += 1;
      }
    }
    const bytes = await sealed(toAlice);
    await expect(
      collect(sealEnvelope(failing(plaintext), { to: toAlice, facts, segmentBytes, profile: 'standard' })),
    ).rejects.toThrow(/fire/);
    await expect(collect(openEnvelope(failing(bytes), asAlice))).rejects.toThrow(/fire/);
    await expect(collect(openEnvelope(failing(bytes), { ...asAlice, keys: [] }))).rejects.toThrow(EnvelopeError);
    for await (const _ of openEnvelope(failing(bytes), asAlice)) break;
    await readEnvelopeHeader(failing(bytes));
    expect(closed).toBe(5);
  });
});

describe('ENV-5: an envelope that was changed', () => {
  it('is refused at every flipped byte before plaintext of the bad segment is released', async () => {
    const bytes = await sealed({ recipients: [alice.recipient, bob.recipient] });
    const { headerBytes } = await readEnvelopeHeader([bytes]);
    const kinds = new Set<string | undefined>();
    for (const flip of [0x01, 0x80, 0xff]) {
      for (let at = 0; at < bytes.length; at += 1) {
        const bad = bytes.slice();
        bad[at] = (bad[at] ?? 0) ^ flip;
        const { released, kind } = await outcome(bad, asAlice);
        expect([at, kind === undefined]).toEqual([at, false]);
        const whole = Math.max(0, Math.floor((at - headerBytes - 74) / segmentBytes));
        expect(released).toEqual(plaintext.subarray(0, whole * 32));
        kinds.add(kind);
      }
    }
    expect([...kinds].sort()).toEqual([
      'AUTHENTICATION_FAILED',
      'CONTEXT_MISMATCH',
      'KEY_NOT_FOUND',
      'LIMIT',
      'MALFORMED',
      'TRUNCATED',
      'UNSUPPORTED',
    ]);
  }, 60_000);

  it('QV1-1, QV1-3: what is too short for a header is cut only when it begins as one', async () => {
    for (const [text, expected] of [
      ['ab', 'MALFORMED'],
      ['abc', 'MALFORMED'],
      ['Qa1', 'MALFORMED'],
      ['Q', 'TRUNCATED'],
      ['QV', 'TRUNCATED'],
      ['QV1', 'TRUNCATED'],
    ]) {
      const { kind } = await outcome(new TextEncoder().encode(text), asAlice);
      expect([text, kind]).toEqual([text, expected]);
    }
  });

  it('is refused at every truncation and with anything behind it', async () => {
    const bytes = await sealed(toAlice);
    for (let length = 0; length < bytes.length; length += 1) {
      const { released, kind } = await outcome(bytes.subarray(0, length), asAlice);
      expect([length, kind]).toEqual([length, 'TRUNCATED']);
      expect(released.length % 32).toBe(0);
      expect(released.length).toBeLessThan(plaintext.length);
    }
    for (const more of [1, 16, 64, 200]) {
      const { released, kind } = await outcome(Buffer.concat([bytes, new Uint8Array(more)]), asAlice);
      expect([kind, released.length]).toEqual(['AUTHENTICATION_FAILED', 64]);
    }
  });

  it('attack 9: parts of two envelopes do not mix', async () => {
    const [one, two] = [await sealed(toAlice), await sealed(toAlice)];
    const [a, b] = [await readEnvelopeHeader([one]), await readEnvelopeHeader([two])];
    const [bodyA, bodyB] = [one.subarray(a.headerBytes), two.subarray(b.headerBytes)];
    const build = (core: typeof a, recipients: typeof a, tag: typeof a, body: Uint8Array): Uint8Array =>
      Buffer.concat([...frameHeader(core.coreBytes, recipients.recipientsBytes, tag.recipientsTag), body]);
    expect(await outcome(build(a, a, a, bodyA), asAlice)).toMatchObject({ kind: undefined });
    for (const mixed of [
      build(b, a, a, bodyA),
      build(a, b, a, bodyA),
      build(a, a, b, bodyA),
      build(a, b, b, bodyA),
      build(a, a, a, bodyB),
      build(b, b, b, bodyA),
    ]) {
      const { released, kind } = await outcome(mixed, asAlice);
      expect([kind, released.length]).toEqual(['AUTHENTICATION_FAILED', 0]);
    }
  });

  it('is refused when recipients were added, removed, swapped, or moved from another file', async () => {
    const bytes = await sealed({ recipients: [alice.recipient, bob.recipient] });
    const { coreBytes, recipients, recipientsTag, headerBytes } = await readEnvelopeHeader([bytes]);
    const foreign = (await readEnvelopeHeader([await sealed({ recipients: [keyPair().recipient] })])).recipients;
    const stranger = { type: 'unknown', name: 'later', body: new Uint8Array(3) } as const;
    const body = bytes.subarray(headerBytes);
    const rebuilt = (list: typeof recipients): Uint8Array =>
      Buffer.concat([...frameHeader(coreBytes, encodeRecipients(list), recipientsTag), body]);
    expect(await outcome(rebuilt(recipients), asAlice)).toMatchObject({ kind: undefined });
    for (const list of [
      recipients.slice(0, 1),
      [...recipients].reverse(),
      [...recipients, ...foreign],
      [...recipients, stranger],
      [stranger, ...recipients],
    ]) {
      expect(await outcome(rebuilt(list), asAlice)).toMatchObject({ kind: 'AUTHENTICATION_FAILED' });
    }
    const [first, second] = recipients;
    if (first?.type !== 'hpke' || second?.type !== 'hpke') throw new Error('the sample has other recipients');
    for (const forged of [
      { ...first, keyId: second.keyId, keyVersion: 2 },
      { ...first, keyVersion: 2 },
      { ...first, enc: second.enc },
      { ...first, enc: first.enc.subarray(1) },
      { ...first, wrapped: second.wrapped },
    ]) {
      const keys = [{ ...alice.opening, keyId: forged.keyId, keyVersion: forged.keyVersion }];
      expect(await outcome(rebuilt([forged, second]), { keys, expected })).toMatchObject({
        kind: 'AUTHENTICATION_FAILED',
      });
    }
    const downgraded = rebuilt([{ ...first, suite: 'HPKE-X25519-HKDF-SHA256-AES-128-GCM' }, second]);
    expect(await outcome(downgraded, asAlice)).toMatchObject({ kind: 'UNSUPPORTED' });
  });

  it('a recipient of an unknown type is passed over when the tag covers it', async () => {
    const bytes = await sealed(toAlice);
    const { recipients } = await readEnvelopeHeader([bytes]);
    const later = [{ type: 'unknown', name: 'later', body: Uint8Array.of(1, 2, 3) } as const, ...recipients];
    expect(decodeRecipients(encodeRecipients(later))).toEqual(later);
  });
});

describe('ENV-5: a whole envelope in the wrong place', () => {
  it.each([
    ['tenant', { tenant: '019a0000-0000-7000-8000-00000000000b' }],
    ['purpose', { purpose: 'token' as const }],
    ['no context', { context: {} }],
    ['another value', { context: { table: 'orders', row: '8' } }],
    ['one fact more', { context: { table: 'orders', row: '7', column: 'card' } }],
    ['one fact less', { context: { table: 'orders' } }],
    ['a name of the prototype', { context: { table: 'orders', toString: '7' } }],
  ])('is refused before anything is unwrapped: %s', async (_name, change) => {
    const bytes = await sealed(toAlice);
    const options = { keys: [alice.opening], expected: { ...expected, ...change } };
    expect(await outcome(bytes, options)).toEqual({ released: new Uint8Array(0), kind: 'CONTEXT_MISMATCH' });
    // Even without any key, so the comparison came first.
    expect(await outcome(bytes, { ...options, keys: [] })).toMatchObject({ kind: 'CONTEXT_MISMATCH' });
  });

  it('the order of the context does not matter', async () => {
    const context = { row: '7', table: 'orders' };
    const bytes = await sealed(toAlice);
    expect(await outcome(bytes, { ...asAlice, expected: { ...expected, context } })).toMatchObject({ kind: undefined });
  });
});

describe('ENV-9: errors', () => {
  it('look alike outside when they depend on keys, place or content', () => {
    const codes = ['ENVELOPE_AUTHENTICATION_FAILED', 'ENVELOPE_CONTEXT_MISMATCH', 'ENVELOPE_TRUNCATED'] as const;
    const seen = codes.map((code) => outsideError(new EnvelopeError(code, `inner ${code}`, { cause: new Error('x') })));
    for (const error of seen) {
      expect([error.code, error.message, error.cause]).toEqual([
        'ENVELOPE_AUTHENTICATION_FAILED',
        'the envelope does not open',
        undefined,
      ]);
    }
    for (const code of ['ENVELOPE_KEY_NOT_FOUND', 'ENVELOPE_KEY_STATE', 'ENVELOPE_BACKEND'] as const) {
      expect(outsideError(new EnvelopeError(code, 'm')).code).toBe(code);
    }
  });

  it('never hold context, tenant or key', async () => {
    const bytes = await sealed(toAlice);
    const wrong = { ...asAlice, expected: { ...expected, context: { secretive: 'value-of-the-caller' } } };
    const error = await collect(openEnvelope([bytes], wrong)).catch((caught: unknown) => caught);
    expect(`${error} ${JSON.stringify(error)}`).not.toMatch(/value-of-the-caller|orders|019a0000/);
  });
});

it('the core names what it is bound to', async () => {
  const { core, coreHash, coreBytes, recipients } = await readEnvelopeHeader([await sealed(toAlice)]);
  expect(core).toMatchObject({ ...facts, tenant, segmentBytes, suite: 'FLOE-AES-256-GCM-SHA-384' });
  expect(core.objectId).toHaveLength(16);
  expect(coreHash).toEqual(hashCore(coreBytes));
  expect(recipients).toMatchObject([{ type: 'hpke', keyId: alice.recipient.keyId, keyVersion: 1 }]);
});
