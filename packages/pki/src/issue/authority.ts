import type { Signer } from '@quantumvault/ports';
import { DerReader, decodeTime, derTag, readDer } from '../der/reader.ts';
import { PkiError } from '../errors.ts';
import { sameBytes } from '../names/write-name.ts';
import { splitCertificate } from '../x509/certificate.ts';
import { extensionOid } from '../x509/extension-names.ts';
import {
  type BasicConstraints,
  listExtensions,
  type NameConstraints,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
  readNameConstraints,
} from '../x509/extension-values.ts';
import { keyIdentifier } from './key-identifier.ts';

/** Who issues: a certificate, and the signer that holds its key. */
export interface Authority {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly signer: Signer;
}

/** What an authority's certificate says of what it may issue. */
export interface AuthorityFacts {
  /** Content of its Name. */
  readonly subject: Uint8Array;
  readonly keyId: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly constraints: BasicConstraints;
  readonly nameConstraints: NameConstraints | undefined;
  readonly purposes: readonly string[] | undefined;
  readonly canSignLists: boolean;
}

/**
 * Reads an authority's certificate and checks that it is one and that the signer holds its key.
 * Throws `PKI_SIGNER_MISMATCH`, `PKI_NOT_PERMITTED`, `PKI_DER_MALFORMED`.
 */
export function readAuthority({ certificate, signer }: Authority): AuthorityFacts {
  const parts = splitCertificate(certificate);
  const values = new Map(listExtensions(parts.extensions).map(({ oid, value }) => [oid, value]));
  const value = <T>(oid: string, read: (der: Uint8Array) => T): T | undefined => {
    const der = values.get(oid);
    return der === undefined ? undefined : read(der);
  };
  if (!sameBytes(parts.publicKey, readDer(signer.publicKey, derTag.sequence).content)) {
    throw new PkiError('PKI_SIGNER_MISMATCH', 'The signer does not hold the key of the authority’s certificate.');
  }
  const constraints = value(extensionOid.basicConstraints, readBasicConstraints);
  const usages = value(extensionOid.keyUsage, readKeyUsage);
  if (parts.version < 3 || constraints?.isAuthority !== true) {
    throw notPermitted('the certificate is not that of an authority');
  }
  if (usages !== undefined && !usages.includes('keyCertSign')) {
    throw notPermitted('its certificate does not allow its key to sign certificates');
  }
  const validity = new DerReader(parts.validity);
  const keyId = value(extensionOid.subjectKeyId, (der) => readDer(der, derTag.octetString).content);
  return {
    subject: parts.subject,
    keyId: keyId ?? keyIdentifier(parts.publicKey),
    notBefore: new Date(decodeTime(validity.next())),
    notAfter: new Date(decodeTime(validity.next())),
    constraints,
    nameConstraints: value(extensionOid.nameConstraints, readNameConstraints),
    purposes: value(extensionOid.extendedKeyUsage, readExtendedKeyUsage),
    canSignLists: usages === undefined || usages.includes('cRLSign'),
  };
}

export const notPermitted = (reason: string): PkiError =>
  new PkiError('PKI_NOT_PERMITTED', `The authority may not issue this: ${reason}.`);
