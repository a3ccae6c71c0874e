import {
  generateSigningKey,
  importSigningKey,
  privateKeyPkcs8,
  type SigningKeyPair,
  type SyncSignatureAlgorithm,
  sha256,
} from '@quantumvault/crypto';
import { createRequest, issueSelfSigned, parseAddress, signerOfKey, writePem } from '@quantumvault/pki';
import type { CertificateRequest, MadeCertificate, MakeCertificate } from '../ports/certificate-maker.ts';

const dayMs = 86_400_000;
const clockSkewMs = 5 * 60_000;
const commonNameMax = 64; // ub-common-name of RFC 5280

/** Makes certificates with keys of `makeKeys`: a pool's, or made when they are needed. */
export const createMakeCertificate =
  (makeKeys: (algorithm: SyncSignatureAlgorithm) => SigningKeyPair): MakeCertificate =>
  (request, now) =>
    certify(request, makeKeys(request.signature), now);

export const makeCertificate = createMakeCertificate(generateSigningKey);

/**
 * Makes a key, a certificate request and a self-signed certificate for a server (RFC 2986, RFC 5280, RFC 9881). Serve it
 * until an authority has answered the request.
 */
async function certify(
  { signature, host, validityDays }: CertificateRequest,
  pair: SigningKeyPair,
  now: Date,
): Promise<MadeCertificate> {
  using rawPrivateKey = pair.privateKey;
  using key = importSigningKey(pair);
  const signer = signerOfKey(key);
  const content = {
    subject: `CN=${host.length <= commonNameMax ? host : 'TLS endpoint'}`,
    names: [{ kind: parseAddress(host) === undefined ? 'dns' : 'address', value: host }],
  } as const;
  const validity = {
    notBefore: new Date(now.getTime() - clockSkewMs),
    notAfter: new Date(now.getTime() + validityDays * dayMs),
  };
  const certificate = await issueSelfSigned({ ...content, profile: 'server', validity, signer });
  const request = await createRequest({ ...content, signer });
  return {
    publicKey: pair.publicKey,
    privateKey: privateKeyPkcs8(signature, rawPrivateKey),
    certificatePem: writePem('CERTIFICATE', certificate),
    csrPem: writePem('CERTIFICATE REQUEST', request),
    sha256: Buffer.from(sha256(certificate)).toString('hex'),
  };
}
