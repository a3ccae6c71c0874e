import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publicJwk, signJwt } from './jose.ts';
import { SecretBytes } from './secret-bytes.ts';
import { generateSigningKey, importSigningKey } from './signature.ts';
import { syncSignatureAlgorithms } from './signature-schemes.ts';

describe('public JWK', () => {
  it('RFC 9964: the key of the all-zero seed has the published kid', () => {
    using key = importSigningKey({ algorithm: 'ML-DSA-44', privateKey: SecretBytes.take(new Uint8Array(32)) });
    const jwk = publicJwk('ML-DSA-44', key.publicKey);
    expect(jwk).toMatchObject({
      kty: 'AKP',
      alg: 'ML-DSA-44',
      use: 'sig',
      kid: 'T4xl70S7MT6Zeq6r9V9fPJGVn76wfnXJ21-gyo0Gu6o',
    });
    expect(jwk.pub?.startsWith('unH59k4RuutY-pxvu24U5h8YZD2rSVtHU5qRZsoBmBMc')).toBe(true);
  });

  it('RFC 8037 appendix A.3: thumbprint of an Ed25519 key', () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    const raw = new Uint8Array(Buffer.from(x, 'base64url'));
    expect(publicJwk('Ed25519', raw)).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'Ed25519',
      use: 'sig',
      x,
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    });
  });

  it.each(syncSignatureAlgorithms)('%s: the runtime reads the JWK as the same key', (algorithm) => {
    const { publicKey } = generateSigningKey(algorithm);
    const jwk = publicJwk(algorithm, publicKey);
    const read = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    expect(new Uint8Array(read.export({ format: 'raw-public' }))).toEqual(publicKey);
    expect(Object.keys(jwk).filter((name) => ['d', 'priv', 'k'].includes(name))).toEqual([]);
  });
});

describe('signed token', () => {
  it.each(syncSignatureAlgorithms)('%s: another implementation verifies it under the JWK alone', async (algorithm) => {
    const pair = generateSigningKey(algorithm);
    using key = importSigningKey(pair);
    const jwk = publicJwk(algorithm, pair.publicKey);
    const publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    // Many tokens: an ECDSA integer is short now and then, which is where r and s are easily misplaced.
    for (let round = 0; round < (algorithm.startsWith('ECDSA') ? 600 : 3); round++) {
      const token = await signJwt({ key, claims: { sub: `user-${round}`, exp: 2_000_000_000 } });
      const [header = '', payload = '', signature = ''] = token.split('.');
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
        alg: jwk.alg,
        kid: jwk.kid,
        typ: 'JWT',
      });
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: `user-${round}` });
      const hash = algorithm === 'ECDSA-P256-SHA256' ? 'sha256' : algorithm === 'ECDSA-P384-SHA384' ? 'sha384' : null;
      const signed = Buffer.from(`${header}.${payload}`);
      const how = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
      const check = (message: Buffer) =>
        verify(hash, message, hash === null ? publicKey : how, Buffer.from(signature, 'base64url'));
      expect(check(signed)).toBe(true);
      expect(check(Buffer.from(`${header}.${payload}A`))).toBe(false);
    }
  });

  it('any claims come back as they were given', async () => {
    using key = importSigningKey(generateSigningKey('Ed25519'));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (claims) => {
        const given = JSON.parse(JSON.stringify(claims));
        const [, payload = ''] = (await signJwt({ key, claims: given })).split('.');
        expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual(given);
      }),
      { numRuns: 50 },
    );
  });
});
