import type { PublicKeyFacts } from '../algorithm-facts.ts';
import { bitLength } from '../tls/server-messages.ts';
import { DerReader, decodeOid, decodeTime, derTag, readDer } from './der.ts';
import { formatName } from './distinguished-name.ts';

/** What an inventory needs of an X.509 certificate (RFC 5280). Nothing here says that a signature is valid. */
export interface CertificateFacts {
  /** RFC 4514 strings; an empty name is the empty string. */
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  /** ISO 8601 UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly key: PublicKeyFacts;
  readonly signature: SignatureFacts;
  /** Subject and issuer are the same name, byte for byte; almost always means self-signed. */
  readonly isSelfIssued: boolean;
}

export interface SignatureFacts {
  readonly oid: string;
  /** The hash of an RSASSA-PSS signature, which its own OID does not name (RFC 4055; SHA-1 when absent). */
  readonly pssHashOid?: string;
}

const keyOids = {
  rsa: '1.2.840.113549.1.1.1',
  rsaPss: '1.2.840.113549.1.1.10',
  dsa: '1.2.840.10040.4.1',
  ec: '1.2.840.10045.2.1',
} as const;

const sha1Oid = '1.3.14.3.2.26';

/**
 * Parses one certificate in DER. Unknown algorithms are not errors: their OIDs are the answer.
 * Throws `INVENTORY_DER_MALFORMED` or `INVENTORY_LIMIT_EXCEEDED`; time and memory are linear in the input.
 */
export function parseCertificate(der: Uint8Array): CertificateFacts {
  const outer = new DerReader(readDer(der, derTag.sequence).content);
  const tbs = new DerReader(outer.expect(derTag.sequence).content);
  const signature = readSignatureAlgorithm(outer.expect(derTag.sequence).content);
  outer.expect(derTag.bitString);
  outer.end();

  tbs.optional(0xa0); // version
  const serial = tbs.expect(derTag.integer).content;
  tbs.expect(derTag.sequence); // the signature algorithm again
  const issuer = tbs.expect(derTag.sequence);
  const validity = new DerReader(tbs.expect(derTag.sequence).content);
  const notBefore = decodeTime(validity.next());
  const notAfter = decodeTime(validity.next());
  validity.end();
  const subject = tbs.expect(derTag.sequence);
  const key = readKey(tbs.expect(derTag.sequence).content);
  return {
    subject: formatName(subject.content),
    issuer: formatName(issuer.content),
    serialNumber: hex(serial),
    notBefore,
    notAfter,
    key,
    signature,
    isSelfIssued: hex(subject.whole) === hex(issuer.whole),
  };
}

function readKey(subjectPublicKeyInfo: Uint8Array): PublicKeyFacts {
  const info = new DerReader(subjectPublicKeyInfo);
  const algorithm = new DerReader(info.expect(derTag.sequence).content);
  const oid = decodeOid(algorithm.expect(derTag.oid).content);
  const parameters = algorithm.isDone ? undefined : algorithm.next();
  const bits = info.expect(derTag.bitString).content;
  info.end();
  if (oid === keyOids.ec && parameters?.tag === derTag.oid) return { oid, curveOid: decodeOid(parameters.content) };
  if (oid === keyOids.rsa || oid === keyOids.rsaPss) {
    // BIT STRING: one byte of unused-bit count, then RSAPublicKey ::= SEQUENCE { modulus, exponent }.
    const publicKey = new DerReader(readDer(bits.subarray(1), derTag.sequence).content);
    return { oid, modulusBits: bitLength(publicKey.expect(derTag.integer).content) };
  }
  if (oid === keyOids.dsa && parameters?.tag === derTag.sequence) {
    return { oid, modulusBits: bitLength(new DerReader(parameters.content).expect(derTag.integer).content) };
  }
  return { oid };
}

function readSignatureAlgorithm(content: Uint8Array): SignatureFacts {
  const reader = new DerReader(content);
  const oid = decodeOid(reader.expect(derTag.oid).content);
  if (oid !== keyOids.rsaPss) return { oid };
  const parameters = reader.isDone ? undefined : reader.next();
  if (parameters?.tag !== derTag.sequence) return { oid, pssHashOid: sha1Oid };
  const hash = new DerReader(parameters.content).optional(0xa0);
  if (hash === undefined) return { oid, pssHashOid: sha1Oid };
  const algorithm = new DerReader(hash.content).expect(derTag.sequence);
  return { oid, pssHashOid: decodeOid(new DerReader(algorithm.content).expect(derTag.oid).content) };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
