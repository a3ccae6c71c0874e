import type { SigningCurve } from '#native/asymmetric';
import type { MlDsaType, SlhDsaType } from '#native/signature-keys';
import { type CompositeParts, composite, ecdsaHalf, ed25519Half } from './signature/composite.ts';
import { falcon } from './signature/falcon.ts';
import {
  type EcdsaSizes,
  ecdsa,
  ed25519,
  type MlDsaSizes,
  mlDsa,
  rsa,
  slhDsa,
  slowEcdsa,
} from './signature/native-schemes.ts';
import type { SignatureScheme } from './signature/scheme.ts';

/**
 * Signature algorithms that sign and verify at once, because that takes about a tenth of a millisecond (CRY-10), by registry
 * id. ECDSA signatures are DER (RFC 3279), as X.509 and TLS carry them.
 */
export const syncSignatureAlgorithms = [
  'Ed25519',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
  'ECDSA-P256-SHA256',
  'ECDSA-P384-SHA384',
] as const;
export type SyncSignatureAlgorithm = (typeof syncSignatureAlgorithms)[number];

/** Composites of draft-ietf-lamps-pq-composite-sigs; the first is the one to take. */
export const compositeSignatureAlgorithms = [
  'MLDSA65-Ed25519-SHA512',
  'MLDSA44-Ed25519-SHA512',
  'MLDSA44-ECDSA-P256-SHA256',
  'MLDSA65-ECDSA-P256-SHA512',
  'MLDSA65-ECDSA-P384-SHA512',
  'MLDSA87-ECDSA-P384-SHA512',
  'MLDSA87-ECDSA-P521-SHA512',
] as const;

/** FIPS 205, pure: all twelve parameter sets. */
export const slhDsaAlgorithms = [
  'SLH-DSA-SHA2-128s',
  'SLH-DSA-SHA2-128f',
  'SLH-DSA-SHA2-192s',
  'SLH-DSA-SHA2-192f',
  'SLH-DSA-SHA2-256s',
  'SLH-DSA-SHA2-256f',
  'SLH-DSA-SHAKE-128s',
  'SLH-DSA-SHAKE-128f',
  'SLH-DSA-SHAKE-192s',
  'SLH-DSA-SHAKE-192f',
  'SLH-DSA-SHAKE-256s',
  'SLH-DSA-SHAKE-256f',
] as const;

/** Signature algorithms offered today, by registry id. All have asynchronous calls; {@link syncSignatureAlgorithms} both. */
export const signatureAlgorithms = [
  ...syncSignatureAlgorithms,
  ...compositeSignatureAlgorithms,
  ...slhDsaAlgorithms,
  'ECDSA-P521-SHA512',
  'RSA-PSS-SHA256',
  // Legacy: where X.509, RS256 or SSH clients know nothing else (CRY-3).
  'RSA-PKCS1-SHA256',
  // Experiments: the standard is a draft.
  'FN-DSA-512',
  'FN-DSA-1024',
] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

// FIPS 204, tables 1 and 2.
const mlDsaSizes: Readonly<Record<MlDsaType, MlDsaSizes>> = {
  'ml-dsa-44': { publicKey: 1312, expandedKey: 2560, signature: 2420 },
  'ml-dsa-65': { publicKey: 1952, expandedKey: 4032, signature: 3309 },
  'ml-dsa-87': { publicKey: 2592, expandedKey: 4896, signature: 4627 },
};
const mlDsaOf = (type: MlDsaType): SignatureScheme => mlDsa(type, mlDsaSizes[type]);

// FIPS 205, table 2.
const slhDsaSizes = {
  '128s': { n: 16, signature: 7856 },
  '128f': { n: 16, signature: 17088 },
  '192s': { n: 24, signature: 16224 },
  '192f': { n: 24, signature: 35664 },
  '256s': { n: 32, signature: 29792 },
  '256f': { n: 32, signature: 49856 },
} as const;
const slhDsaOf = (family: 'sha2' | 'shake', set: keyof typeof slhDsaSizes): SignatureScheme =>
  slhDsa(`slh-dsa-${family}-${set}` as SlhDsaType, slhDsaSizes[set]);

const ecdsaSizes: Readonly<Record<SigningCurve, EcdsaSizes>> = {
  'P-256': { point: 65, signatureMax: 72 },
  'P-384': { point: 97, signatureMax: 104 },
  'P-521': { point: 133, signatureMax: 139 },
};

function compositeOf(
  id: (typeof compositeSignatureAlgorithms)[number],
  mlDsaType: MlDsaType,
  classical: CompositeParts['classical'],
): SignatureScheme {
  const preHash = id.endsWith('SHA256') ? 'sha256' : 'sha512';
  return composite({ id, mlDsa: mlDsaType, sizes: mlDsaSizes[mlDsaType], classical, preHash });
}

export const signatureSchemes: Readonly<Record<SignatureAlgorithm, SignatureScheme>> = {
  Ed25519: ed25519,
  'ML-DSA-44': mlDsaOf('ml-dsa-44'),
  'ML-DSA-65': mlDsaOf('ml-dsa-65'),
  'ML-DSA-87': mlDsaOf('ml-dsa-87'),
  'ECDSA-P256-SHA256': ecdsa('P-256', 'sha256', ecdsaSizes['P-256']),
  'ECDSA-P384-SHA384': ecdsa('P-384', 'sha384', ecdsaSizes['P-384']),
  'MLDSA65-Ed25519-SHA512': compositeOf('MLDSA65-Ed25519-SHA512', 'ml-dsa-65', ed25519Half),
  'MLDSA44-Ed25519-SHA512': compositeOf('MLDSA44-Ed25519-SHA512', 'ml-dsa-44', ed25519Half),
  'MLDSA44-ECDSA-P256-SHA256': compositeOf('MLDSA44-ECDSA-P256-SHA256', 'ml-dsa-44', ecdsaHalf('P-256')),
  'MLDSA65-ECDSA-P256-SHA512': compositeOf('MLDSA65-ECDSA-P256-SHA512', 'ml-dsa-65', ecdsaHalf('P-256')),
  'MLDSA65-ECDSA-P384-SHA512': compositeOf('MLDSA65-ECDSA-P384-SHA512', 'ml-dsa-65', ecdsaHalf('P-384')),
  'MLDSA87-ECDSA-P384-SHA512': compositeOf('MLDSA87-ECDSA-P384-SHA512', 'ml-dsa-87', ecdsaHalf('P-384')),
  'MLDSA87-ECDSA-P521-SHA512': compositeOf('MLDSA87-ECDSA-P521-SHA512', 'ml-dsa-87', ecdsaHalf('P-521')),
  'SLH-DSA-SHA2-128s': slhDsaOf('sha2', '128s'),
  'SLH-DSA-SHA2-128f': slhDsaOf('sha2', '128f'),
  'SLH-DSA-SHA2-192s': slhDsaOf('sha2', '192s'),
  'SLH-DSA-SHA2-192f': slhDsaOf('sha2', '192f'),
  'SLH-DSA-SHA2-256s': slhDsaOf('sha2', '256s'),
  'SLH-DSA-SHA2-256f': slhDsaOf('sha2', '256f'),
  'SLH-DSA-SHAKE-128s': slhDsaOf('shake', '128s'),
  'SLH-DSA-SHAKE-128f': slhDsaOf('shake', '128f'),
  'SLH-DSA-SHAKE-192s': slhDsaOf('shake', '192s'),
  'SLH-DSA-SHAKE-192f': slhDsaOf('shake', '192f'),
  'SLH-DSA-SHAKE-256s': slhDsaOf('shake', '256s'),
  'SLH-DSA-SHAKE-256f': slhDsaOf('shake', '256f'),
  'ECDSA-P521-SHA512': slowEcdsa('P-521', 'sha512', ecdsaSizes['P-521']),
  'RSA-PSS-SHA256': rsa('pss'),
  'RSA-PKCS1-SHA256': rsa('pkcs1'),
  'FN-DSA-512': falcon(512),
  'FN-DSA-1024': falcon(1024),
};
