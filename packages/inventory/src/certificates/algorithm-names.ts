import type { PublicKeyFacts, SignatureFacts } from '@quantumvault/pki';
import type { AlgorithmRegistry } from '../algorithm-facts.ts';

/** Registry id of a certificate's key, else its dotted OID (the curve's OID for an elliptic-curve key). */
export function keyAlgorithmName(key: PublicKeyFacts, registry: AlgorithmRegistry): string {
  return registry.findPublicKeyAlgorithm(key)?.id ?? key.curveOid ?? key.oid;
}

/** Registry id of a certificate's signature algorithm, else its dotted OID. */
export function signatureAlgorithmName(signature: SignatureFacts, registry: AlgorithmRegistry): string {
  return registry.findAlgorithm(signature.oid)?.id ?? signature.oid;
}

// Signature algorithms whose hash is broken for signatures (RFC 6151, RFC 6194), by OID: RSA, DSA and ECDSA forms.
const brokenHashBySignature: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'MD2',
  '1.2.840.113549.1.1.3': 'MD4',
  '1.2.840.113549.1.1.4': 'MD5',
  '1.2.840.113549.1.1.5': 'SHA-1',
  '1.3.14.3.2.29': 'SHA-1',
  '1.2.840.10040.4.3': 'SHA-1',
  '1.2.840.10045.4.1': 'SHA-1',
};

const brokenHashes: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.5': 'MD5',
  '1.3.14.3.2.26': 'SHA-1',
};

/** The hash of a signature when it is one that is broken for signatures; undefined for all others. */
export function brokenSignatureHash(signature: SignatureFacts): string | undefined {
  return signature.pssHashOid === undefined ? brokenHashBySignature[signature.oid] : brokenHashes[signature.pssHashOid];
}
