// An authority that answers certificate requests, for tests.
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export interface AnsweringAuthority {
  readonly certificatePem: string;
  /** The chain for a request: the certificate and the authority's own. */
  answer(
    csrPem: string,
    change?: {
      readonly dns?: string;
      readonly notBefore?: Date;
      readonly notAfter?: Date;
      readonly isAuthority?: boolean;
      /** Dotted OID of the one extended key usage. */
      readonly purpose?: string;
    },
  ): Promise<string>;
  /** A request with a key of its own. */
  request(dns: string): Promise<string>;
}

const lines = (pem: string): string => `${pem.trim()}\n`;
const makeKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

/** Its certificate as the name says, or one that is none of an authority, or has ended. */
export async function startAuthority(
  name: string,
  given: { readonly isAuthority?: boolean; readonly notAfter?: Date } = {},
): Promise<AnsweringAuthority> {
  const keys = await makeKeys();
  const own = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    notBefore: new Date('2000-01-01'),
    notAfter: given.notAfter ?? new Date('2120-01-01'),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new BasicConstraintsExtension(given.isAuthority ?? true, undefined, true)],
  });
  const certificatePem = lines(own.toString('pem'));
  return {
    certificatePem,
    async answer(csrPem, change = {}) {
      const request = new Pkcs10CertificateRequest(csrPem);
      const asked = request.getExtension('2.5.29.17');
      const names =
        change.dns === undefined ? asked : new SubjectAlternativeNameExtension([{ type: 'dns', value: change.dns }]);
      const certificate = await X509CertificateGenerator.create({
        serialNumber: '02',
        subject: request.subject,
        issuer: own.subject,
        notBefore: change.notBefore ?? new Date('2019-01-01'),
        notAfter: change.notAfter ?? new Date('2119-01-01'),
        signingAlgorithm: algorithm,
        publicKey: request.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          ...(names === null ? [] : [names]),
          ...(change.isAuthority === undefined ? [] : [new BasicConstraintsExtension(change.isAuthority)]),
          ...(change.purpose === undefined ? [] : [new ExtendedKeyUsageExtension([change.purpose])]),
        ],
      });
      return lines(certificate.toString('pem')) + certificatePem;
    },
    async request(dns) {
      const request = await Pkcs10CertificateRequestGenerator.create({
        name: `CN=${dns}`,
        keys: await makeKeys(),
        signingAlgorithm: algorithm,
        extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: dns }])],
      });
      return request.toString('pem');
    },
  };
}
