import type { AlgorithmFacts, AlgorithmRegistry } from '../src/algorithm-facts.ts';

const rows: readonly AlgorithmFacts[] = [
  { id: 'X-Wing', family: 'hybrid-kem', quantumVulnerable: false, classicalSecurityBits: 128, quantumSecurityLevel: 3 },
  {
    id: 'X25519MLKEM768',
    family: 'hybrid-kem',
    quantumVulnerable: false,
    classicalSecurityBits: 128,
    quantumSecurityLevel: 3,
  },
  {
    id: 'SecP384r1MLKEM1024',
    family: 'hybrid-kem',
    quantumVulnerable: false,
    classicalSecurityBits: 192,
    quantumSecurityLevel: 5,
  },
  {
    id: 'MLKEM1024-P384',
    family: 'hybrid-kem',
    quantumVulnerable: false,
    classicalSecurityBits: 192,
    quantumSecurityLevel: 5,
  },
  { id: 'ML-KEM-512', family: 'kem', quantumVulnerable: false, classicalSecurityBits: 128, quantumSecurityLevel: 1 },
  { id: 'ML-KEM-768', family: 'kem', quantumVulnerable: false, classicalSecurityBits: 192, quantumSecurityLevel: 3 },
  { id: 'ML-KEM-1024', family: 'kem', quantumVulnerable: false, classicalSecurityBits: 256, quantumSecurityLevel: 5 },
  {
    id: 'x25519',
    family: 'key-agreement',
    quantumVulnerable: true,
    classicalSecurityBits: 128,
    quantumSecurityLevel: 0,
  },
  {
    id: 'secp256r1',
    family: 'key-agreement',
    quantumVulnerable: true,
    classicalSecurityBits: 128,
    quantumSecurityLevel: 0,
  },
  {
    id: 'secp384r1',
    family: 'key-agreement',
    quantumVulnerable: true,
    classicalSecurityBits: 192,
    quantumSecurityLevel: 0,
  },
  { id: 'RSA-1024', family: 'public-key', quantumVulnerable: true, classicalSecurityBits: 80, quantumSecurityLevel: 0 },
  {
    id: 'RSA-2048',
    family: 'public-key',
    quantumVulnerable: true,
    classicalSecurityBits: 112,
    quantumSecurityLevel: 0,
  },
  { id: 'EC-P256', family: 'public-key', quantumVulnerable: true, classicalSecurityBits: 128, quantumSecurityLevel: 0 },
  {
    id: 'ECDSA-P256-SHA256',
    family: 'signature',
    quantumVulnerable: true,
    classicalSecurityBits: 128,
    quantumSecurityLevel: 0,
  },
  {
    id: 'ECDSA-P384-SHA384',
    family: 'signature',
    quantumVulnerable: true,
    classicalSecurityBits: 192,
    quantumSecurityLevel: 0,
  },
  {
    id: 'ML-DSA-87',
    family: 'signature',
    quantumVulnerable: false,
    classicalSecurityBits: 256,
    quantumSecurityLevel: 5,
  },
  { id: 'MLDSA65-Ed25519-SHA512', family: 'composite-signature', quantumVulnerable: false, quantumSecurityLevel: 3 },
  { id: 'MLDSA87-ECDSA-P384-SHA512', family: 'composite-signature', quantumVulnerable: false, quantumSecurityLevel: 5 },
  { id: 'AES-128-GCM', family: 'aead', quantumVulnerable: false, classicalSecurityBits: 128 },
  { id: 'AES-256-GCM', family: 'aead', quantumVulnerable: false, classicalSecurityBits: 256 },
  { id: 'ChaCha20-Poly1305', family: 'aead', quantumVulnerable: false, classicalSecurityBits: 256 },
  {
    id: 'Old-KEM',
    family: 'kem',
    quantumVulnerable: false,
    quantumSecurityLevel: 3,
    status: { kind: 'disallowed', from: '2025-01-01' },
  },
];

const byId = new Map(rows.map((row) => [row.id.toLowerCase(), row]));
const aliases: Readonly<Record<string, string>> = { kyber768: 'ml-kem-768', '1.2.840.10045.3.1.7': 'ec-p256' };

/** A small registry with the shape of the real one; the adapters' tests hold the tables to the real registry. */
export const testRegistry: AlgorithmRegistry = {
  findAlgorithm: (name) => byId.get(aliases[name.toLowerCase()] ?? name.toLowerCase()),
  findPublicKeyAlgorithm: ({ oid, curveOid, modulusBits }) =>
    curveOid !== undefined
      ? byId.get(aliases[curveOid] ?? '')
      : oid === '1.2.840.113549.1.1.1'
        ? byId.get(`rsa-${modulusBits}`)
        : undefined,
};

export const testAlgorithmIds: readonly string[] = rows.map(({ id }) => id);
