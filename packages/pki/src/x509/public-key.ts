import { bitLength, DerReader, decodeOid, derMalformed, derTag, hex, readDer } from '../der/reader.ts';
import type { PublicKeyFacts } from './public-key-facts.ts';

const keyOids = {
  rsa: '1.2.840.113549.1.1.1',
  rsaPss: '1.2.840.113549.1.1.10',
  dsa: '1.2.840.10040.4.1',
  dh: '1.2.840.113549.1.3.1',
  dhX942: '1.2.840.10046.2.1',
  ec: '1.2.840.10045.2.1',
} as const;

// GOST R 34.10: keys carry a sequence whose first member names the parameter set (RFC 4491, RFC 9215).
const gostArcs: readonly string[] = ['1.2.643.2.2.', '1.2.643.7.1.1.1.'];

const primeFieldOid = '1.2.840.10045.1.1';
const exponentBytesMax = 32;

/**
 * Reads the content of a SubjectPublicKeyInfo (RFC 5280 section 4.1): the algorithm and, where the OID alone says too
 * little, its size or curve. Unknown algorithms are not errors. Throws `PKI_DER_MALFORMED`.
 */
export function readPublicKey(subjectPublicKeyInfo: Uint8Array): PublicKeyFacts {
  const info = new DerReader(subjectPublicKeyInfo);
  const algorithm = info.expect(derTag.sequence).content;
  const bits = info.expect(derTag.bitString).content;
  info.end();
  // A BIT STRING begins with the number of its unused bits.
  return { ...readKeyAlgorithm(algorithm), ...rsaFacts(algorithm, () => bits.subarray(1)) };
}

/** What an AlgorithmIdentifier's content alone says of a key; private keys in PKCS#8 show no more than this. */
export function readKeyAlgorithm(algorithmIdentifier: Uint8Array): PublicKeyFacts {
  const algorithm = new DerReader(algorithmIdentifier);
  const oid = decodeOid(algorithm.expect(derTag.oid).content);
  const parameters = algorithm.isDone ? undefined : algorithm.next();
  if (parameters === undefined) return { oid };
  if (oid === keyOids.ec) {
    if (parameters.tag === derTag.oid) return { oid, curveOid: decodeOid(parameters.content) };
    return parameters.tag === derTag.sequence ? { oid, explicitFieldBits: fieldBits(parameters.content) } : { oid };
  }
  if (parameters.tag !== derTag.sequence) return { oid };
  if (oid === keyOids.dsa) {
    const fields = new DerReader(parameters.content);
    const modulusBits = bitLength(fields.expect(derTag.integer).content);
    return { oid, modulusBits, divisorBits: bitLength(fields.expect(derTag.integer).content) };
  }
  if (oid === keyOids.dh || oid === keyOids.dhX942) {
    return { oid, modulusBits: bitLength(new DerReader(parameters.content).expect(derTag.integer).content) };
  }
  if (gostArcs.some((arc) => oid.startsWith(arc))) {
    return { oid, parameterOid: decodeOid(new DerReader(parameters.content).expect(derTag.oid).content) };
  }
  return { oid };
}

/** Size and exponent of an RSAPublicKey, or of the beginning of an RSAPrivateKey behind its version. */
export function readRsaNumbers(reader: DerReader): Pick<PublicKeyFacts, 'modulusBits' | 'publicExponent'> {
  const modulusBits = bitLength(reader.expect(derTag.integer).content);
  const exponent = reader.expect(derTag.integer).content;
  return {
    modulusBits,
    publicExponent:
      exponent.length === 0 || exponent.length > exponentBytesMax ? undefined : BigInt(`0x${hex(exponent)}`).toString(),
  };
}

function rsaFacts(algorithmIdentifier: Uint8Array, key: () => Uint8Array): Partial<PublicKeyFacts> {
  const oid = decodeOid(new DerReader(algorithmIdentifier).expect(derTag.oid).content);
  if (oid !== keyOids.rsa && oid !== keyOids.rsaPss) return {};
  return readRsaNumbers(new DerReader(readDer(key(), derTag.sequence).content));
}

// ECParameters (SEC 1 appendix C.2): version, then the field. Of a binary field the degree comes first.
function fieldBits(parameters: Uint8Array): number {
  const reader = new DerReader(parameters);
  reader.expect(derTag.integer);
  const field = new DerReader(reader.expect(derTag.sequence).content);
  const kind = decodeOid(field.expect(derTag.oid).content);
  if (kind === primeFieldOid) return bitLength(field.expect(derTag.integer).content);
  const degree = new DerReader(field.expect(derTag.sequence).content).expect(derTag.integer).content;
  if (degree.length > 3) throw derMalformed('a binary field of impossible size');
  return degree.reduce((sum, byte) => sum * 256 + byte, 0);
}
