import { generateSigningKey, publicJwk, type SyncSignatureAlgorithm } from '@quantumvault/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenKeyOverlapDays } from './plan.ts';
import { jwksAt, type TokenKeyGeneration } from './token-keys.ts';

const day = (number: number) => new Date(Date.UTC(2026, 0, 1) + number * 86_400_000);
const key = (algorithm: SyncSignatureAlgorithm = 'Ed25519') => ({
  algorithm,
  publicKey: generateSigningKey(algorithm).publicKey,
});
const generation = (createdAt: Date, keys = [key()]): TokenKeyGeneration => ({ createdAt, overlapDays: 7, keys });
const kids = (generations: readonly TokenKeyGeneration[], now: Date) =>
  jwksAt(generations, now).keys.map(({ kid }) => kid);
const kidsOf = ({ keys }: TokenKeyGeneration) =>
  keys.map(({ algorithm, publicKey }) => publicJwk(algorithm, publicKey).kid);

describe('INV-9: the JWK Set', () => {
  it('shows both keys of a hybrid generation, in the order of the policy', () => {
    const hybrid = generation(day(0), [key('ML-DSA-65'), key('Ed25519')]);
    const set = jwksAt([hybrid], day(1));
    expect(set.keys.map(({ kty, alg }) => [kty, alg])).toEqual([
      ['AKP', 'ML-DSA-65'],
      ['OKP', 'Ed25519'],
    ]);
    expect(set.lifetimes.map(({ retiresAt }) => retiresAt)).toEqual([null, null]);
  });

  it('a replaced key stays until the overlap that its successor granted has passed, to the moment', () => {
    const [old, young] = [generation(day(0)), generation(day(30))];
    const all = [...kidsOf(young), ...kidsOf(old)];
    expect(kids([young, old], day(30))).toEqual(all);
    expect(kids([young, old], new Date(day(37).getTime() - 1))).toEqual(all);
    expect(kids([young, old], day(37))).toEqual(kidsOf(young));
    expect(jwksAt([young, old], day(31)).lifetimes[1]).toEqual({
      kid: kidsOf(old)[0],
      notBefore: day(0).toISOString(),
      retiresAt: day(37).toISOString(),
    });
  });

  it('any token that was signed can be verified to its end, however often the keys are rotated', () => {
    const pool = Array.from({ length: 8 }, () => [key()]);
    const secondsMax = 86_400;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 * 24 * 40 }), { minLength: 1, maxLength: 8 }),
        fc.nat({ max: 60 * 24 * 40 }),
        fc.integer({ min: 1, max: secondsMax }),
        (minutes, signedMinute, lifetimeSeconds) => {
          const at = (minute: number) => new Date(day(0).getTime() + minute * 60_000);
          const born = minutes.toSorted((left, right) => right - left);
          const generations = born.map((minute, index) => ({
            ...generation(at(minute), pool[index] ?? []),
            overlapDays: tokenKeyOverlapDays,
          }));
          const signer = generations.find(({ createdAt }) => createdAt <= at(signedMinute));
          if (signer === undefined) return;
          const end = new Date(at(signedMinute).getTime() + lifetimeSeconds * 1000);
          // The set as it is at the end of the token's life: with all generations that exist by then.
          const then = generations.filter(({ createdAt }) => createdAt <= end);
          expect(kids(then, end)).toEqual(expect.arrayContaining(kidsOf(signer)));
        },
      ),
    );
  });
});
