import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSigner, nativeAlgorithms } from '../../test/signers.ts';
import { element, octetString, oid, sequence, setOf, unsignedInteger } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import { basicConstraints } from '../issue/extensions.ts';
import { issueRoot } from '../issue/issue-certificate.ts';
import { signWhole } from '../issue/signed.ts';
import { writeName } from '../names/write-name.ts';
import { readCertificateDetails } from '../x509/certificate-details.ts';
import { issueFromRequest, requestedNames } from './issue-from-request.ts';
import { checkRequest, createRequest, parseRequest } from './request.ts';

const names = [
  { kind: 'dns', value: 'a.example.org' },
  { kind: 'address', value: '192.0.2.7' },
] as const;
const life = { notBefore: new Date('2026-01-01'), notAfter: new Date('2036-01-01') };
const validity = { notBefore: new Date('2026-02-01'), notAfter: new Date('2026-08-01') };

async function authority() {
  const { signer } = makeSigner('ML-DSA-65');
  return { certificate: await issueRoot({ signer, subject: 'CN=Root', validity: life }), signer };
}

describe('PKI-1: certificate requests', () => {
  it.each(nativeAlgorithms)('%s: made, read, proved and answered', async (algorithm) => {
    const key = makeSigner(algorithm);
    const request = await createRequest({ signer: key.signer, subject: 'CN=a.example.org,C=DE', names });
    const read = parseRequest(request);
    expect(read.subject).toBe('CN=a.example.org,C=DE');
    expect(requestedNames(read)).toEqual(names);
    expect(await checkRequest(read)).toBe('genuine');
    const { certificate, leftOut } = await issueFromRequest({
      ...{ authority: await authority(), request, profile: 'server', validity },
    });
    expect(leftOut).toEqual([]);
    expect(new X509Certificate(certificate).checkPrivateKey(key.privateKey)).toBe(true);
    expect(readCertificateDetails(certificate).names).toMatchObject({
      dns: ['a.example.org'],
      addresses: ['192.0.2.7'],
    });
  });

  it('whoever changes a request loses the proof', async () => {
    const request = await createRequest({ signer: makeSigner('Ed25519').signer, subject: 'CN=a', names });
    const top = await authority();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: request.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = request.slice();
        changed[at] = (changed[at] ?? 0) ^ mask;
        await expect(
          issueFromRequest({ authority: top, request: changed, profile: 'server', validity }),
        ).rejects.toBeInstanceOf(PkiError);
      }),
      { numRuns: 300 },
    );
  });

  it('a key that somebody else holds is not certified', async () => {
    const mine = makeSigner('Ed25519').signer;
    const theirs = makeSigner('Ed25519').signer;
    const stolen = { algorithm: mine.algorithm, publicKey: theirs.publicKey, sign: mine.sign.bind(mine) };
    await expect(createRequest({ signer: stolen, subject: 'CN=a' })).rejects.toMatchObject({
      code: 'PKI_SIGNATURE_INVALID',
    });
    const honest = parseRequest(await createRequest({ signer: mine, subject: 'CN=a' }));
    const swapped = {
      ...honest,
      publicKey: parseRequest(await createRequest({ signer: theirs, subject: 'CN=a' })).publicKey,
    };
    expect(await checkRequest(swapped)).toBe('forged');
  });

  it('a request cannot make itself an authority: what the profile does not copy is left out and named', async () => {
    const { signer } = makeSigner('Ed25519');
    const greedy = await greedyRequest(signer);
    const { certificate, leftOut } = await issueFromRequest({
      ...{ authority: await authority(), request: greedy, profile: 'client', validity },
    });
    expect(leftOut).toEqual(['2.5.29.19']);
    expect(readCertificateDetails(certificate).isAuthority).toBe(false);
  });

  it('the caller’s names and subject go before those of the request', async () => {
    const request = await createRequest({ signer: makeSigner('Ed25519').signer, subject: 'CN=bank.example', names });
    const { certificate, leftOut } = await issueFromRequest({
      ...{ authority: await authority(), request, profile: 'server', validity, subject: 'CN=b.example.org' },
      names: [{ kind: 'dns', value: 'b.example.org' }],
    });
    expect(leftOut).toEqual(['2.5.29.17']);
    expect(new X509Certificate(certificate).subject).toBe('CN=b.example.org');
    expect(readCertificateDetails(certificate).names.dns).toEqual(['b.example.org']);
  });

  it('an ML-KEM key has no way to sign a request, and none is read as genuine', async () => {
    const kem = generateKeyPairSync('ml-kem-768').publicKey.export({ format: 'der', type: 'spki' });
    const honest = parseRequest(await createRequest({ signer: makeSigner('Ed25519').signer, subject: 'CN=a' }));
    expect(await checkRequest({ ...honest, publicKey: new Uint8Array(kem).subarray(4) })).toBe('unsupported');
  });

  it('PKI-2: cut or changed, a request is read or refused with a typed error', async () => {
    const request = await createRequest({ signer: makeSigner('ECDSA-P256-SHA256').signer, subject: 'CN=a', names });
    for (let length = 0; length < request.length; length++) {
      expect(() => parseRequest(request.subarray(0, length))).toThrow(PkiError);
    }
    expect(() => parseRequest(sequence(octetString(request)))).toThrow(PkiError);
  });
});

/** A request that asks to be an authority, made with the building blocks. */
function greedyRequest(signer: ReturnType<typeof makeSigner>['signer']): Promise<Uint8Array> {
  const asked = sequence(basicConstraints({ isAuthority: true, pathLengthMax: undefined }));
  const attribute = sequence(oid('1.2.840.113549.1.9.14'), setOf(asked));
  return signWhole(sequence(unsignedInteger(0), writeName('CN=a'), signer.publicKey, element(0xa0, attribute)), signer);
}
