import { findPublicKeyAlgorithm } from '@quantumvault/crypto';
import { PkiError } from '../errors.ts';
import type { KeyUsage } from '../x509/extension-names.ts';
import type { PublicKeyFacts } from '../x509/public-key-facts.ts';

/** What a kind of certificate may be used for, and what a request for one may ask. */
export interface CertificateProfile {
  readonly isAuthority: boolean;
  /** Extended key usages; none means that nothing is said, as is usual for authorities. */
  readonly purposes: readonly string[];
  readonly keyUse: 'signing' | 'encipherment';
  /** Clients compare alternative names only, so a server without one is a certificate for nobody. */
  readonly needsNames: boolean;
  /** Extensions of a request that are copied into the certificate; all others are left out and named. */
  readonly copied: readonly 'subjectAltName'[];
}

const leaf = { isAuthority: false, keyUse: 'signing', needsNames: false, copied: ['subjectAltName'] } as const;

export const certificateProfiles = {
  intermediate: { isAuthority: true, purposes: [], keyUse: 'signing', needsNames: false, copied: [] },
  server: { ...leaf, purposes: ['serverAuth'], needsNames: true },
  client: { ...leaf, purposes: ['clientAuth'] },
  peer: { ...leaf, purposes: ['serverAuth', 'clientAuth'], needsNames: true },
  email: { ...leaf, purposes: ['emailProtection'], needsNames: true },
  // Whoever signs code is named by the subject; names of hosts have no place there.
  'code-signing': { ...leaf, purposes: ['codeSigning'], copied: [] },
  encryption: { ...leaf, purposes: [], keyUse: 'encipherment' },
} as const satisfies Readonly<Record<string, CertificateProfile>>;

export type CertificateProfileName = keyof typeof certificateProfiles;

/**
 * The key usages that a certificate of this profile has for this key. A key that the profile cannot use is refused: a
 * KEM key signs nothing, and a signature key enciphers nothing (RFC 9881 section 4, RFC 9935 section 4, RFC 8410).
 * Throws `PKI_INPUT_INVALID`.
 */
export function keyUsagesFor(profile: CertificateProfile, key: PublicKeyFacts): readonly KeyUsage[] {
  const family = keyFamily(key);
  if (profile.keyUse === 'encipherment') {
    if (family === 'kem') return ['keyEncipherment'];
    if (family === 'agreement') return ['keyAgreement'];
    throw unfit('This key cannot encipher, so no certificate for encryption is issued for it.');
  }
  if (family !== 'signature') throw unfit('This key cannot sign; only the profile encryption is open to it.');
  return profile.isAuthority ? ['keyCertSign', 'cRLSign'] : ['digitalSignature'];
}

const rsaBitsMin = 2_048;
const curves: readonly string[] = ['1.2.840.10045.3.1.7', '1.3.132.0.34', '1.3.132.0.35'];
const ecOid = '1.2.840.10045.2.1';
const rsaOids: readonly string[] = ['1.2.840.113549.1.1.1', '1.2.840.113549.1.1.10'];
const agreementOids: readonly string[] = ['1.3.101.110', '1.3.101.111'];

function keyFamily(key: PublicKeyFacts): 'signature' | 'kem' | 'agreement' {
  if (rsaOids.includes(key.oid)) {
    if ((key.modulusBits ?? 0) < rsaBitsMin) throw unfit(`RSA keys have at least ${rsaBitsMin} bits.`);
    return 'signature';
  }
  if (key.oid === ecOid) {
    if (!curves.includes(key.curveOid ?? '')) throw unfit('Elliptic-curve keys are on P-256, P-384 or P-521.');
    return 'signature';
  }
  if (agreementOids.includes(key.oid)) return 'agreement';
  switch (findPublicKeyAlgorithm(key)?.family) {
    case 'signature':
    case 'composite-signature':
      return 'signature';
    case 'kem':
    case 'composite-kem':
    case 'hybrid-kem':
      return 'kem';
    default:
      throw unfit(`No certificate is issued for keys of the algorithm ${key.oid}.`);
  }
}

const unfit = (message: string): PkiError => new PkiError('PKI_INPUT_INVALID', message);
