import type { AssetType } from '../asset/asset.ts';

/**
 * `classical`: only algorithms that a quantum computer breaks. `pqc`: only algorithms that it does not, alone.
 * `hybrid`: both together, so that one of them may fall.
 */
export const protectionModes = ['classical', 'pqc', 'hybrid'] as const;

export type ProtectionMode = (typeof protectionModes)[number];

/** What a protection policy says (INV-8). Algorithm lists hold registry ids in order of preference. */
export interface ProtectionPolicyRules {
  readonly name: string;
  readonly mode: ProtectionMode;
  /** Key establishment: KEMs, hybrid KEMs and, in classical and hybrid mode, key agreements. */
  readonly kem: readonly string[];
  readonly signature: readonly string[];
  readonly aead: readonly string[];
  /** Keys are replaced after this many days, 1 to 365. */
  readonly rotationDays: number;
  /** NIST category 1..5 that the quantum-resistant choices must reach; 0 in classical mode, which reaches none. */
  readonly targetLevel: number;
  /** YYYY-MM-DD by which assets under this policy must comply; null when there is none. */
  readonly deadline: string | null;
  /** Restricts the policy to these types; empty means every type that its algorithms can protect. */
  readonly assetTypes: readonly AssetType[];
}

/** Stored form: versioned, and not deleted while in use. */
export interface ProtectionPolicy extends ProtectionPolicyRules {
  readonly id: string;
  readonly version: number;
  readonly isBuiltIn: boolean;
}

export const policyLimits = {
  rotationDaysMin: 1,
  rotationDaysMax: 365,
  choicesMax: 16,
  nameCharactersMax: 100,
} as const;

/**
 * The policies that every organization starts with.
 * Classical signatures stand behind the composite in hybrid mode because no TLS client verifies composites today:
 * there the hybrid part is the key exchange, which is what recorded traffic depends on.
 */
export const builtInPolicies: readonly ProtectionPolicyRules[] = [
  {
    name: 'hybrid-default',
    mode: 'hybrid',
    kem: ['X-Wing', 'X25519MLKEM768'],
    signature: ['MLDSA65-Ed25519-SHA512', 'ECDSA-P256-SHA256'],
    aead: ['AES-256-GCM', 'ChaCha20-Poly1305'],
    rotationDays: 90,
    targetLevel: 3,
    deadline: null,
    assetTypes: [],
  },
  {
    // CNSA 2.0 wants ML-KEM-1024 and ML-DSA-87; its exclusive use begins in 2033 for most systems.
    name: 'cnsa-2.0',
    mode: 'pqc',
    kem: ['ML-KEM-1024'],
    signature: ['ML-DSA-87'],
    aead: ['AES-256-GCM'],
    rotationDays: 90,
    targetLevel: 5,
    deadline: '2033-01-01',
    assetTypes: [],
  },
  {
    // Approved algorithms; that says nothing of a validated module. NIST IR 8547 (draft) disallows them after 2035.
    name: 'fips-classical',
    mode: 'classical',
    kem: ['secp256r1', 'secp384r1'],
    signature: ['ECDSA-P256-SHA256', 'ECDSA-P384-SHA384'],
    aead: ['AES-256-GCM'],
    rotationDays: 90,
    targetLevel: 0,
    deadline: '2035-12-31',
    assetTypes: [],
  },
  {
    // Data that must stay secret for decades gets the highest category, and both halves in every signature.
    name: 'long-term-archive',
    mode: 'hybrid',
    kem: ['MLKEM1024-P384', 'SecP384r1MLKEM1024'],
    signature: ['MLDSA87-ECDSA-P384-SHA512'],
    aead: ['AES-256-GCM'],
    rotationDays: 365,
    targetLevel: 5,
    deadline: null,
    assetTypes: ['data-store', 'key-material'],
  },
];
