import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { type Signer, SignerError } from '@quantumvault/ports';
import { describe, expect, it } from 'vitest';
import { makeSigner, nativeAlgorithms } from '../../test/signers.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { readCertificateDetails } from '../x509/certificate-details.ts';
import type { Authority } from './authority.ts';
import { type IssueInput, issueCertificate, issueRoot } from './issue-certificate.ts';

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
const validity = { notBefore: day('2026-01-01'), notAfter: day('2027-01-01') };
const rootLife = { notBefore: day('2025-01-01'), notAfter: day('2035-01-01') };
const spki = (key: ReturnType<typeof makeSigner>): Uint8Array => key.signer.publicKey;

async function root(change: Partial<Parameters<typeof issueRoot>[0]> = {}, signer = makeSigner('Ed25519').signer) {
  const certificate = await issueRoot({ signer, subject: 'CN=Example Root,C=DE', validity: rootLife, ...change });
  return { certificate, signer } satisfies Authority;
}

const server = (authority: Authority, change: Partial<IssueInput> = {}): IssueInput => ({
  authority,
  profile: 'server',
  subject: 'CN=a.example.org',
  names: [{ kind: 'dns', value: 'a.example.org' }],
  publicKey: spki(makeSigner('ECDSA-P256-SHA256')),
  validity,
  ...change,
});

describe('PKI-1: the runtime reads and verifies what is issued', () => {
  it.each(nativeAlgorithms)('%s: root, intermediate, server', async (algorithm) => {
    const rootKey = makeSigner(algorithm);
    const top = await root({ pathLengthMax: 1 }, rootKey.signer);
    const middleKey = makeSigner(algorithm);
    const middle: Authority = {
      certificate: await issueCertificate({
        ...{ authority: top, profile: 'intermediate', subject: 'CN=Example Issuing', validity: rootLife },
        publicKey: spki(middleKey),
      }),
      signer: middleKey.signer,
    };
    const leafKey = makeSigner(algorithm);
    const leaf = await issueCertificate(server(middle, { publicKey: spki(leafKey) }));
    const [a, b, c] = [top.certificate, middle.certificate, leaf].map((der) => new X509Certificate(der));
    expect(a?.checkIssued(a) && a.verify(a.publicKey) && a.ca).toBe(true);
    expect(a !== undefined && b?.checkIssued(a) && b.verify(a.publicKey) && b.ca).toBe(true);
    expect(b !== undefined && c?.checkIssued(b) && c.verify(b.publicKey)).toBe(true);
    expect(c?.ca).toBe(false);
    expect(c?.checkHost('a.example.org')).toBe('a.example.org');
    expect(c?.checkPrivateKey(leafKey.privateKey)).toBe(true);
    expect(c?.validToDate).toEqual(validity.notAfter);
    expect(readCertificateDetails(middle.certificate)).toMatchObject({ isAuthority: true, pathLengthMax: 0 });
  });

  it('an ML-KEM key gets a certificate for encryption, and only keyEncipherment (RFC 9935)', async () => {
    const { publicKey } = generateKeyPairSync('ml-kem-768');
    const der = await issueCertificate({
      ...server(await root()),
      ...{ profile: 'encryption', subject: 'CN=mailbox', publicKey: publicKey.export({ format: 'der', type: 'spki' }) },
    });
    expect(readCertificateDetails(der)).toMatchObject({ keyUsage: ['keyEncipherment'], extendedKeyUsage: null });
    expect(new X509Certificate(der).publicKey.asymmetricKeyType).toBe('ml-kem-768');
  });
});

describe('PKI-1: what a certificate says', () => {
  it('every extension that was asked for, critical where RFC 5280 says so, and nothing else', async () => {
    const top = await root({
      nameConstraints: {
        permitted: [
          { kind: 'dns', value: 'example.org' },
          { kind: 'address', value: '10.0.0.0/8' },
        ],
        excluded: [{ kind: 'dns', value: 'secret.example.org' }],
      },
    });
    const leaf = await issueCertificate(
      server(top, {
        profile: 'peer',
        subject: '',
        names: [
          { kind: 'dns', value: '*.a.example.org' },
          { kind: 'address', value: '10.1.2.3' },
          { kind: 'uri', value: 'spiffe://example.org/a' },
        ],
        revocationLists: ['http://crl.example.org/1.crl'],
        issuerUris: ['http://crl.example.org/1.crt'],
        ocspUris: ['http://ocsp.example.org/'],
      }),
    );
    const details = readCertificateDetails(leaf);
    expect(details).toMatchObject({
      names: { dns: ['*.a.example.org'], addresses: ['10.1.2.3'], uris: ['spiffe://example.org/a'] },
      isAuthority: false,
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['serverAuth', 'clientAuth'],
      revocationLists: ['http://crl.example.org/1.crl'],
      authorityAccess: { ocsp: ['http://ocsp.example.org/'], issuers: ['http://crl.example.org/1.crt'] },
      authorityKeyId: readCertificateDetails(top.certificate).subjectKeyId,
      critical: ['2.5.29.19', '2.5.29.15', '2.5.29.17'],
      problems: [],
    });
    expect(readCertificateDetails(top.certificate).critical).toEqual(['2.5.29.19', '2.5.29.15', '2.5.29.30']);
    const facts = parseCertificate(leaf);
    expect(facts).toMatchObject({ version: 3, subject: '', issuer: 'CN=Example Root,C=DE' });
    expect(new X509Certificate(leaf).infoAccess).toContain('OCSP - URI:http://ocsp.example.org/');
  });

  it('a certificate may live exactly as long as its authority, whatever the milliseconds', async () => {
    const exact = { notBefore: new Date('2026-01-01T00:00:00.900Z'), notAfter: new Date('2027-01-01T00:00:00.900Z') };
    const der = await issueCertificate(server(await root({ validity: exact }), { validity: exact }));
    expect(parseCertificate(der)).toMatchObject({
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2027-01-01T00:00:00Z',
    });
  });

  it('serial numbers are 20 random bytes, positive and of one length', async () => {
    const top = await root();
    const serials = await Promise.all(
      Array.from({ length: 20 }, async () => parseCertificate(await issueCertificate(server(top))).serialNumber),
    );
    expect(new Set(serials).size).toBe(20);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{39}$/);
  });
});

describe('PKI-1: what is not issued', () => {
  it.each<[string, Partial<IssueInput>]>([
    ['a server without a name', { names: [] }],
    ['a life of no time', { validity: { notBefore: day('2026-01-01'), notAfter: day('2026-01-01') } }],
    ['a date that is none', { validity: { notBefore: day('2026-01-01'), notAfter: new Date(Number.NaN) } }],
    ['a life of a thousand years', { validity: { notBefore: day('2026-01-01'), notAfter: day('3026-01-01') } }],
    ['a path length for a server', { pathLengthMax: 1 }],
    ['name constraints for a server', { nameConstraints: { permitted: [{ kind: 'dns', value: 'a' }] } }],
    ['a name that no client matches', { names: [{ kind: 'dns', value: 'a..b' }] }],
    ['a signature key for encryption', { profile: 'encryption' }],
    ['nobody', { subject: '', names: [], profile: 'client' }],
  ])('%s', async (_name, change) => {
    const authority = await root({ validity: { notBefore: day('1990-01-01'), notAfter: day('2080-01-01') } });
    const wide = change.validity?.notAfter.getUTCFullYear() === 3026 ? 'PKI_NOT_PERMITTED' : 'PKI_INPUT_INVALID';
    await expect(issueCertificate(server(authority, change))).rejects.toMatchObject({ code: wide });
  });

  it('a KEM key for a server, and RSA that can be factored', async () => {
    const kem = generateKeyPairSync('ml-kem-768').publicKey.export({ format: 'der', type: 'spki' });
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'der', type: 'spki' });
    for (const publicKey of [kem, rsa]) {
      await expect(issueCertificate(server(await root(), { publicKey }))).rejects.toMatchObject({
        code: 'PKI_INPUT_INVALID',
      });
    }
  });

  it.each<[string, Parameters<typeof root>[0], Partial<IssueInput>]>([
    [
      'longer than the authority lives',
      {},
      { validity: { notBefore: day('2026-01-01'), notAfter: day('2036-01-01') } },
    ],
    ['before the authority lives', {}, { validity: { notBefore: day('2024-01-01'), notAfter: day('2026-01-01') } }],
    [
      'a name outside the permitted ones',
      { nameConstraints: { permitted: [{ kind: 'dns', value: 'example.com' }] } },
      {},
    ],
    ['an excluded name', { nameConstraints: { excluded: [{ kind: 'dns', value: 'example.org' }] } }, {}],
    ['an authority below one that allows none', { pathLengthMax: 0 }, { profile: 'intermediate', names: [] }],
    [
      'a path length that does not shrink',
      { pathLengthMax: 1 },
      { profile: 'intermediate', names: [], pathLengthMax: 1 },
    ],
  ])('%s', async (_name, rootChange, change) => {
    await expect(issueCertificate(server(await root(rootChange), change))).rejects.toMatchObject({
      code: 'PKI_NOT_PERMITTED',
    });
  });

  it('from a certificate that is none of an authority, or whose key the signer does not hold', async () => {
    const top = await root();
    const leafKey = makeSigner('Ed25519');
    const leaf = await issueCertificate(server(top, { publicKey: spki(leafKey) }));
    const posing: Authority = { certificate: leaf, signer: leafKey.signer };
    await expect(issueCertificate(server(posing))).rejects.toMatchObject({ code: 'PKI_NOT_PERMITTED' });
    const mixed: Authority = { certificate: top.certificate, signer: leafKey.signer };
    await expect(issueCertificate(server(mixed))).rejects.toMatchObject({ code: 'PKI_SIGNER_MISMATCH' });
  });
});

describe('PKI-1: the key stays in its backend', () => {
  /** A backend that is far away: it counts what it is asked, and can fail or lie. */
  class RemoteSigner implements Signer {
    readonly algorithm;
    readonly publicKey;
    readonly asked: Uint8Array[] = [];
    answer: 'honest' | 'refuse' | 'unreachable' | 'garbage' = 'honest';
    readonly #inner: Signer;

    constructor(inner: Signer) {
      this.#inner = inner;
      this.algorithm = inner.algorithm;
      this.publicKey = inner.publicKey;
    }

    async sign(message: Uint8Array, options: { context: Uint8Array }): Promise<Uint8Array> {
      this.asked.push(message);
      if (this.answer === 'refuse') throw new SignerError('SIGNER_REFUSED', 'the key is disabled');
      if (this.answer === 'unreachable') throw new SignerError('SIGNER_UNAVAILABLE', 'no answer');
      const signature = await this.#inner.sign(message, options);
      if (this.answer === 'garbage') signature[9] = (signature[9] ?? 0) ^ 1;
      return signature;
    }
  }

  it('one certificate is one question, and the question is the signed part of the certificate', async () => {
    const remote = new RemoteSigner(makeSigner('ML-DSA-65').signer);
    const authority = {
      certificate: await root({ signer: remote }).then(({ certificate }) => certificate),
      signer: remote,
    };
    expect(remote.asked).toHaveLength(1);
    const leaf = await issueCertificate(server(authority));
    expect(remote.asked).toHaveLength(2);
    expect(Buffer.from(leaf).includes(remote.asked[1] ?? 'x')).toBe(true);
  });

  it('refusals are not asked for a signature at all, and failures of the backend come through', async () => {
    const remote = new RemoteSigner(makeSigner('Ed25519').signer);
    const authority = {
      certificate: await root({ signer: remote }).then(({ certificate }) => certificate),
      signer: remote,
    };
    const asked = remote.asked.length;
    await expect(issueCertificate(server(authority, { names: [] }))).rejects.toMatchObject({
      code: 'PKI_INPUT_INVALID',
    });
    expect(remote.asked).toHaveLength(asked);
    remote.answer = 'refuse';
    await expect(issueCertificate(server(authority))).rejects.toMatchObject({ code: 'SIGNER_REFUSED' });
    remote.answer = 'unreachable';
    await expect(issueCertificate(server(authority))).rejects.toMatchObject({ code: 'SIGNER_UNAVAILABLE' });
    remote.answer = 'garbage';
    await expect(issueCertificate(server(authority))).rejects.toMatchObject({ code: 'PKI_SIGNATURE_INVALID' });
  });
});
