import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { KeyPool, keyPoolSizeMax } from './key-pool.ts';
import { generateSigningKey, type SigningKeyPair } from './signature.ts';
import type { SyncSignatureAlgorithm } from './signature-schemes.ts';

const sizes = (entries: Partial<Record<SyncSignatureAlgorithm, number>>) =>
  new Map(Object.entries(entries)) as unknown as ReadonlyMap<SyncSignatureAlgorithm, number>;
async function filled(pool: KeyPool, algorithm: SyncSignatureAlgorithm, size: number): Promise<void> {
  for (let turns = 0; pool.size(algorithm) < size && turns < 10_000; turns += 1) await turn();
  expect(pool.size(algorithm)).toBe(size);
}

describe('CRY-11: key pools', () => {
  it('holds as many as it was told and never more, and fills up again', async () => {
    using pool = new KeyPool({ sizes: sizes({ Ed25519: 3, 'ML-DSA-44': 2 }) });
    await filled(pool, 'Ed25519', 3);
    await filled(pool, 'ML-DSA-44', 2);
    using _first = pool.take('Ed25519').privateKey;
    expect(pool.size('Ed25519')).toBe(2);
    await filled(pool, 'Ed25519', 3);
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect([pool.size('Ed25519'), pool.size('ML-DSA-44'), pool.size('ML-DSA-87')]).toEqual([3, 2, 0]);
  });

  it('hands out each key pair once, also when it runs dry, and says what was there', async () => {
    const taken: boolean[] = [];
    using pool = new KeyPool({ sizes: sizes({ Ed25519: 4 }), onTake: ({ isHit }) => taken.push(isHit) });
    await filled(pool, 'Ed25519', 4);
    const keys = Array.from({ length: 7 }, () => pool.take('Ed25519'));
    expect(new Set(keys.map(({ publicKey }) => Buffer.from(publicKey).toString('hex'))).size).toBe(7);
    expect(taken).toEqual([true, true, true, true, false, false, false]);
    for (const { privateKey } of keys) privateKey[Symbol.dispose]();
  });

  it('without sizes it makes each key when it is asked for and holds none', async () => {
    using pool = new KeyPool({ sizes: new Map() });
    using key = pool.take('Ed25519').privateKey;
    expect(key.length).toBe(32);
    await turn();
    expect(pool.size('Ed25519')).toBe(0);
  });

  it('wipes what nobody took, and makes no more', async () => {
    const made: SigningKeyPair[] = [];
    const pool = new KeyPool({
      sizes: sizes({ Ed25519: 3 }),
      generate: (algorithm) => {
        const pair = generateSigningKey(algorithm);
        made.push(pair);
        return pair;
      },
    });
    await filled(pool, 'Ed25519', 3);
    pool[Symbol.dispose]();
    await turn();
    expect(made).toHaveLength(3);
    for (const { privateKey } of made) expect(privateKey.isDisposed).toBe(true);
    using _late = pool.take('Ed25519').privateKey;
    await turn();
    expect(pool.size('Ed25519')).toBe(0);
  });

  it.each([0, -1, 1.5, keyPoolSizeMax + 1])('a size of %d is refused', (size) => {
    expect(() => new KeyPool({ sizes: sizes({ Ed25519: size }) })).toThrow(RangeError);
  });
});
