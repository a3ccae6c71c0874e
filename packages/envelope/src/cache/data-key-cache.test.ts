import { SecretBytes, secretAccess } from '@quantumvault/crypto';
import { ManualFreshnessLease, MemoryKeyWrapper } from '@quantumvault/ports';
import { describe, expect, it } from 'vitest';
import { collect, expected, keyPair, outcome, sealed, tenant } from '../../test/samples.ts';
import { openEnvelope } from '../open.ts';
import { DataKeyCache, type DataKeyCacheLimits, type DataKeyMiss, type DataKeyName } from './data-key-cache.ts';

const recipient = { type: 'kek', keyId: 'alpha', keyVersion: 1, wrapped: Uint8Array.of(1, 2, 3) } as const;
const name: DataKeyName = { tenant, coreHash: new Uint8Array(48), recipient };
const secret = SecretBytes.random(32);

/** A cache over a clock that is set by hand, and a backend that counts how often it is asked. */
function open(limits: Partial<DataKeyCacheLimits> = {}) {
  let now = 0;
  const seen: (DataKeyMiss | 'hit')[] = [];
  const lease = new ManualFreshnessLease(() => now);
  lease.renew();
  const hooks = { onHit: () => seen.push('hit'), onMiss: (reason: DataKeyMiss) => seen.push(reason) };
  const cache = new DataKeyCache({ lease, now: () => now, limits, hooks });
  const copy = async () => secret.open(secretAccess, (bytes) => SecretBytes.take(bytes.slice()));
  return {
    cache,
    lease,
    seen,
    /** Time goes on with a living link. */
    pass(milliseconds: number) {
      now += milliseconds;
      lease.renew();
    },
    /** Time goes on and nothing is heard. */
    silence(milliseconds: number) {
      now += milliseconds;
    },
    async ask(of: DataKeyName = name): Promise<DataKeyMiss | 'hit' | undefined> {
      using dataKey = await cache.unwrap(of, copy);
      expect(dataKey.equals(secret)).toBe(true);
      return seen.at(-1);
    },
  };
}

describe('ENV-10: the cache of data keys', () => {
  it('unwraps once, and gives copies that their callers may erase', async () => {
    const { ask, cache, seen } = open();
    for (let use = 0; use < 3; use += 1) await ask();
    expect([seen, cache.size]).toEqual([['absent', 'hit', 'hit'], 1]);
  });

  it.each([
    ['tenant', { ...name, tenant: '019a0000-0000-7000-8000-00000000000b' }],
    ['key', { ...name, recipient: { ...recipient, keyId: 'beta' } }],
    ['version', { ...name, recipient: { ...recipient, keyVersion: 2 } }],
    ['core', { ...name, coreHash: new Uint8Array(48).fill(1) }],
    ['wrapped key', { ...name, recipient: { ...recipient, wrapped: Uint8Array.of(1, 2, 4) } }],
  ])('an entry is not found under another %s', async (_what, other) => {
    const { ask } = open();
    await ask();
    expect(await ask(other)).toBe('absent');
    expect(await ask()).toBe('hit');
  });

  it('an entry ends after five minutes', async () => {
    const { ask, pass } = open();
    await ask();
    pass(299_999);
    expect(await ask()).toBe('hit');
    pass(1);
    expect(await ask()).toBe('expired');
    expect(await ask()).toBe('hit');
  });

  it('there are no hits without a lease of under one second', async () => {
    const { ask, silence, pass } = open();
    await ask();
    silence(999);
    expect(await ask()).toBe('hit');
    silence(1);
    expect(await ask()).toBe('stale-lease');
    pass(0);
    expect(await ask()).toBe('hit');
  });

  it('after an interruption nothing of before is used, however fresh the lease is', async () => {
    const { ask, lease } = open();
    await ask();
    lease.interrupt();
    lease.renew();
    expect(await ask()).toBe('absent');
    expect(await ask()).toBe('hit');
  });

  it('a lease that never was confirmed gives no hits', async () => {
    const lease = new ManualFreshnessLease(() => 0);
    const seen: string[] = [];
    const cache = new DataKeyCache({ lease, now: () => 0, hooks: { onMiss: (reason) => seen.push(reason) } });
    for (let use = 0; use < 2; use += 1) await cache.unwrap(name, async () => SecretBytes.random(32));
    expect(seen).toEqual(['absent', 'stale-lease']);
  });

  it('the entry that was used longest ago goes first, by number and by bytes', async () => {
    const of = (keyId: string): DataKeyName => ({ ...name, recipient: { ...recipient, keyId } });
    const byNumber = open({ entriesMax: 2 });
    for (const keyId of ['a', 'b', 'a', 'c']) await byNumber.ask(of(keyId));
    expect(byNumber.cache.size).toBe(2);
    expect([await byNumber.ask(of('a')), await byNumber.ask(of('b'))]).toEqual(['hit', 'absent']);

    const one = open();
    await one.ask(of('a'));
    const { bytes } = one.cache;
    const byBytes = open({ bytesMax: 2 * bytes });
    for (const keyId of ['a', 'b', 'c']) await byBytes.ask(of(keyId));
    expect([byBytes.cache.size, byBytes.cache.bytes]).toEqual([2, 2 * bytes]);
    const tooSmall = open({ bytesMax: bytes - 1 });
    await tooSmall.ask(of('a'));
    expect([tooSmall.cache.size, tooSmall.cache.bytes]).toEqual([0, 0]);
  });

  it('an entry ends after its uses', async () => {
    const { ask, seen } = open({ usesMax: 2 });
    for (let use = 0; use < 5; use += 1) await ask();
    expect(seen).toEqual(['absent', 'hit', 'hit', 'used-up', 'hit']);
  });

  it('attack 8: a revoked key is forgotten at once, by version or altogether, in its tenant alone', async () => {
    const { ask, cache } = open();
    const elsewhere = { ...name, tenant: '019a0000-0000-7000-8000-00000000000b' };
    const newer = { ...name, recipient: { ...recipient, keyVersion: 2 } };
    for (const each of [name, elsewhere, newer]) await ask(each);
    cache.forget({ tenant, keyId: 'alpha', keyVersion: 1 });
    expect([await ask(), await ask(elsewhere), await ask(newer)]).toEqual(['absent', 'hit', 'hit']);
    cache.forget({ tenant, keyId: 'alpha' });
    expect([await ask(), await ask(elsewhere), await ask(newer)]).toEqual(['absent', 'hit', 'absent']);
  });

  it('sealing empties it, and nothing is kept until it is unsealed', async () => {
    const { ask, cache } = open();
    await ask();
    cache.lock();
    expect([cache.size, cache.bytes]).toEqual([0, 0]);
    expect([await ask(), await ask()]).toEqual(['locked', 'locked']);
    cache.unlock();
    expect([await ask(), await ask()]).toEqual(['absent', 'hit']);
  });

  it.each([
    ['sealing', ({ cache }: ReturnType<typeof open>) => cache.lock()],
    ['a revocation', ({ cache }: ReturnType<typeof open>) => cache.forget({ tenant, keyId: 'alpha' })],
    ['an interruption', ({ lease }: ReturnType<typeof open>) => lease.interrupt()],
  ])('what was being unwrapped during %s is not kept', async (_what, event) => {
    const opened = open();
    await opened.cache.unwrap(name, async () => {
      event(opened);
      return SecretBytes.random(32);
    });
    expect(opened.cache.size).toBe(0);
  });

  it('what was being unwrapped while it was locked is not kept when it is unlocked meanwhile', async () => {
    const { cache } = open();
    cache.lock();
    await cache.unwrap(name, async () => {
      cache.unlock();
      return SecretBytes.random(32);
    });
    expect(cache.size).toBe(0);
  });

  it('a failure is not kept', async () => {
    const { ask, cache } = open();
    await expect(cache.unwrap(name, () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
    expect([cache.size, await ask()]).toEqual([0, 'absent']);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('a limit of %d is refused', (entriesMax) => {
    expect(() => open({ entriesMax })).toThrow(expect.objectContaining({ kind: 'LIMIT' }));
  });
});

describe('ENV-10: opening with a cache', () => {
  const alice = keyPair();

  it('asks the backend once for an envelope, and checks its recipients every time', async () => {
    const wrapper = new MemoryKeyWrapper();
    wrapper.add('alpha', 1);
    let asked = 0;
    const counting: MemoryKeyWrapper['unwrap'] = (wrapped, target) => {
      asked += 1;
      return wrapper.unwrap(wrapped, target);
    };
    const { cache, seen } = open();
    const backend = { wrap: wrapper.wrap.bind(wrapper), unwrap: counting };
    const bytes = await sealed({ recipients: [{ type: 'kek', keyId: 'alpha', keyVersion: 1, wrapper }] });
    const options = { keys: [{ type: 'kek', wrapper: backend, mayUse: () => true }], expected, cache } as const;
    for (let use = 0; use < 3; use += 1) expect(await outcome(bytes, options)).toMatchObject({ kind: undefined });
    expect([asked, seen]).toEqual([1, ['absent', 'hit', 'hit']]);
    const tagAt = bytes.length - 74 - 70 - 3 * 32 - 1;
    expect(await outcome(bytes.with(tagAt, (bytes[tagAt] ?? 0) ^ 1), options)).toMatchObject({
      kind: 'AUTHENTICATION_FAILED',
    });
    expect(seen.at(-1)).toBe('hit');
    // Two envelopes for one key share nothing, and sealing never looks into the cache.
    const other = await sealed({ recipients: [{ type: 'kek', keyId: 'alpha', keyVersion: 1, wrapper }] });
    await outcome(other, options);
    expect([asked, seen.at(-1)]).toEqual([2, 'absent']);
    // The caller's own list of keys comes first: a hit is for those that may use the key.
    const nobody = { ...options, keys: [{ ...options.keys[0], mayUse: () => false }] };
    expect(await outcome(bytes, nobody)).toMatchObject({ kind: 'KEY_NOT_FOUND' });
  });

  it('keeps nothing of an envelope whose recipients are not genuine', async () => {
    const { cache, seen } = open({ entriesMax: 1 });
    const options = { keys: [alice.opening], expected, cache } as const;
    const [good, other] = [
      await sealed({ recipients: [alice.recipient] }),
      await sealed({ recipients: [alice.recipient] }),
    ];
    await outcome(good, options);
    const tagAt = other.length - 74 - 70 - 3 * 32 - 1;
    const forged = other.with(tagAt, (other[tagAt] ?? 0) ^ 1);
    expect(await outcome(forged, options)).toMatchObject({ kind: 'AUTHENTICATION_FAILED' });
    expect(await outcome(good, options)).toMatchObject({ kind: undefined });
    expect(seen).toEqual(['absent', 'absent', 'hit']);
  });

  it('keeps wraps to people too, and no passphrase', async () => {
    const { cache, seen } = open();
    const bytes = await sealed({ recipients: [alice.recipient] });
    const options = { keys: [alice.opening], expected, profile: 'standard', cache } as const;
    for (let use = 0; use < 2; use += 1) await collect(openEnvelope([bytes], options));
    expect(seen).toEqual(['absent', 'hit']);
    const passphrase = SecretBytes.fromUtf8('correct horse');
    const phrase = await sealed({ passphrase, level: 'standard' });
    await collect(openEnvelope([phrase], { ...options, keys: [{ type: 'passphrase', passphrase }] }));
    expect([seen.length, cache.size]).toEqual([2, 1]);
  });
});
