import { describe, expect, it } from 'vitest';
import { CryptoPool } from './pool.ts';

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

describe('CryptoPool', () => {
  it('CRY-10: never more than two Argon2 calls at once, in order of arrival', async () => {
    const pool = new CryptoPool();
    const order: number[] = [];
    let active = 0;
    let peak = 0;
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        pool.run('argon2', async () => {
          order.push(index);
          active++;
          peak = Math.max(peak, active);
          await new Promise((resolve) => setTimeout(resolve, 1));
          active--;
        }),
      ),
    );
    expect(peak).toBe(2);
    expect(order).toEqual(Array.from({ length: 12 }, (_, index) => index));
    expect(pool.snapshot().argon2).toEqual({ active: 0, waiting: 0, peak: 2, refused: 0 });
  });

  it('lanes do not wait for each other', async () => {
    const pool = new CryptoPool({ argon2Concurrency: 1 });
    const held = gate();
    const slow = pool.run('argon2', () => held.opened);
    expect(await pool.run('native', async () => 'done')).toBe('done');
    held.open();
    await slow;
  });

  it('a failing task frees its place and passes its error on', async () => {
    const pool = new CryptoPool({ nativeConcurrency: 1 });
    await expect(pool.run('native', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(
      pool.run('native', () => {
        throw new Error('at once');
      }),
    ).rejects.toThrow('at once');
    expect(await pool.run('native', async () => 1)).toBe(1);
    expect(pool.snapshot().native.active).toBe(0);
  });

  it('a full queue refuses instead of growing', async () => {
    const pool = new CryptoPool({ argon2Concurrency: 1, queueMax: 1 });
    const held = gate();
    const first = pool.run('argon2', () => held.opened);
    const second = pool.run('argon2', async () => 2);
    await expect(pool.run('argon2', async () => 3)).rejects.toThrow(
      expect.objectContaining({ code: 'CRYPTO_POOL_FULL' }),
    );
    expect(pool.snapshot().argon2).toEqual({ active: 1, waiting: 1, peak: 1, refused: 1 });
    held.open();
    await first;
    expect(await second).toBe(2);
  });

  it('refuses nonsense sizes', () => {
    for (const options of [{ nativeConcurrency: 0 }, { argon2Concurrency: 1.5 }, { queueMax: -1 }]) {
      expect(() => new CryptoPool(options)).toThrow(expect.objectContaining({ code: 'CRYPTO_LIMIT' }));
    }
  });
});
