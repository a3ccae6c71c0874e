import type { PublicKeyFacts } from '@quantumvault/pki';

/**
 * What this package needs to know of an algorithm: the part of the algorithm registry's entry (CRY-9) that concerns
 * inventory. The registry itself lives with the cryptography, which needs native code; here it is an argument,
 * so that this package runs in a browser too.
 */
export interface AlgorithmFacts {
  readonly id: string;
  readonly family: string;
  readonly quantumVulnerable: boolean;
  readonly classicalSecurityBits?: number | undefined;
  /** NIST category 0..5; 0 when a quantum computer breaks it. */
  readonly quantumSecurityLevel?: number | undefined;
  readonly status?: { readonly kind: string; readonly from?: string } | undefined;
}

/** The two questions asked of the registry; the functions of the crypto package with these names fit as they are. */
export interface AlgorithmRegistry {
  /** By registry id, alias or dotted OID; undefined when unknown. */
  readonly findAlgorithm: (idOrAliasOrOid: string) => AlgorithmFacts | undefined;
  /** By the facts of a public key: curve and modulus size decide where the OID alone does not. */
  readonly findPublicKeyAlgorithm: (key: PublicKeyFacts) => AlgorithmFacts | undefined;
}
