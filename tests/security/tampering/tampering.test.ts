import { floeSizes, hpkeSuite, hpkeSuiteCategory5, hpkeSuiteCnsa } from '@quantumvault/crypto';
import { EnvelopeError, openEnvelopeRange } from '@quantumvault/envelope';
import { afterAll, describe, expect, it } from 'vitest';
import { type EnvelopeCore, encodeCore } from '../../../packages/envelope/src/header/core.ts';
import { frameHeader } from '../../../packages/envelope/src/header/header.ts';
import {
  keyPair,
  outcome,
  partsOf,
  plainBytes,
  type Sample,
  samples,
  sealed,
  segmentBytes,
  signingKey,
} from './envelopes.ts';

// ENV-5: whatever is done to the bytes of an envelope, nothing of what was changed comes out. Each case is an envelope
// that is opened; the counts are printed at the end.

const all = await samples();
const counts = new Map<string, number>();
const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);

/**
 * Plaintext of the segments that lie whole before a place. The last segment, and the only one, waits for the end of the
 * stream and for the signature behind it.
 */
async function genuineBefore({ bytes, content }: Sample): Promise<(at: number) => number> {
  const { headerBytes, core } = await partsOf(bytes);
  const plain = core.segmentBytes - floeSizes.segmentOverhead;
  return (at) => {
    const segments = Math.floor((at - headerBytes - floeSizes.header) / core.segmentBytes);
    return Math.min(content.length, Math.max(0, segments) * plain);
  };
}

async function mustBeRefused(what: string, sample: Sample, bytes: Uint8Array, genuine: number): Promise<void> {
  const { released, kind } = await outcome(bytes, sample.options);
  count(what);
  // Plain comparisons: an assertion for each of a hundred thousand cases would take longer than opening them.
  const isBeginning = Buffer.compare(released, sample.content.subarray(0, released.length)) === 0;
  if (kind === undefined || !isBeginning || released.length > genuine) {
    expect({ what, sample: sample.name, kind, released: released.length }).toBe(`refused, at most ${genuine} bytes`);
  }
}

describe.each(all.map((sample, index) => ({ sample, index, name: sample.name })))(
  'ENV-5: $name',
  ({ sample, index }) => {
    it('opens as it is', async () => {
      expect(await outcome(sample.bytes, sample.options)).toEqual({ released: sample.content, kind: undefined });
    });

    it('is refused with any bit of any byte flipped', async () => {
      const genuine = await genuineBefore(sample);
      for (let at = 0; at < sample.bytes.length; at += 1) {
        // All bits of the first sample; of the others one bit of each byte, another one at each place.
        for (let bit = index === 0 ? 0 : at % 8; bit < 8; bit += index === 0 ? 1 : 8) {
          const bad = sample.bytes.slice();
          bad[at] = (bad[at] ?? 0) ^ (1 << bit);
          await mustBeRefused('flipped bits', sample, bad, genuine(at));
        }
      }
    }, 240_000);

    it('is refused when cut at any length, and with anything behind it', async () => {
      const genuine = await genuineBefore(sample);
      for (let length = 0; length < sample.bytes.length; length += 1) {
        await mustBeRefused('cuts', sample, sample.bytes.subarray(0, length), genuine(length));
      }
      for (const more of [1, 16, 32, segmentBytes, 200]) {
        const longer = Buffer.concat([sample.bytes, new Uint8Array(more)]);
        await mustBeRefused('extensions', sample, longer, sample.content.length);
      }
    }, 120_000);
  },
);

/** All orders of the given values. */
function* orders(values: readonly number[]): Generator<number[]> {
  if (values.length === 0) yield [];
  for (const value of values) {
    for (const rest of orders(values.filter((other) => other !== value))) yield [value, ...rest];
  }
}

describe('ENV-5: segments', () => {
  it('in another order, left out, doubled or from another envelope are refused where they stand', async () => {
    const to = [keyPair(hpkeSuite)];
    const [sample, twin] = [
      await sealed({ name: 'five segments', to, length: 150 }),
      await sealed({ name: 'a twin', to, length: 150 }),
    ];
    const [{ headerBytes, body }, twinBody] = [await partsOf(sample.bytes), (await partsOf(twin.bytes)).body];
    const cut = (bytes: Uint8Array, index: number) => {
      const at = floeSizes.header + index * segmentBytes;
      return bytes.subarray(at, at + segmentBytes);
    };
    const indices = [0, 1, 2, 3, 4];
    const built = (pieces: readonly Uint8Array[]) =>
      Buffer.concat([sample.bytes.subarray(0, headerBytes), body.subarray(0, floeSizes.header), ...pieces]);
    const ownPieces = (order: readonly number[]) => order.map((index) => cut(body, index));
    expect(await outcome(built(ownPieces(indices)), sample.options)).toMatchObject({ kind: undefined });

    const refused = async (what: string, order: readonly number[], pieces = ownPieces(order)) => {
      const firstWrong = order.findIndex((index, at) => index !== at);
      const genuine = (firstWrong === -1 ? order.length : firstWrong) * plainBytes;
      await mustBeRefused(what, sample, built(pieces), genuine);
    };
    for (const order of orders(indices)) if (order.some((index, at) => index !== at)) await refused('reorders', order);
    for (let set = 0; set < 31; set += 1) {
      const order = indices.filter((index) => (set & (1 << index)) !== 0);
      await refused('left out', order);
    }
    for (const doubled of indices) {
      await refused('doubled', [...indices.slice(0, doubled + 1), doubled, ...indices.slice(doubled + 1)]);
    }
    for (const foreign of indices) {
      const pieces = indices.map((index) => cut(index === foreign ? twinBody : body, index));
      await refused('foreign segments', indices.with(foreign, -1), pieces);
    }
  });

  it('that were changed are not given by range reads either, and the others are', async () => {
    const sample = await sealed({ name: 'five segments', to: [keyPair(hpkeSuite)], length: 150 });
    const { headerBytes } = await partsOf(sample.bytes);
    const last = 4;
    for (let at = headerBytes + floeSizes.header; at < sample.bytes.length; at += 1) {
      const bad = sample.bytes.slice();
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      const source = { size: bad.length, read: async (offset: number, n: number) => bad.slice(offset, offset + n) };
      const changed = Math.floor((at - headerBytes - floeSizes.header) / segmentBytes);
      count('range reads of flipped segments');
      const opening = openEnvelopeRange(source, sample.options);
      if (changed === last) {
        await expect(opening).rejects.toThrow(EnvelopeError);
        continue;
      }
      using reader = await opening;
      await expect(reader.read(changed * plainBytes, plainBytes)).rejects.toThrow(EnvelopeError);
      const other = (changed + 1) % last;
      const genuine = sample.content.subarray(other * plainBytes, (other + 1) * plainBytes);
      expect(await reader.read(other * plainBytes, plainBytes)).toEqual(genuine);
    }
  }, 60_000);
});

describe('ENV-5, attack 9: parts of two genuine envelopes', () => {
  it('do not mix, in the place of the one or of the other', async () => {
    const [xWing, cnsa, category5] = [keyPair(hpkeSuite), keyPair(hpkeSuiteCnsa), keyPair(hpkeSuiteCategory5)];
    const one = await sealed({ name: 'one', to: [xWing] });
    const others = await Promise.all([
      sealed({ name: 'another object', to: [xWing] }),
      sealed({ name: 'another tenant', to: [xWing], facts: { tenant: '019a0000-0000-7000-8000-00000000000b' } }),
      sealed({ name: 'another row', to: [xWing], facts: { context: { table: 'orders', row: '8' } } }),
      sealed({ name: 'another purpose', to: [xWing], facts: { purpose: 'token' } }),
      sealed({ name: 'another type', to: [xWing], facts: { contentType: 'image/png' } }),
      sealed({ name: 'another segment size', to: [xWing], segmentBytes: 128 }),
      sealed({ name: 'another suite', to: [cnsa] }),
      sealed({ name: 'another recipient', to: [category5] }),
      sealed({ name: 'one recipient more', to: [xWing, category5] }),
    ]);
    const keys = [xWing, cnsa, category5].map(({ opening }) => opening);
    for (const other of others) {
      const parts = [await partsOf(one.bytes), await partsOf(other.bytes)] as const;
      // Each bit says which of the two a part is from; 0 and 15 are the genuine ones.
      for (let mix = 1; mix < 15; mix += 1) {
        const from = (part: number) => parts[((mix >> part) & 1) as 0 | 1];
        const header = frameHeader(from(0).coreBytes, from(1).recipientsBytes, from(2).recipientsTag);
        const mixed = Buffer.concat([...header, from(3).body]);
        for (const sample of [one, other]) {
          await mustBeRefused('mixes', { ...sample, options: { ...sample.options, keys } }, mixed, 0);
        }
      }
    }
  });

  it('a core that says something else, in its one encoding, opens nowhere', async () => {
    for (const sample of all) {
      const { core, recipientsBytes, recipientsTag, body } = await partsOf(sample.bytes);
      const changes: readonly Partial<EnvelopeCore>[] = [
        { tenant: '019a0000-0000-7000-8000-00000000000b' },
        { purpose: 'token' },
        { context: {} },
        { context: { ...core.context, row: '8' } },
        { context: { ...core.context, more: 'x' } },
        { contentType: 'image/png' },
        { createdAt: core.createdAt + 1 },
        { segmentBytes: core.segmentBytes === segmentBytes ? 128 : segmentBytes },
        { objectId: new Uint8Array(16) },
      ];
      for (const change of changes) {
        const changed = { ...core, ...change };
        const forged = Buffer.concat([...frameHeader(encodeCore(changed), recipientsBytes, recipientsTag), body]);
        const { tenant, purpose, context } = changed;
        // The forger also moved it to the place that it names now.
        const options = { ...sample.options, expected: { tenant, purpose, context } };
        await mustBeRefused('rewritten cores', { ...sample, options }, forged, 0);
      }
    }
  });
});

describe('ENV-7, attack 9: signatures', () => {
  it('of another envelope, of another signer, or taken off with the name of the signer, are refused', async () => {
    const [to, signer, other] = [[keyPair(hpkeSuite)], await signingKey('Ed25519'), await signingKey('Ed25519')];
    const one = await sealed({ name: 'signed', to, signer });
    const twin = await sealed({ name: 'signed by the same', to, signer });
    const foreign = await sealed({ name: 'signed by another', to, signer: other });
    const { core, recipientsBytes, recipientsTag, body } = await partsOf(one.bytes);
    const signatureBytes = body.length - (await partsOf((await sealed({ name: 'plain', to })).bytes)).body.length;
    const trailer = (bytes: Uint8Array) => bytes.subarray(-signatureBytes);
    const withoutSignature = one.bytes.subarray(0, -signatureBytes);
    const whole = one.content.length;
    for (const [what, bytes] of [
      ['of another envelope', Buffer.concat([withoutSignature, trailer(twin.bytes)])],
      ['of another signer', Buffer.concat([withoutSignature, trailer(foreign.bytes)])],
      ['none', withoutSignature],
      ['twice', Buffer.concat([one.bytes, trailer(one.bytes)])],
    ] as const) {
      await mustBeRefused(`signature ${what}`, one, bytes, whole);
    }
    // Whoever holds the recipient's key could seal anew, but nobody can keep this body under a core without the signer.
    for (const name of [null, other.signer.fingerprint]) {
      const changed = encodeCore({ ...core, signer: name });
      const bytes = Buffer.concat([...frameHeader(changed, recipientsBytes, recipientsTag), body]);
      for (const signature of [undefined, 'unchecked', { signers: [other.signer] }] as const) {
        const options = { ...one.options, signature };
        await mustBeRefused('renamed signers', { ...one, options }, bytes, 0);
      }
    }
    const signers = { ...one.options, signature: { signers: [other.signer] } };
    await mustBeRefused('unexpected signers', { ...one, options: signers }, one.bytes, 0);
    await mustBeRefused(
      'signers without demand',
      { ...one, options: { ...one.options, signature: undefined } },
      one.bytes,
      0,
    );
  });
});

afterAll(() => {
  const total = [...counts.values()].reduce((sum, cases) => sum + cases, 0);
  const list = [...counts].map(([what, cases]) => `${what} ${cases}`).join(', ');
  console.log(`tampering: ${total} changed envelopes, all refused (${list})`);
});
