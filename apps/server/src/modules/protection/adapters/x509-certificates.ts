import {
  generateSigningKey,
  privateKeyPkcs8,
  randomBytes,
  type SigningKeyPair,
  type SyncSignatureAlgorithm,
  secretAccess,
  sha256,
} from '@quantumvault/crypto';
import { parseAddress } from '@quantumvault/pki';
import type { CertificateRequest, MadeCertificate, MakeCertificate } from '../ports/certificate-maker.ts';

const dayMs = 86_400_000;
const clockSkewMs = 5 * 60_000;
const commonNameMax = 64; // ub-common-name of RFC 5280

/** What WebCrypto calls the algorithms, and the format in which it takes their raw public keys. */
const webCrypto: Readonly<
  Record<SyncSignatureAlgorithm, { readonly name: string; readonly namedCurve?: string; readonly hash?: string }>
> = {
  'ECDSA-P256-SHA256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  'ECDSA-P384-SHA384': { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  Ed25519: { name: 'Ed25519' },
  'ML-DSA-44': { name: 'ML-DSA-44' },
  'ML-DSA-65': { name: 'ML-DSA-65' },
  'ML-DSA-87': { name: 'ML-DSA-87' },
};

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
  // Loaded when the first bundle is made: the libraries are of no use to a server that makes none.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = webCrypto[signature];
  using rawPrivateKey = pair.privateKey;
  const privateKey = privateKeyPkcs8(signature, rawPrivateKey);
  const rawFormat = algorithm.name.startsWith('ML-DSA') ? 'raw-public' : 'raw';
  const keys = {
    privateKey: await privateKey.open(secretAccess, (pkcs8) =>
      crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), algorithm, false, ['sign']),
    ),
    publicKey: await crypto.subtle.importKey(rawFormat as 'raw', new Uint8Array(pair.publicKey), algorithm, true, [
      'verify',
    ]),
  };
  const name = [{ CN: [host.length <= commonNameMax ? host : 'TLS endpoint'] }];
  const names = new x509.SubjectAlternativeNameExtension([
    { type: parseAddress(host) === undefined ? 'dns' : 'ip', value: host },
  ]);
  const usages = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    names,
  ];
  const serial = Buffer.from(randomBytes(16));
  serial.writeUInt8((serial.readUInt8(0) & 0x3f) | 0x40, 0); // positive, of one length, never zero
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial.toString('hex'),
    name,
    notBefore: new Date(now.getTime() - clockSkewMs),
    notAfter: new Date(now.getTime() + validityDays * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: usages,
  });
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name,
    keys,
    signingAlgorithm: algorithm,
    extensions: [names],
  });
  return {
    publicKey: pair.publicKey,
    privateKey,
    certificatePem: `${certificate.toString('pem').trim()}\n`,
    csrPem: `${request.toString('pem').trim()}\n`,
    sha256: Buffer.from(sha256(new Uint8Array(certificate.rawData))).toString('hex'),
  };
}
