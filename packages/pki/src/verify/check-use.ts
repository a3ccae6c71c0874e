import { findPublicKeyAlgorithm } from '@quantumvault/crypto';
import { latin1 } from '../der/reader.ts';
import { namesMatchHost } from '../x509/extensions.ts';
import { readPublicKey } from '../x509/public-key.ts';
import type { PathCertificate } from './path-certificate.ts';
import { failure, type PathFailure } from './path-result.ts';

/** What a certificate shall be good for; names as in the extended key usage. */
export type PathPurpose = 'serverAuth' | 'clientAuth' | 'codeSigning' | 'emailProtection';

// One of these usages is enough: which one a protocol needs depends on its key exchange.
const usagesOf: Readonly<Record<PathPurpose, readonly string[]>> = {
  serverAuth: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  clientAuth: ['digitalSignature', 'keyAgreement'],
  codeSigning: ['digitalSignature'],
  emailProtection: ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement'],
};
const encipherUsages = ['keyEncipherment', 'dataEncipherment', 'keyAgreement', 'encipherOnly', 'decipherOnly'];

/** Whether the certificate may serve `purpose`. An absent extension allows everything (RFC 5280 section 4.2.1.12). */
export function checkPurpose(certificate: PathCertificate, purpose: PathPurpose): PathFailure | undefined {
  const { purposes, keyUsage } = certificate;
  if (!allowsPurpose(purposes, purpose)) {
    return failure('purpose', `The certificate is not for ${purpose}.`, certificate);
  }
  if (keyUsage !== undefined && !usagesOf[purpose].some((usage) => keyUsage.includes(usage))) {
    return failure('key-usage', `The key usage does not fit ${purpose}.`, certificate);
  }
  return undefined;
}

/** For authorities a purpose is a limit on what they issue: RFC 5280 does not say so, and all who check chains do it. */
export const allowsPurpose = (purposes: readonly string[] | undefined, purpose: PathPurpose): boolean =>
  purposes === undefined || purposes.includes(purpose) || purposes.includes('anyExtendedKeyUsage');

/** Usages that a key of this algorithm cannot have (RFC 9881 section 4, RFC 9909 section 4, RFC 9935 section 4). */
export function checkUsageOfKey(certificate: PathCertificate): PathFailure | undefined {
  const { parts, keyUsage } = certificate;
  if (keyUsage === undefined) return undefined;
  const entry = findPublicKeyAlgorithm(readPublicKey(parts.publicKey));
  const signs = entry?.family === 'signature' || entry?.family === 'composite-signature';
  const isKem = entry?.family === 'kem' || entry?.family === 'composite-kem';
  const wrong = keyUsage.find((usage) =>
    signs ? encipherUsages.includes(usage) : isKem && usage !== 'keyEncipherment',
  );
  return wrong === undefined
    ? undefined
    : failure('key-usage', `A key of ${entry?.id} cannot have the usage ${wrong}.`, certificate);
}

/** Whether the certificate stands for the host: a DNS name or an address. */
export function checkHost(certificate: PathCertificate, host: string): PathFailure | undefined {
  const { names } = certificate;
  const dns = names.filter(({ kind }) => kind === 'dns').map(({ content }) => latin1(content));
  const addresses = names.filter(({ kind }) => kind === 'address').map(({ content }) => content);
  return namesMatchHost({ dns, addresses }, host)
    ? undefined
    : failure('host', `The certificate is not for ${host}.`, certificate);
}
