import { describe, expect, it } from 'vitest';
import { privateKeyFromSeed, publicKeyFromRaw, rawPublicKey } from '#native/asymmetric';
import { SecretBytes } from '../src/secret-bytes.ts';
import { importSigningKey, verifySignature } from '../src/signature.ts';
import { fromHex, Tally, toHex, vectors } from './vectors.ts';

interface Suite<Group, Test> {
  readonly testGroups: readonly (Group & { readonly tests: readonly (Test & { readonly tcId: number })[] })[];
}

describe('ACVP', () => {
  it('CRY-3: ML-DSA-44 key generation', () => {
    const tally = new Tally('acvp/ML-DSA-keyGen');
    const suite = vectors<Suite<object, { seed: string; pk: string }>>('acvp/ML-DSA-keyGen-FIPS204.json');
    for (const { seed, pk } of suite.testGroups.flatMap(({ tests }) => tests)) {
      const privateKey = SecretBytes.take(fromHex(seed));
      expect(toHex(importSigningKey({ algorithm: 'ML-DSA-44', privateKey }).publicKey)).toBe(pk.toLowerCase());
      tally.ran();
    }
    expect(tally.report()).toBe(8);
  });

  it('CRY-3: ML-DSA-44 verification, external and pure', () => {
    const tally = new Tally('acvp/ML-DSA-sigVer');
    const suite = vectors<
      Suite<
        { signatureInterface: string; preHash: string },
        { pk: string; message?: string; context?: string; signature: string; testPassed: boolean }
      >
    >('acvp/ML-DSA-sigVer-FIPS204.json');
    for (const group of suite.testGroups) {
      for (const test of group.tests) {
        if (group.signatureInterface !== 'external' || group.preHash !== 'pure' || test.message === undefined) {
          tally.skip('internal or pre-hash interface, not offered');
          continue;
        }
        const genuine = verifySignature({
          algorithm: 'ML-DSA-44',
          publicKey: fromHex(test.pk),
          message: fromHex(test.message),
          signature: fromHex(test.signature),
          context: fromHex(test.context ?? ''),
        });
        expect([test.tcId, genuine]).toEqual([test.tcId, test.testPassed]);
        tally.ran();
      }
    }
    expect(tally.report()).toBe(3);
  });

  it('CRY-2: ML-KEM-768 key generation', () => {
    const tally = new Tally('acvp/ML-KEM-keyGen');
    const suite = vectors<Suite<object, { d: string; z: string; ek: string }>>('acvp/ML-KEM-keyGen-FIPS203.json');
    for (const { d, z, ek } of suite.testGroups.flatMap(({ tests }) => tests)) {
      expect(toHex(rawPublicKey(privateKeyFromSeed('ml-kem-768', fromHex(d + z))))).toBe(ek.toLowerCase());
      tally.ran();
    }
    expect(tally.report()).toBe(12);
  });

  it('CRY-2: ML-KEM-768 encapsulation key check', () => {
    const tally = new Tally('acvp/ML-KEM-encapDecap');
    const suite = vectors<Suite<object, { ek: string; testPassed: boolean }>>('acvp/ML-KEM-encapDecap-FIPS203.json');
    for (const { tcId, ek, testPassed } of suite.testGroups.flatMap(({ tests }) => tests)) {
      const attempt = (): void => {
        publicKeyFromRaw('ml-kem-768', fromHex(ek));
      };
      if (testPassed) expect(attempt, `case ${tcId}`).not.toThrow();
      else expect(attempt, `case ${tcId}`).toThrow();
      tally.ran();
    }
    expect(tally.report()).toBe(5);
  });

  it('CRY-3: Ed25519 signing and verification', () => {
    const tally = new Tally('acvp/EDDSA');
    const gen =
      vectors<
        Suite<{ preHash: boolean; d: string; q: string }, { message: string; context?: string; signature: string }>
      >('acvp/EDDSA-SigGen-1.0.json');
    for (const group of gen.testGroups) {
      using key = importSigningKey({ algorithm: 'Ed25519', privateKey: SecretBytes.take(fromHex(group.d)) });
      expect(toHex(key.publicKey)).toBe(group.q.toLowerCase());
      for (const test of group.tests) {
        if (group.preHash || (test.context ?? '') !== '') {
          tally.skip('Ed25519ph or Ed25519ctx, not offered');
          continue;
        }
        expect([test.tcId, toHex(key.sign(fromHex(test.message)))]).toEqual([test.tcId, test.signature.toLowerCase()]);
        tally.ran();
      }
    }
    const ver =
      vectors<Suite<{ preHash: boolean }, { message: string; q: string; signature: string; testPassed: boolean }>>(
        'acvp/EDDSA-SigVer-1.0.json',
      );
    for (const group of ver.testGroups) {
      for (const test of group.tests) {
        if (group.preHash) {
          tally.skip('Ed25519ph or Ed25519ctx, not offered');
          continue;
        }
        const [publicKey, message, signature] = [fromHex(test.q), fromHex(test.message), fromHex(test.signature)];
        const genuine = verifySignature({ algorithm: 'Ed25519', publicKey, message, signature });
        expect([test.tcId, genuine]).toEqual([test.tcId, test.testPassed]);
        tally.ran();
      }
    }
    expect(tally.report()).toBeGreaterThan(20);
  });
});
