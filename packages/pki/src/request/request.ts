import type { Signer } from '@quantumvault/ports';
import { DerReader, decodeOid, derMalformed, derTag, readDer, smallInteger, wholeBytes } from '../der/reader.ts';
import { element, oid, sequence, setOf, unsignedInteger } from '../der/writer.ts';
import { subjectAltName } from '../issue/extensions.ts';
import { signWhole } from '../issue/signed.ts';
import { formatName } from '../names/distinguished-name.ts';
import type { SubjectName } from '../names/general-names.ts';
import { writeName } from '../names/write-name.ts';
import { checkSignature, type SignatureVerdict } from '../verify/check-signature.ts';
import { type Extension, listExtensions } from '../x509/extension-values.ts';
import { readPublicKey } from '../x509/public-key.ts';
import type { PublicKeyFacts } from '../x509/public-key-facts.ts';
import { readSignatureAlgorithm, type SignatureFacts } from '../x509/signature-algorithm.ts';

/** What a certificate request says (PKCS #10, RFC 2986). Nothing here says that its signature is valid. */
export interface CertificateRequest {
  /** RFC 4514. */
  readonly subject: string;
  readonly key: PublicKeyFacts;
  readonly signature: SignatureFacts;
  /** Content of the SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** The extensions that are asked for. */
  readonly extensions: readonly Extension[];
  /** OIDs of attributes of other kinds; a challenge password is one. */
  readonly otherAttributes: readonly string[];
  /** The parts that its signature is about. */
  readonly signed: { readonly message: Uint8Array; readonly algorithm: Uint8Array; readonly signature: Uint8Array };
}

const extensionRequestOid = '1.2.840.113549.1.9.14';
const attributesMax = 64;

/** Reads a request in DER. Throws `PKI_DER_MALFORMED` or `PKI_LIMIT_EXCEEDED`; time and memory are linear in the input. */
export function parseRequest(der: Uint8Array): CertificateRequest {
  const outer = new DerReader(readDer(der, derTag.sequence).content);
  const part = outer.expect(derTag.sequence);
  const algorithm = outer.expect(derTag.sequence).content;
  const signature = wholeBytes(outer.expect(derTag.bitString).content);
  outer.end();
  const info = new DerReader(part.content);
  smallInteger(info.expect(derTag.integer).content); // the version, of which there is one
  const subject = formatName(info.expect(derTag.sequence).content);
  const publicKey = info.expect(derTag.sequence).content;
  // The standard demands the attributes; requests without them exist.
  const attributes = readAttributes(info.optional(0xa0)?.content ?? new Uint8Array(0));
  info.end();
  return {
    subject,
    key: readPublicKey(publicKey),
    signature: readSignatureAlgorithm(algorithm),
    publicKey,
    ...attributes,
    signed: { message: part.whole, algorithm, signature },
  };
}

function readAttributes(content: Uint8Array): Pick<CertificateRequest, 'extensions' | 'otherAttributes'> {
  const extensions: Extension[] = [];
  const otherAttributes: string[] = [];
  const list = new DerReader(content);
  for (let count = 0; !list.isDone; count++) {
    if (count === attributesMax) throw derMalformed('too many attributes');
    const attribute = new DerReader(list.expect(derTag.sequence).content);
    const type = decodeOid(attribute.expect(derTag.oid).content);
    const values = attribute.expect(derTag.set).content;
    attribute.end();
    if (type !== extensionRequestOid) otherAttributes.push(type);
    else extensions.push(...listExtensions(readDer(values, derTag.sequence).content));
  }
  return { extensions, otherAttributes };
}

/** Whether whoever made the request holds the key in it. */
export function checkRequest({ publicKey, signed }: CertificateRequest): Promise<SignatureVerdict> {
  return checkSignature({ publicKey, ...signed });
}

export interface RequestInput {
  /** The key that the certificate shall be for. A KEM key cannot sign, so it cannot ask in this way. */
  readonly signer: Signer;
  /** RFC 4514. */
  readonly subject: string;
  readonly names?: readonly SubjectName[];
}

/** A request in DER. Throws `PKI_INPUT_INVALID`, `PKI_SIGNATURE_INVALID`, and what the signer throws. */
export function createRequest({ signer, subject, names = [] }: RequestInput): Promise<Uint8Array> {
  const extensions = names.length === 0 ? [] : [subjectAltName(names, subject.trim() === '')];
  const attributes =
    extensions.length === 0 ? [] : [sequence(oid(extensionRequestOid), setOf(sequence(...extensions)))];
  const part = sequence(
    unsignedInteger(0),
    writeName(subject),
    sequence(readDer(signer.publicKey, derTag.sequence).content),
    element(0xa0, ...attributes),
  );
  return signWhole(part, signer);
}
