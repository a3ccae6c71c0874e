import {
  algorithm,
  type CertificateHash,
  type CertificateScheme,
  findAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from '@quantumvault/crypto';
import { hex } from '../der/reader.ts';
import { explicit, nullValue, oid, sequence, unsignedInteger } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import type { PublicKeyFacts } from './public-key-facts.ts';
import { readSignatureAlgorithm, type SignatureFacts } from './signature-algorithm.ts';

const sha256Oid = '2.16.840.1.101.3.4.2.1';
const pssOid = '1.2.840.113549.1.1.10';
const pkcs1Oid = '1.2.840.113549.1.1.11';
const mgf1Oid = '1.2.840.113549.1.1.8';
const rsaOid = '1.2.840.113549.1.1.1';
const ecOid = '1.2.840.10045.2.1';

// The OID of an ECDSA signature names the hash alone (RFC 5758), that of RSA needs parameters (RFC 4055).
const identifiers: Readonly<Partial<Record<SignatureAlgorithm, () => Uint8Array>>> = {
  'ECDSA-P256-SHA256': () => sequence(oid('1.2.840.10045.4.3.2')),
  'ECDSA-P384-SHA384': () => sequence(oid('1.2.840.10045.4.3.3')),
  'ECDSA-P521-SHA512': () => sequence(oid('1.2.840.10045.4.3.4')),
  'RSA-PKCS1-SHA256': () => sequence(oid(pkcs1Oid), nullValue()),
  'RSA-PSS-SHA256': () => {
    const hash = sequence(oid(sha256Oid), nullValue());
    return sequence(
      oid(pssOid),
      sequence(explicit(0, hash), explicit(1, sequence(oid(mgf1Oid), hash)), explicit(2, unsignedInteger(32))),
    );
  },
};

/**
 * The AlgorithmIdentifier that a certificate names this algorithm by (RFC 5758, RFC 4055, RFC 8410, RFC 9881, RFC 9909,
 * draft-ietf-lamps-pq-composite-sigs). Throws `PKI_INPUT_INVALID` for one that no document gives an identifier.
 */
export function signatureIdentifier(name: SignatureAlgorithm): Uint8Array {
  const written = identifiers[name];
  if (written !== undefined) return written();
  const entry = algorithm(name);
  if (entry.oid === undefined) throw new PkiError('PKI_INPUT_INVALID', `${name} has no form in certificates.`);
  return sequence(oid(entry.oid));
}

/** How a signature is to be verified: by our own algorithm of that name, or as one of the classical forms of the world. */
export type VerificationPlan =
  | { readonly kind: 'offered'; readonly algorithm: SignatureAlgorithm }
  | { readonly kind: 'classical'; readonly scheme: CertificateScheme }
  | { readonly kind: 'refused'; readonly reason: 'unsupported' | 'weak' };

const curves: readonly string[] = ['1.2.840.10045.3.1.7', '1.3.132.0.34', '1.3.132.0.35'];
const hashOfSignature: Readonly<Record<string, CertificateHash>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  [pkcs1Oid]: 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
};
const hashOfOid: Readonly<Record<string, CertificateHash>> = {
  [sha256Oid]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
// MD2, MD4, MD5, SHA-1 and SHA-224 with RSA, and SHA-1 and SHA-224 with ECDSA.
const weakSignatures: readonly string[] = [
  ...[2, 3, 4, 5, 14].map((arc) => `1.2.840.113549.1.1.${arc}`),
  '1.2.840.10045.4.1',
  '1.2.840.10045.4.3.1',
];

/** Below this an RSA key can be factored by those who want to; above, a verification takes longer than it is worth. */
const rsaBits = { min: 2_048, max: 8_192 } as const;

const refused = (reason: 'unsupported' | 'weak'): VerificationPlan => ({ kind: 'refused', reason });

/** The plan for a signature by its AlgorithmIdentifier's content and the signer's key. Throws `PKI_DER_MALFORMED`. */
export function planVerification(key: PublicKeyFacts, identifier: Uint8Array): VerificationPlan {
  const signature = readSignatureAlgorithm(identifier);
  if (weakSignatures.includes(signature.oid)) return refused('weak');
  if (key.oid === ecOid) return planEcdsa(key, signature);
  if (key.oid === rsaOid || key.oid === pssOid) return planRsa(key, signature);
  // All others name the key and the signature by one OID, without parameters.
  const own = signatureAlgorithms.find((name) => name === findAlgorithm(signature.oid)?.id);
  const isBare = hex(sequence(identifier)) === hex(sequence(oid(signature.oid)));
  return own === undefined || key.oid !== signature.oid || !isBare
    ? refused('unsupported')
    : { kind: 'offered', algorithm: own };
}

function planEcdsa({ curveOid = '' }: PublicKeyFacts, { oid: signatureOid }: SignatureFacts): VerificationPlan {
  const hash = hashOfSignature[signatureOid];
  if (hash === undefined || !signatureOid.startsWith('1.2.840.10045.') || !curves.includes(curveOid)) {
    return refused('unsupported');
  }
  return { kind: 'classical', scheme: { kind: 'ecdsa', hash } };
}

function planRsa(key: PublicKeyFacts, signature: SignatureFacts): VerificationPlan {
  const bits = key.modulusBits ?? 0;
  if (bits < rsaBits.min) return refused('weak');
  if (bits > rsaBits.max) return refused('unsupported');
  if (signature.oid === pssOid) return planPss(signature);
  const hash = hashOfSignature[signature.oid];
  const isPkcs1 = signature.oid.startsWith('1.2.840.113549.') && key.oid === rsaOid;
  return hash === undefined || !isPkcs1
    ? refused('unsupported')
    : { kind: 'classical', scheme: { kind: 'rsa-pkcs1', hash } };
}

const saltBytesMax = 64;

function planPss({ pssHashOid = '', pssMaskHashOid, pssSaltBytes = 0 }: SignatureFacts): VerificationPlan {
  const hash = hashOfOid[pssHashOid];
  if (hash === undefined) return refused(pssHashOid === '1.3.14.3.2.26' ? 'weak' : 'unsupported');
  if (pssMaskHashOid !== pssHashOid || pssSaltBytes > saltBytesMax) return refused('unsupported');
  return { kind: 'classical', scheme: { kind: 'rsa-pss', hash, saltBytes: pssSaltBytes } };
}
