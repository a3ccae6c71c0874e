import { DerReader, decodeOid, derTag, smallInteger } from '../der/reader.ts';

export interface SignatureFacts {
  readonly oid: string;
  /** The hash of an RSASSA-PSS signature, which its own OID does not name (RFC 4055; SHA-1 when absent). */
  readonly pssHashOid?: string;
  /** Its salt in bytes (20 when absent). */
  readonly pssSaltBytes?: number;
  /** The hash inside its mask generation function (SHA-1 when absent); nearly always the same as the other. */
  readonly pssMaskHashOid?: string;
}

const pssOid = '1.2.840.113549.1.1.10';
const sha1Oid = '1.3.14.3.2.26';

/** Reads the content of a signature's AlgorithmIdentifier. Throws `PKI_DER_MALFORMED`. */
export function readSignatureAlgorithm(content: Uint8Array): SignatureFacts {
  const reader = new DerReader(content);
  const oid = decodeOid(reader.expect(derTag.oid).content);
  if (oid !== pssOid) return { oid };
  const parameters = reader.isDone ? undefined : reader.next();
  const fields = new DerReader(parameters?.tag === derTag.sequence ? parameters.content : new Uint8Array(0));
  const hash = fields.optional(0xa0);
  const mask = fields.optional(0xa1);
  const salt = fields.optional(0xa2);
  return {
    oid,
    pssHashOid: hash === undefined ? sha1Oid : algorithmOid(hash.content),
    pssMaskHashOid: mask === undefined ? sha1Oid : maskHash(mask.content),
    pssSaltBytes: salt === undefined ? 20 : smallInteger(new DerReader(salt.content).expect(derTag.integer).content),
  };
}

function algorithmOid(explicit: Uint8Array): string {
  const algorithm = new DerReader(explicit).expect(derTag.sequence);
  return decodeOid(new DerReader(algorithm.content).expect(derTag.oid).content);
}

// MGF1 and, as its parameters, the algorithm of its hash.
function maskHash(explicit: Uint8Array): string {
  const generator = new DerReader(new DerReader(explicit).expect(derTag.sequence).content);
  generator.expect(derTag.oid);
  return generator.isDone
    ? sha1Oid
    : decodeOid(new DerReader(generator.expect(derTag.sequence).content).expect(derTag.oid).content);
}
