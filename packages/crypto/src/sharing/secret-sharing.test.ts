import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { vettedCombine, vettedSplit } from '../vetted/shamir.ts';
import { checkShares, combineShares, refreshShares, splitSecret } from './secret-sharing.ts';
import type { SecretShare, ShareSet } from './share.ts';
import { ShareError } from './share-error.ts';

const withCode = (code: string) => expect.objectContaining({ code });
const bytesOf = (secret: SecretBytes): Uint8Array => secret.open(secretAccess, (bytes) => bytes.slice());

async function example(shares = 5, threshold = 3) {
  const secret = SecretBytes.random(32);
  return { secret, ...(await splitSecret({ secret, shares, threshold })) };
}

function pick(shares: readonly SecretShare[], ...indexes: readonly number[]): SecretShare[] {
  return indexes.map((index) => {
    const share = shares[index - 1];
    if (share === undefined) throw new Error(`there is no share ${index}`);
    return share;
  });
}

async function faultsOf(set: ShareSet, shares: readonly SecretShare[]) {
  const error = await combineShares(set, shares).catch((thrown: unknown) => thrown);
  if (!(error instanceof ShareError)) throw new Error('no share was named');
  expect(error.code).toBe('CRYPTO_SHARE_INVALID');
  expect(error.faults).toEqual(checkShares(set, shares));
  return error.faults;
}

describe('CRY-6: secret sharing', () => {
  it('every choice of enough shares gives the key, in any order', async () => {
    const { secret, set, shares } = await example();
    for (const indexes of [
      [1, 2, 3],
      [5, 3, 1],
      [2, 4, 5],
      [4, 3, 2, 1],
      [1, 2, 3, 4, 5],
    ]) {
      using combined = await combineShares(set, pick(shares, ...indexes));
      expect(combined.equals(secret)).toBe(true);
    }
  });

  it('holds for every count and threshold', async () => {
    const counts = fc
      .integer({ min: 2, max: 40 })
      .chain((shares) => fc.integer({ min: 2, max: shares }).map((threshold) => ({ shares, threshold })));
    await fc.assert(
      fc.asyncProperty(counts, async ({ shares, threshold }) => {
        const { secret, set, shares: all } = await example(shares, threshold);
        expect(all).toHaveLength(shares);
        using combined = await combineShares(set, all.slice(-threshold));
        expect(combined.equals(secret)).toBe(true);
        await expect(combineShares(set, all.slice(1, threshold))).rejects.toThrow(withCode('CRYPTO_SHARES_MISSING'));
      }),
      { numRuns: 25 },
    );
  });

  it('255 shares are the most', async () => {
    const { secret, set, shares } = await example(255, 255);
    using combined = await combineShares(set, shares);
    expect(combined.equals(secret)).toBe(true);
  });

  it('a corrupted share is named, though enough others are good', async () => {
    const { set, shares } = await example();
    const [first, second, third, fourth] = pick(shares, 1, 2, 3, 4);
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) return;
    for (let at = 0; at < 33; at++) {
      const bytes = bytesOf(third.value);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const corrupted = { ...third, value: SecretBytes.take(bytes) };
      const faults = await faultsOf(set, [first, second, corrupted, fourth]);
      expect(faults).toEqual([{ position: 2, index: 3, reason: 'corrupted' }]);
    }
    const salt = third.salt.map((byte, at) => (at === 0 ? byte ^ 1 : byte));
    expect(await faultsOf(set, [{ ...third, salt }])).toEqual([{ position: 0, index: 3, reason: 'corrupted' }]);
  });

  it('a share of another key, another place or another threshold is named, all at once', async () => {
    const { set, shares } = await example();
    const other = await example();
    const [first, second, third, fourth] = pick(shares, 1, 2, 3, 4);
    const [foreign] = pick(other.shares, 2);
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) return;
    if (foreign === undefined) return;
    const given = [
      first,
      foreign,
      { ...second, index: 5 },
      { ...third, threshold: 2 },
      { ...third, index: 9 },
      fourth,
      fourth,
      // The bytes of another key's share under this set's name.
      { ...foreign, setId: set.setId },
    ];
    expect(await faultsOf(set, given)).toEqual([
      { position: 1, index: 2, reason: 'foreign-set' },
      { position: 2, index: 5, reason: 'corrupted' },
      { position: 3, index: 3, reason: 'wrong-facts' },
      { position: 4, index: 9, reason: 'wrong-facts' },
      { position: 6, index: 4, reason: 'repeated' },
      { position: 7, index: 2, reason: 'corrupted' },
    ]);
  });

  it('the error names shares and holds nothing of them', async () => {
    const { set, shares } = await example();
    const [share] = pick(shares, 2);
    if (share === undefined) return;
    const error = await combineShares(set, [{ ...share, epoch: 2 }]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ShareError);
    expect(String(error)).toBe('ShareError: share 2 (number 1 given) is of another epoch');
  });

  it('refresh gives the same key in the next epoch, refuses shares of the old, and says what it did', async () => {
    const { secret, set, shares } = await example();
    const next = await refreshShares(set, pick(shares, 1, 3, 5), { shares: 4, threshold: 2 });
    expect(next.set).toMatchObject({ epoch: 2, threshold: 2 });
    expect(next.set.setId).toEqual(set.setId);
    using combined = await combineShares(next.set, pick(next.shares, 2, 4));
    expect(combined.equals(secret)).toBe(true);
    const [old] = pick(shares, 1);
    const [fresh] = pick(next.shares, 1);
    if (old === undefined || fresh === undefined) return;
    expect(await faultsOf(next.set, [old, fresh])).toEqual([{ position: 0, index: 1, reason: 'other-epoch' }]);
    // A share that lies about its epoch is found by the commitment, which covers it.
    expect(await faultsOf(next.set, [{ ...old, epoch: 2, threshold: 2 }])).toMatchObject([{ reason: 'corrupted' }]);
    expect(next.notice).toMatch(/memory of this process/);
    expect(next.notice).toMatch(/destroy/);
    await expect(refreshShares(set, pick(shares, 1, 3), { shares: 4, threshold: 2 })).rejects.toThrow(
      withCode('CRYPTO_SHARES_MISSING'),
    );
  });

  it('only uniform keys of 32 bytes are split', async () => {
    const split = (secret: SecretBytes) => splitSecret({ secret, shares: 3, threshold: 2 });
    for (const length of [0, 16, 31, 33, 64]) {
      await expect(split(SecretBytes.random(length))).rejects.toThrow(withCode('CRYPTO_KEY_INVALID'));
    }
    for (const text of ['correct horse battery staple 123', '0123456789abcdef0123456789abcdef', 'x'.repeat(32)]) {
      await expect(split(SecretBytes.fromUtf8(text))).rejects.toThrow(withCode('CRYPTO_KEY_INVALID'));
    }
    await expect(split(SecretBytes.take(new Uint8Array(32)))).rejects.toThrow(withCode('CRYPTO_KEY_INVALID'));
  });

  it.each([
    [1, 1],
    [3, 1],
    [2, 3],
    [256, 2],
    [2.5, 2],
    [3, Number.NaN],
  ])('%d shares with a threshold of %d are refused', async (shares, threshold) => {
    const secret = SecretBytes.random(32);
    await expect(splitSecret({ secret, shares, threshold })).rejects.toThrow(withCode('CRYPTO_LIMIT'));
  });

  it('a record that is not whole is refused before any share is looked at', () => {
    const commitments = [new Uint8Array(32), new Uint8Array(32)];
    const set = { setId: new Uint8Array(16), epoch: 1, threshold: 2, commitments };
    const malformed = withCode('CRYPTO_MALFORMED');
    expect(checkShares(set, [])).toEqual([]);
    expect(() => checkShares({ ...set, setId: new Uint8Array(15) }, [])).toThrow(malformed);
    expect(() => checkShares({ ...set, epoch: 0 }, [])).toThrow(malformed);
    expect(() => checkShares({ ...set, commitments: [new Uint8Array(32), new Uint8Array(31)] }, [])).toThrow(malformed);
    expect(() => checkShares({ ...set, threshold: 3 }, [])).toThrow(withCode('CRYPTO_LIMIT'));
  });
});

describe('CRY-6: fewer shares than the threshold tell nothing', () => {
  // Fix what a thief has, and let the missing share run through all its values: every secret is met exactly once, so the
  // thief's shares fit each of them equally well. This is Shamir's proof, carried out on the library that does the work.
  it.each([2, 3, 5])('with a threshold of %d, every secret fits the stolen shares equally well', async (threshold) => {
    const shares = await vettedSplit(
      SecretBytes.random(32).open(secretAccess, (bytes) => bytes.slice()),
      threshold,
      threshold,
    );
    const [missing, ...stolen] = shares;
    if (missing === undefined) return;
    const met = Array.from({ length: 32 }, () => new Set<number>());
    for (let value = 0; value < 256; value++) {
      const tried = new Uint8Array(33).fill(value);
      tried[32] = missing[32] ?? 0;
      const secret = await vettedCombine([tried, ...stolen]);
      for (const [at, byte] of secret.entries()) met[at]?.add(byte);
    }
    expect(met.map(({ size }) => size)).toEqual(Array.from({ length: 32 }, () => 256));
  });

  it('the bytes of a share are uniform, whatever the secret is', async () => {
    const counts = new Uint32Array(256);
    const rounds = 400;
    for (let round = 0; round < rounds; round++) {
      const [share] = await vettedSplit(new Uint8Array(32), 3, 2);
      for (const byte of share?.subarray(0, 32) ?? []) counts[byte] = (counts[byte] ?? 0) + 1;
    }
    const expected = (rounds * 32) / 256;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 255 degrees of freedom: mean 255, deviation 22.6. Eight deviations are met by chance less than once in 10^9 runs.
    expect(chiSquare).toBeLessThan(255 + 8 * 22.6);
    expect(chiSquare).toBeGreaterThan(255 - 8 * 22.6);
  });
});
