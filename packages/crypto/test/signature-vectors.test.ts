import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SecretBytes } from '../src/secret-bytes.ts';
import { privateKeyPkcs8, publicKeySpki, readPrivateKeyPkcs8, readPublicKeySpki } from '../src/signature/key-forms.ts';
import { importSigningKey, importVerifyKey, verifySignatureAsync } from '../src/signature.ts';
import { type SignatureAlgorithm, signatureAlgorithms } from '../src/signature-schemes.ts';
import { fromHex, Tally, vectors } from './vectors.ts';

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
});
