import { expect, it } from 'vitest';
import { KeyShare } from '../../src/key-share.ts';
import { implementationOf } from '../../src/registry/implementation.ts';
import { algorithm } from '../../src/registry/registry.ts';
import { runSelfTests } from '../../src/self-test.ts';
import { importVerifyKey } from '../../src/signature.ts';

it('this run has the primitives of browsers', () => {
  expect(() => KeyShare.generate('x25519')).toThrow(expect.objectContaining({ code: 'CRYPTO_RUNTIME_UNSUPPORTED' }));
});

it('CRY-9: no implementation is named for what is absent, and one for the rest', () => {
  for (const id of ['RSA-PSS-SHA256', 'MLKEM768-RSA2048-SHA3-256', 'FN-DSA-512', 'X25519MLKEM768']) {
    expect([id, implementationOf(algorithm(id))]).toEqual([id, undefined]);
  }
  for (const id of ['X-Wing', 'ECDSA-P384-SHA384', 'SLH-DSA-SHA2-128s']) {
    expect(implementationOf(algorithm(id))).toBe('noble and WebCrypto');
  }
});

it('CRY-10: the self-tests of all that is here pass, and those of RSA are not among them', async () => {
  const { ok, tests } = await runSelfTests();
  expect(tests.filter((test) => !test.ok)).toEqual([]);
  expect(ok).toBe(true);
  expect(tests.map((test) => test.algorithm)).not.toContain('RSA-PSS-SHA256');
  expect(() => importVerifyKey({ algorithm: 'RSA-PSS-SHA256', publicKey: new Uint8Array(300) })).toThrow();
});
