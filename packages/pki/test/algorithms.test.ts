import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import {
  compositeSignatureAlgorithms,
  type SignatureAlgorithm,
  signatureAlgorithms,
  slhDsaAlgorithms,
} from '@quantumvault/crypto';
import { describe, expect, it } from 'vitest';
import { DerReader, derTag, wholeBytes } from '../src/der/reader.ts';
import {
  type Authority,
  checkCertificateSignature,
  checkRequest,
  createRequest,
  issueFromRequest,
  issueRevocationList,
  issueRoot,
  parseCertificate,
  parseRequest,
  parseRevocationList,
  validatePath,
} from '../src/index.ts';
import { makeAnySigner } from './signers.ts';

// PKI-1: an authority, a request, a certificate and a revocation list with each algorithm that has a form in certificates, and
// OpenSSL's word on each signature of those that it knows.

const drafts: readonly SignatureAlgorithm[] = ['FN-DSA-512', 'FN-DSA-1024'];
const composites: readonly SignatureAlgorithm[] = compositeSignatureAlgorithms;
const written = signatureAlgorithms.filter((name) => !drafts.includes(name));
// The small sets of SLH-DSA take up to seconds for a signature: they sign one certificate, which needs an identifier, a key and
// a signature of theirs as all else does.
const isSlow = (name: SignatureAlgorithm): boolean => /^SLH-DSA.*s$/.test(name);
const hashes: Readonly<Partial<Record<SignatureAlgorithm, string>>> = {
  'ECDSA-P256-SHA256': 'sha256',
  'ECDSA-P384-SHA384': 'sha384',
  'ECDSA-P521-SHA512': 'sha512',
  'RSA-PSS-SHA256': 'sha256',
  'RSA-PKCS1-SHA256': 'sha256',
};
const padding: Readonly<
  Partial<Record<SignatureAlgorithm, { readonly padding: number; readonly saltLength?: number }>>
> = {
  'RSA-PSS-SHA256': { padding: 6, saltLength: 32 },
  'RSA-PKCS1-SHA256': { padding: 1 },
};

/** What OpenSSL says of a request, a list or a certificate: all are what is signed, the algorithm, and the signature. */
function opensslVerifies(algorithm: SignatureAlgorithm, publicKey: Uint8Array, der: Uint8Array): boolean {
  const body = new DerReader(new DerReader(der).expect(derTag.sequence).content);
  const signed = body.expect(derTag.sequence).whole;
  body.expect(derTag.sequence);
  const signature = wholeBytes(body.expect(derTag.bitString).content);
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  return verify(hashes[algorithm] ?? null, signed, { key, ...padding[algorithm] }, signature);
}

const life = { notBefore: new Date('2026-01-01'), notAfter: new Date('2036-01-01') };
const at = new Date('2026-06-01');

async function make(algorithm: SignatureAlgorithm) {
  const signer = await makeAnySigner(algorithm);
  const root: Authority = { signer, certificate: await issueRoot({ signer, subject: 'CN=Root', validity: life }) };
  const request = await createRequest({
    signer,
    subject: 'CN=a.example',
    names: [{ kind: 'dns', value: 'a.example' }],
  });
  const { certificate } = await issueFromRequest({ authority: root, request, profile: 'server', validity: life });
  const { serialNumber } = parseCertificate(certificate);
  const list = await issueRevocationList({
    ...{ authority: root, number: 1n, thisUpdate: new Date('2026-03-01'), nextUpdate: life.notAfter },
    revoked: [{ serialNumber, revokedAt: '2026-02-01T00:00:00Z', reason: 'superseded' }],
  });
  return { signer, root, request, certificate, list };
}

function changed(der: Uint8Array): Uint8Array {
  const copy = der.slice();
  copy[copy.length - 9] = (copy.at(-9) ?? 0) ^ 1;
  return copy;
}

describe('PKI-1: authority, request, certificate and revocation list', () => {
  it('all algorithms but the drafts are tried, with twelve of SLH-DSA and seven composites', () => {
    expect(written).toHaveLength(signatureAlgorithms.length - 2);
    expect(written.filter((name) => name.startsWith('SLH-DSA'))).toEqual([...slhDsaAlgorithms]);
    expect(written.filter(isSlow)).toHaveLength(6);
    expect(written.filter((name) => composites.includes(name))).toHaveLength(7);
  });

  it.each(written.filter((name) => !isSlow(name)))(
    '%s: hold, and not after a bit of the signature changed',
    { timeout: 60_000 },
    async (algorithm) => {
      const { signer, root, request, certificate, list } = await make(algorithm);
      const ask = (leaf: Uint8Array, lists: readonly Uint8Array[] = []) =>
        validatePath({
          ...{ certificate: leaf, anchors: [root.certificate], at, purpose: 'serverAuth', host: 'a.example' },
          revocation: { lists: lists.map((der) => parseRevocationList(der)), mode: 'when-listed' },
        });
      expect(await ask(certificate)).toMatchObject({ isValid: true });
      expect(await ask(certificate, [list])).toMatchObject({ problem: 'revoked' });
      expect(await ask(changed(certificate))).toMatchObject({ isValid: false, problem: 'signature-forged' });
      expect(await ask(certificate, [changed(list)])).not.toMatchObject({ problem: 'revoked' });
      expect(await checkRequest(parseRequest(request))).toBe('genuine');
      expect(await checkRequest(parseRequest(changed(request)))).toBe('forged');

      if (composites.includes(algorithm)) return;
      for (const der of [root.certificate, certificate, request, list]) {
        expect(opensslVerifies(algorithm, signer.publicKey, der)).toBe(true);
      }
      expect(opensslVerifies(algorithm, signer.publicKey, changed(request))).toBe(false);
      const [top, leaf] = [new X509Certificate(root.certificate), new X509Certificate(certificate)];
      expect(leaf.checkIssued(top) && leaf.verify(top.publicKey) && top.verify(top.publicKey)).toBe(true);
    },
  );

  it.each(written.filter(isSlow))('%s: an authority', { timeout: 60_000 }, async (algorithm) => {
    const signer = await makeAnySigner(algorithm);
    const root = await issueRoot({ signer, subject: 'CN=Root', validity: life });
    expect(await checkCertificateSignature(root, root)).toBe('genuine');
    expect(await checkCertificateSignature(changed(root), root)).toBe('forged');
    expect(opensslVerifies(algorithm, signer.publicKey, root)).toBe(true);
    const top = new X509Certificate(root);
    expect(top.verify(top.publicKey)).toBe(true);
  });

  it.each(drafts)('%s has no identifier yet, and is refused', async (algorithm) => {
    await expect(make(algorithm)).rejects.toMatchObject({
      code: expect.stringMatching(/^(CRYPTO_OPTION_UNSUPPORTED|PKI_INPUT_INVALID)$/),
    });
  });
});
