import { DerReader, decodeOid, decodeTime, derTag, hex, readDer, smallInteger, wholeBytes } from '../der/reader.ts';
import { formatAttributes, type NameAttributes, readName } from '../names/distinguished-name.ts';
import { readPublicKey } from './public-key.ts';
import type { PublicKeyFacts } from './public-key-facts.ts';
import { readSignatureAlgorithm, type SignatureFacts } from './signature-algorithm.ts';

export type { SignatureFacts } from './signature-algorithm.ts';

/** What an inventory needs of an X.509 certificate (RFC 5280). Nothing here says that a signature is valid. */
export interface CertificateFacts {
  /** As people count: 1 to 3, and what ill-made certificates claim beyond. */
  readonly version: number;
  /** RFC 4514 strings; an empty name is the empty string. */
  readonly subject: string;
  readonly issuer: string;
  /** The same names in parts, in the order of their encoding. */
  readonly subjectAttributes: NameAttributes;
  readonly issuerAttributes: NameAttributes;
  readonly serialNumber: string;
  /** ISO 8601 UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly key: PublicKeyFacts;
  readonly signature: SignatureFacts;
  /** The signature algorithm inside the signed part; a sound certificate has the same one outside. */
  readonly innerSignatureOid: string;
  /** Subject and issuer are the same name, byte for byte; almost always means self-signed. */
  readonly isSelfIssued: boolean;
}

/** A certificate cut into its parts; each is a view of the input. */
export interface CertificateParts {
  /** The signed part, whole. */
  readonly signed: Uint8Array;
  /** The signature's bytes. */
  readonly signature: Uint8Array;
  readonly version: number;
  readonly serialNumber: Uint8Array;
  /** Contents of the AlgorithmIdentifiers, inside the signed part and outside; a sound certificate has the same twice. */
  readonly innerSignature: Uint8Array;
  readonly outerSignature: Uint8Array;
  readonly issuer: Uint8Array;
  readonly validity: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  /** Content of the list of extensions; undefined when there is none. */
  readonly extensions: Uint8Array | undefined;
}

/** Cuts one certificate in DER into its parts. Throws `PKI_DER_MALFORMED` or `PKI_LIMIT_EXCEEDED`. */
export function splitCertificate(der: Uint8Array): CertificateParts {
  const outer = new DerReader(readDer(der, derTag.sequence).content);
  const signed = outer.expect(derTag.sequence);
  const tbs = new DerReader(signed.content);
  const outerSignature = outer.expect(derTag.sequence).content;
  const signature = wholeBytes(outer.expect(derTag.bitString).content);
  outer.end();

  const version = tbs.optional(0xa0);
  const parts = {
    signed: signed.whole,
    signature,
    version: version === undefined ? 1 : smallInteger(readDer(version.content, derTag.integer).content) + 1,
    serialNumber: tbs.expect(derTag.integer).content,
    innerSignature: tbs.expect(derTag.sequence).content,
    outerSignature,
    issuer: tbs.expect(derTag.sequence).content,
    validity: tbs.expect(derTag.sequence).content,
    subject: tbs.expect(derTag.sequence).content,
    publicKey: tbs.expect(derTag.sequence).content,
  };
  tbs.optional(0x81); // unique ids, which nobody uses
  tbs.optional(0x82);
  const extensions = tbs.optional(0xa3);
  tbs.end();
  return {
    ...parts,
    extensions: extensions === undefined ? undefined : readDer(extensions.content, derTag.sequence).content,
  };
}

/** Both names as they are encoded: equal bytes are the same name. Throws as `splitCertificate` does. */
export function certificateNames(der: Uint8Array): { readonly issuer: Uint8Array; readonly subject: Uint8Array } {
  const { issuer, subject } = splitCertificate(der);
  return { issuer, subject };
}

/** The content of the SubjectPublicKeyInfo: equal bytes are the same key. Throws as `splitCertificate` does. */
export function subjectPublicKeyInfo(der: Uint8Array): Uint8Array {
  return splitCertificate(der).publicKey;
}

/**
 * Parses one certificate in DER. Unknown algorithms are not errors: their OIDs are the answer.
 * Throws `PKI_DER_MALFORMED` or `PKI_LIMIT_EXCEEDED`; time and memory are linear in the input.
 */
export function parseCertificate(der: Uint8Array): CertificateFacts {
  const parts = splitCertificate(der);
  const validity = new DerReader(parts.validity);
  const notBefore = decodeTime(validity.next());
  const notAfter = decodeTime(validity.next());
  validity.end();
  const subjectAttributes = readName(parts.subject);
  const issuerAttributes = readName(parts.issuer);
  return {
    version: parts.version,
    subject: formatAttributes(subjectAttributes),
    issuer: formatAttributes(issuerAttributes),
    subjectAttributes,
    issuerAttributes,
    serialNumber: hex(parts.serialNumber),
    notBefore,
    notAfter,
    key: readPublicKey(parts.publicKey),
    signature: readSignatureAlgorithm(parts.outerSignature),
    innerSignatureOid: decodeOid(new DerReader(parts.innerSignature).expect(derTag.oid).content),
    isSelfIssued: hex(parts.subject) === hex(parts.issuer),
  };
}
