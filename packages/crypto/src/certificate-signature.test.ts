import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CertificateScheme, verifyCertificateSignature } from './certificate-signature.ts';

const message = new TextEncoder().encode('the signed part of a certificate');
const spki = { format: 'der', type: 'spki' } as const;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
const cases: readonly [string, CertificateScheme, Uint8Array, Uint8Array][] = [
  [
    'P-256 with SHA-384',
    { kind: 'ecdsa', hash: 'sha384' },
    p256.publicKey.export(spki),
    sign('sha384', message, p256.privateKey),
  ],
  [
    'RSA with SHA-512',
    { kind: 'rsa-pkcs1', hash: 'sha512' },
    rsa.publicKey.export(spki),
    sign('sha512', message, rsa.privateKey),
  ],
  [
    'RSA-PSS with SHA-384',
    { kind: 'rsa-pss', hash: 'sha384', saltBytes: 48 },
    rsa.publicKey.export(spki),
    sign('sha384', message, { key: rsa.privateKey, ...pss }),
  ],
];

describe('PKI-1: signatures of other authorities', () => {
  it.each(cases)('%s: genuine is true, anything changed is false', async (_name, scheme, publicKey, signature) => {
    const input = { publicKey: new Uint8Array(publicKey), scheme, message, signature: new Uint8Array(signature) };
    expect(await verifyCertificateSignature(input)).toBe(true);
    expect(await verifyCertificateSignature({ ...input, message: message.slice(1) })).toBe(false);
    expect(await verifyCertificateSignature({ ...input, signature: input.signature.slice(1) })).toBe(false);
    expect(await verifyCertificateSignature({ ...input, scheme: { kind: 'ecdsa', hash: 'sha256' } })).toBe(false);
    expect(await verifyCertificateSignature({ ...input, publicKey: input.publicKey.slice(1) })).toBe(false);
  });

  it('a salt of another length than the certificate says is false', async () => {
    const signature = sign('sha384', message, { key: rsa.privateKey, ...pss });
    const scheme: CertificateScheme = { kind: 'rsa-pss', hash: 'sha384', saltBytes: 32 };
    const publicKey = rsa.publicKey.export(spki);
    expect(await verifyCertificateSignature({ publicKey, scheme, message, signature })).toBe(false);
  });

  it('a key of another kind is false, and so is input beyond any honest size', async () => {
    const scheme: CertificateScheme = { kind: 'ecdsa', hash: 'sha256' };
    const publicKey = ed.publicKey.export(spki);
    const signature = new Uint8Array(64);
    expect(await verifyCertificateSignature({ publicKey, scheme, message, signature })).toBe(false);
    const large = new Uint8Array(5_000);
    expect(await verifyCertificateSignature({ publicKey: large, scheme, message, signature })).toBe(false);
  });
});
