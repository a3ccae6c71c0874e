import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SecretBytes, secretAccess } from '../src/secret-bytes.ts';
import { privateKeyPkcs8, publicKeySpki, readPrivateKeyPkcs8, readPublicKeySpki } from '../src/signature/key-forms.ts';
import { slhDsaPrivateKeyFromSeed } from '../src/signature/slh-dsa-seed.ts';
import { importSigningKey, importVerifyKey, verifySignatureAsync } from '../src/signature.ts';
import { type SignatureAlgorithm, signatureAlgorithms, slhDsaAlgorithms } from '../src/signature-schemes.ts';
import { fromHex, Tally, toHex, vectors } from './vectors.ts';

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const offered = (name: string): SignatureAlgorithm | undefined => signatureAlgorithms.find((known) => known === name);

interface CompositeCase {
  readonly tcId: string;
  readonly pk: string;
  readonly sk: string;
  readonly sk_pkcs8: string;
  readonly x5c: string;
  readonly s: string;
  readonly sWithContext: string;
}

describe('composite ML-DSA', () => {
  it('CRY-3: keys in every form, signatures with and without context, and a fresh signature', async () => {
    const suite = vectors<{ m: string; ctx: string; tests: readonly CompositeCase[] }>(
      'composite-mldsa/testvectors.json',
    );
    const [message, context] = [fromBase64(suite.m), fromBase64(suite.ctx)];
    const tally = new Tally('composite-mldsa');
    for (const test of suite.tests) {
      const algorithm = offered(test.tcId.replace(/^id-/, ''));
      if (algorithm === undefined) throw new Error(`${test.tcId} is not offered`);
      const publicKey = fromBase64(test.pk);
      const privateKey = SecretBytes.take(fromBase64(test.sk));
      const key = importSigningKey({ algorithm, privateKey });
      expect([test.tcId, key.publicKey]).toEqual([test.tcId, publicKey]);
      const der = SecretBytes.take(fromBase64(test.sk_pkcs8));
      expect(readPrivateKeyPkcs8(der).privateKey.equals(privateKey)).toBe(true);
      expect(privateKeyPkcs8(algorithm, privateKey).equals(der)).toBe(true);
      const check = { algorithm, publicKey, message };
      expect(await verifySignatureAsync({ ...check, signature: fromBase64(test.s) })).toBe(true);
      expect(await verifySignatureAsync({ ...check, signature: fromBase64(test.sWithContext), context })).toBe(true);
      expect(await verifySignatureAsync({ ...check, signature: fromBase64(test.s), context })).toBe(false);
      expect(await verifySignatureAsync({ ...check, signature: await key.signAsync(message) })).toBe(true);
      // The runtime cannot verify the certificate, but its key must be the one that our writer encodes.
      const spki = publicKeySpki(algorithm, publicKey);
      expect(Buffer.from(fromBase64(test.x5c)).includes(spki)).toBe(true);
      expect(new X509Certificate(fromBase64(test.x5c)).raw).toHaveLength(fromBase64(test.x5c).length);
      expect(readPublicKeySpki(spki)).toEqual({ algorithm, publicKey });
      tally.ran();
    }
    expect(tally.report()).toBe(4);
  });
});

interface SlhDsaCase {
  readonly tcId: number;
  readonly testPassed: boolean;
  readonly pk: string;
  readonly sk?: string;
  readonly message: string;
  readonly context: string;
  readonly signature?: string;
  readonly signatureOf?: number;
  readonly flipByte?: number;
}

describe('SLH-DSA', () => {
  it('CRY-3: signatures of another implementation, with flipped bytes and wrong contexts', async () => {
    const suite = vectors<{ testGroups: readonly { parameterSet: string; tests: readonly SlhDsaCase[] }[] }>(
      'slh-dsa-cross/sigver.json',
    );
    const tally = new Tally('slh-dsa-cross');
    for (const { parameterSet, tests } of suite.testGroups) {
      const algorithm = offered(parameterSet);
      if (algorithm === undefined) throw new Error(`${parameterSet} is not offered`);
      for (const test of tests) {
        const of = tests.find(({ tcId }) => tcId === (test.signatureOf ?? test.tcId));
        const signature = fromHex(of?.signature ?? '');
        if (test.flipByte !== undefined) signature[test.flipByte] = (signature[test.flipByte] ?? 0) ^ 1;
        const publicKey = fromHex(test.pk);
        const key = importVerifyKey({ algorithm, publicKey });
        const [message, context] = [fromHex(test.message), fromHex(test.context)];
        expect([test.tcId, await key.verifyAsync({ message, signature, context })]).toEqual([
          test.tcId,
          test.testPassed,
        ]);
        if (test.sk !== undefined) {
          const privateKey = SecretBytes.take(fromHex(test.sk));
          expect(importSigningKey({ algorithm, privateKey }).publicKey).toEqual(publicKey);
        }
        tally.ran();
      }
    }
    expect(tally.report()).toBe(12);
  });

  it('CRY-3: ACVP key generation, from the seeds', async () => {
    const suite = vectors<{
      testGroups: readonly {
        parameterSet: string;
        tests: readonly { skSeed: string; skPrf: string; pkSeed: string; sk: string; pk: string }[];
      }[];
    }>('acvp/SLH-DSA-keyGen-FIPS205.json');
    const tally = new Tally('acvp/SLH-DSA-keyGen');
    for (const { parameterSet, tests } of suite.testGroups) {
      const algorithm = slhDsaAlgorithms.find((known) => known === parameterSet);
      if (algorithm === undefined) throw new Error(`${parameterSet} is not offered`);
      for (const test of tests) {
        using seed = SecretBytes.take(fromHex(test.skSeed + test.skPrf + test.pkSeed));
        using privateKey = await slhDsaPrivateKeyFromSeed(algorithm, seed);
        expect(privateKey.open(secretAccess, toHex)).toBe(test.sk.toLowerCase());
        expect(toHex(importSigningKey({ algorithm, privateKey }).publicKey)).toBe(test.pk.toLowerCase());
        tally.ran();
      }
    }
    expect(tally.report()).toBe(9);
    const short = slhDsaPrivateKeyFromSeed('SLH-DSA-SHA2-128f', SecretBytes.random(47));
    await expect(short).rejects.toThrow(expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }));
  });
});

describe('Falcon', () => {
  it.each([
    [512, 4],
    [1024, 3],
  ] as const)('CRY-3: answers of round 3 for degree %i', async (degree, count) => {
    const algorithm = `FN-DSA-${degree}` as const;
    const file = join(import.meta.dirname, `../../../tests/vectors/falcon/round3-falcon${degree}-KAT.rsp`);
    const tally = new Tally(`falcon/${degree}`);
    for (const block of readFileSync(file, 'utf8')
      .split(/^count = /m)
      .slice(1)) {
      const field = (name: string): Uint8Array => fromHex(new RegExp(`^${name} = (.*)$`, 'm').exec(block)?.[1] ?? '');
      const [message, publicKey, signed] = [field('msg'), field('pk'), field('sm')];
      const [nonce, header] = [signed.subarray(2, 42), 0x30 + Math.log2(degree)];
      expect(signed.subarray(42, 42 + message.length)).toEqual(message);
      const signature = new Uint8Array([header, ...nonce, ...signed.subarray(42 + message.length + 1)]);
      const key = importVerifyKey({ algorithm, publicKey });
      expect(await key.verifyAsync({ message, signature })).toBe(true);
      expect(await key.verifyAsync({ message: message.with(0, (message[0] ?? 0) ^ 1), signature })).toBe(false);
      const privateKey = SecretBytes.take(new Uint8Array([...field('sk'), ...publicKey]));
      using signer = importSigningKey({ algorithm, privateKey });
      expect(await key.verifyAsync({ message, signature: await signer.signAsync(message) })).toBe(true);
      tally.ran();
    }
    expect(tally.report()).toBe(count);
  });
});
