import { sha256 } from '@quantumvault/crypto';
import { keyBytes } from '../verify/check-signature.ts';

const identifierBytes = 20;

/** A key's identifier: the first 160 bits of SHA-256 over its bits (RFC 7093 section 2, method 1). */
export function keyIdentifier(subjectPublicKeyInfo: Uint8Array): Uint8Array {
  return sha256(keyBytes(subjectPublicKeyInfo)).slice(0, identifierBytes);
}
