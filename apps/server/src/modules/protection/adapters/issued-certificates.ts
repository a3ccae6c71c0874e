import { isIssuedBy, sha256 } from '@quantumvault/crypto';
import {
  type CertificateFacts,
  namesMatchHost,
  PkiError,
  parseCertificate,
  readCertificateExtensions,
  subjectPublicKeyInfo,
} from '@quantumvault/pki';
import { protectionErrors } from '../domain/errors.ts';
import type { ReadIssuedCertificate } from '../ports/certificate-maker.ts';

const certificatesMax = 10;
// One run and nothing beside it that could match the same characters: the time is linear in the text.
const block = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

const invalid = (detail: string) => protectionErrors.PROTECTION_CERTIFICATE_INVALID({ detail });

interface Certificate {
  readonly der: Uint8Array;
  readonly facts: CertificateFacts;
}

function readAll(pem: string): [Certificate, ...Certificate[]] {
  const labels = [...pem.matchAll(/-----BEGIN ([^-]{1,64})-----/g)].map(([, label]) => label);
  if (labels.some((label) => label !== 'CERTIFICATE')) {
    throw invalid('The text holds more than certificates; a private key must never be sent here.');
  }
  const ders = [...pem.matchAll(block)].map(([, text = '']) => new Uint8Array(Buffer.from(text, 'base64')));
  if (ders.length > certificatesMax) throw invalid(`A chain has at most ${certificatesMax} certificates.`);
  const [first, ...rest] = ders.map((der, index): Certificate => {
    try {
      return { der, facts: parseCertificate(der) };
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      throw invalid(`Certificate ${index + 1} of the chain cannot be read: ${error.message}`);
    }
  });
  if (first === undefined) throw invalid('The text holds no certificate in PEM.');
  return [first, ...rest];
}

const isSame = (left: Uint8Array, right: Uint8Array): boolean => Buffer.from(left).equals(right);

/** Throws `PROTECTION_CERTIFICATE_INVALID` with the first thing that is wrong. */
export const readIssuedCertificate: ReadIssuedCertificate = ({ chainPem, ownPem, host }, now) => {
  const chain = readAll(chainPem);
  const [leaf] = chain;
  const [own] = readAll(ownPem);
  if (!isSame(subjectPublicKeyInfo(leaf.der), subjectPublicKeyInfo(own.der))) {
    throw invalid('The first certificate of the chain is not for the key of the request.');
  }
  const names = readCertificateExtensions(leaf.der)?.names;
  if (names === undefined || !namesMatchHost(names, host)) throw invalid(`The certificate is not for ${host}.`);
  const [notBefore, notAfter] = [new Date(leaf.facts.notBefore), new Date(leaf.facts.notAfter)];
  if (notAfter <= now) throw invalid('The certificate has ended.');
  if (notBefore > now) throw invalid('The certificate does not begin before now.');
  if (isAuthority(leaf)) throw invalid('The first certificate of the chain is that of an authority.');
  // Without it nothing here has verified any signature: whoever knows the public key could have made the certificate.
  if (chain.length === 1) throw invalid('The certificate of the authority that signed it is missing.');
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (issuer === undefined) continue;
    if (!isIssuedBy(certificate.der, issuer.der)) {
      throw invalid(`Certificate ${index + 1} of the chain is not signed by the one behind it.`);
    }
    if (!isAuthority(issuer)) throw invalid(`Certificate ${index + 2} of the chain is not that of an authority.`);
    if (new Date(issuer.facts.notAfter) <= now || new Date(issuer.facts.notBefore) > now) {
      throw invalid(`Certificate ${index + 2} of the chain is not valid now.`);
    }
  }
  return {
    chainPem: chain.map(({ der }) => toPem(der)).join(''),
    sha256: Buffer.from(sha256(leaf.der)).toString('hex'),
    notBefore,
    notAfter,
  };
};

const isAuthority = ({ der }: Certificate): boolean => readCertificateExtensions(der)?.isAuthority === true;

/** RFC 7468. */
function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
