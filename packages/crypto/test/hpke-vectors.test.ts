import { createDecipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hpkeOpen, recipientPublicKey } from '../src/hpke/hpke.ts';
import { importKemKey, kemEncapsulateTo } from '../src/hpke/kems.ts';
import { hpkeKeySchedule } from '../src/hpke/key-schedule.ts';
import { importXwingPrivateKey, importXwingPublicKey, xwingDecapsulate, xwingEncapsulate } from '../src/hpke/xwing.ts';
import { SecretBytes, secretAccess } from '../src/secret-bytes.ts';
import { fromHex, sharedVectors, Tally, toHex, vectors } from './vectors.ts';

interface XwingCase {
  readonly sk: string;
  readonly pk: string;
  readonly ct: string;
  readonly ss: string;
}

function checkXwing({ sk, pk, ct, ss }: XwingCase): void {
  const seed = SecretBytes.take(fromHex(sk));
  expect(toHex(recipientPublicKey(seed))).toBe(pk);
  const privateKey = importXwingPrivateKey(seed);
  expect(xwingDecapsulate(privateKey, fromHex(ct)).open(secretAccess, toHex)).toBe(ss);
  // Node cannot derandomize ML-KEM encapsulation, so the published ciphertexts are opened, not made again.
  const fresh = xwingEncapsulate(importXwingPublicKey(fromHex(pk)));
  expect(xwingDecapsulate(privateKey, fresh.enc).equals(fresh.sharedSecret)).toBe(true);
}

describe('published X-Wing and HPKE answers', () => {
  it('CRY-2: X-Wing of draft-connolly-cfrg-xwing-kem', () => {
    const tally = new Tally('xwing');
    for (const test of vectors<XwingCase[]>('xwing/draft-connolly-cfrg-xwing-kem.json')) {
      checkXwing(test);
      tally.ran();
    }
    expect(tally.report()).toBe(1);
  });

  it('CRY-2: MLKEM768-X25519 of the CFRG hybrid draft is the same KEM', () => {
    const tally = new Tally('cfrg-hybrid-kems/MLKEM768X25519');
    for (const test of vectors<XwingCase[]>('cfrg-hybrid-kems/MLKEM768X25519.json')) {
      checkXwing(test);
      tally.ran();
    }
    expect(tally.report()).toBe(5);
  });

  it.each(['MLKEM768-P256', 'MLKEM1024-P384'])('CRY-2: %s of the CFRG hybrid draft', (name) => {
    const file = name.replace('-', '');
    const tally = new Tally(`cfrg-hybrid-kems/${file}`);
    for (const { sk, pk, ct, ss } of vectors<XwingCase[]>(`cfrg-hybrid-kems/${file}.json`)) {
      const key = importKemKey(name, SecretBytes.take(fromHex(sk)));
      expect(toHex(key.publicKey)).toBe(pk);
      expect(key.decapsulate(fromHex(ct)).open(secretAccess, toHex)).toBe(ss);
      const fresh = kemEncapsulateTo(name, fromHex(pk));
      expect(key.decapsulate(fresh.enc).equals(fresh.sharedSecret)).toBe(true);
      tally.ran();
    }
    expect(tally.report()).toBe(5);
  });

  it.each([512, 768, 1024])('CRY-2: ML-KEM-%d from seeds, of Wycheproof', (set) => {
    interface Case {
      readonly tcId: number;
      readonly seed?: string;
      readonly ek?: string;
      readonly c: string;
      readonly K: string;
      readonly result: string;
    }
    const suite = sharedVectors<{ testGroups: { tests: Case[] }[] }>(`wycheproof/mlkem_${set}_test.json`);
    if (suite === undefined) return;
    const tally = new Tally(`wycheproof/mlkem_${set}, through the API`);
    for (const test of suite.testGroups.flatMap(({ tests }) => tests)) {
      if (test.seed === undefined) {
        tally.skip('no seed: expanded private keys are not imported');
        continue;
      }
      const seed = fromHex(test.seed);
      const run = (): string[] => {
        const key = importKemKey(`ML-KEM-${set}`, SecretBytes.take(seed));
        return [toHex(key.publicKey), key.decapsulate(fromHex(test.c)).open(secretAccess, toHex)];
      };
      if (test.result === 'valid') expect([test.tcId, ...run()]).toEqual([test.tcId, test.ek, test.K]);
      else expect(run).toThrow();
      tally.ran();
    }
    expect(tally.report()).toBeGreaterThan(90);
  });

  it('ENV-4: the key schedule of the HPKE draft, with X-Wing and HKDF-SHA-256', () => {
    interface HpkeCase {
      readonly kem_id: number;
      readonly kdf_id: number;
      readonly aead_id: number;
      readonly info: string;
      readonly skRm: string;
      readonly pkRm: string;
      readonly enc: string;
      readonly shared_secret: string;
      readonly key: string;
      readonly base_nonce: string;
      readonly exporter_secret: string;
      readonly encryptions: readonly { aad: string; ct: string; nonce: string; pt: string }[];
    }
    const tally = new Tally('hpke-pq');
    for (const test of vectors<HpkeCase[]>('hpke-pq/test-vectors.json')) {
      const seed = SecretBytes.take(fromHex(test.skRm));
      expect(toHex(recipientPublicKey(seed))).toBe(test.pkRm);
      const secret = xwingDecapsulate(importXwingPrivateKey(seed), fromHex(test.enc));
      expect(secret.open(secretAccess, toHex)).toBe(test.shared_secret);
      const ids = { kem: test.kem_id, kdf: test.kdf_id, aead: test.aead_id };
      const keys = hpkeKeySchedule(ids, secret, fromHex(test.info));
      expect(keys.key.open(secretAccess, toHex)).toBe(test.key);
      expect(toHex(keys.baseNonce)).toBe(test.base_nonce);
      expect(keys.exporterSecret.open(secretAccess, toHex)).toBe(test.exporter_secret);
      // The published suite ends in ChaCha20-Poly1305, which this package does not offer yet: its first message is
      // opened with the runtime, to show that the derived key is the one that counts.
      expect(test.aead_id).toBe(3);
      const [first] = test.encryptions;
      if (first === undefined) throw new Error('the case has no message');
      const sealed = fromHex(first.ct);
      const decipher = keys.key.open(secretAccess, (key) =>
        createDecipheriv('chacha20-poly1305', key, keys.baseNonce, { authTagLength: 16 }),
      );
      decipher.setAAD(fromHex(first.aad), { plaintextLength: sealed.length - 16 });
      decipher.setAuthTag(sealed.subarray(-16));
      expect(Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString('hex')).toBe(
        first.pt,
      );
      tally.ran();
    }
    expect(tally.report()).toBe(1);
  });

  it('the other cases of the HPKE draft name suites that are not offered', (ctx) => {
    const all = sharedVectors<{ kem_id: number; kdf_id: number; aead_id: number }[]>('hpke-pq/test-vectors.json');
    if (all === undefined) return ctx.skip('shared/vectors is not beside this repository');
    const tally = new Tally('hpke-pq, whole file');
    for (const { kem_id, kdf_id, aead_id } of all) {
      if (kem_id === 0x647a && kdf_id === 1) tally.ran();
      else tally.skip(`KEM 0x${kem_id.toString(16)}, KDF ${kdf_id}, AEAD ${aead_id} (AES-128-GCM) not offered`);
    }
    expect(tally.report()).toBe(1);
  });

  it('ENV-4: messages of another implementation open, in our very suites', () => {
    interface Interop {
      readonly suite: string;
      readonly seed: string;
      readonly publicKey: string;
      readonly info: string;
      readonly aad: string;
      readonly plaintext: string;
      readonly enc: string;
      readonly ciphertext: string;
    }
    const tally = new Tally('hpke-x-wing-aes-256-gcm, hpke-category-5');
    const xwing = vectors<{ suite: string; cases: Interop[] }>('hpke-x-wing-aes-256-gcm/vectors.json');
    const category5 = vectors<{ cases: Interop[] }>('hpke-category-5/vectors.json');
    for (const test of [...xwing.cases.map((each) => ({ ...each, suite: xwing.suite })), ...category5.cases]) {
      const privateKey = SecretBytes.take(fromHex(test.seed));
      const { suite } = test;
      expect(toHex(recipientPublicKey(privateKey, suite))).toBe(test.publicKey);
      const [enc, info, aad] = [fromHex(test.enc), fromHex(test.info), fromHex(test.aad)];
      const opened = hpkeOpen({ suite, privateKey, enc, info, aad, ciphertext: fromHex(test.ciphertext) });
      expect(toHex(opened)).toBe(test.plaintext);
      tally.ran();
    }
    expect(tally.report()).toBe(8);
  });
});
