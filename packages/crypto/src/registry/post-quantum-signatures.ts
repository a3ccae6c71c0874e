import { type AlgorithmEntry, type AlgorithmStatus, approved, entry } from './entry.ts';

const nistSigArc = '2.16.840.1.101.3.4.3';
const draft: AlgorithmStatus = { kind: 'experimental' };
const levelBits: Readonly<Record<number, number>> = { 1: 128, 2: 128, 3: 192, 5: 256 };

function bitsOf(level: number): { classicalSecurityBits?: number } {
  const bits = levelBits[level];
  return bits === undefined ? {} : { classicalSecurityBits: bits };
}

// Contest names are read, never written (CRY-9). Old certificates of contest rounds carry other OIDs, which are not
// listed: Dilithium of round 3 and ML-DSA do not verify each other's signatures.
const mldsa = [
  { set: 44, level: 2, publicKey: 1312, privateKey: 2560, signature: 2420, oid: 17, contest: 2 },
  { set: 65, level: 3, publicKey: 1952, privateKey: 4032, signature: 3309, oid: 18, contest: 3 },
  { set: 87, level: 5, publicKey: 2592, privateKey: 4896, signature: 4627, oid: 19, contest: 5 },
].flatMap(({ set, level, publicKey, privateKey, signature, oid, contest }) => [
  entry({
    id: `ML-DSA-${set}`,
    family: 'signature',
    parameters: { parameterSet: set, mode: 'pure' },
    sizes: { publicKey, privateKey, seed: 32, signature },
    oid: `${nistSigArc}.${oid}`,
    standard: 'FIPS 204',
    quantumVulnerable: false,
    ...bitsOf(level),
    quantumSecurityLevel: level,
    implementation: 'native',
    aliases: [
      `MLDSA${set}`,
      `mldsa-${set}`,
      `id-ml-dsa-${set}`,
      `Dilithium${contest}`,
      `CRYSTALS-Dilithium-${contest}`,
    ],
  }),
  entry({
    id: `HashML-DSA-${set}-SHA512`,
    family: 'signature',
    parameters: { parameterSet: set, mode: 'pre-hash', hash: 'SHA-512' },
    sizes: { publicKey, privateKey, seed: 32, signature },
    oid: `${nistSigArc}.${oid + 15}`,
    standard: 'FIPS 204',
    quantumVulnerable: false,
    ...bitsOf(level),
    quantumSecurityLevel: level,
    aliases: [`id-hash-ml-dsa-${set}-with-sha512`],
  }),
]);

const slhdsa = [
  { set: '128s', n: 16, level: 1, signature: 7856 },
  { set: '128f', n: 16, level: 1, signature: 17088 },
  { set: '192s', n: 24, level: 3, signature: 16224 },
  { set: '192f', n: 24, level: 3, signature: 35664 },
  { set: '256s', n: 32, level: 5, signature: 29792 },
  { set: '256f', n: 32, level: 5, signature: 49856 },
].flatMap(({ set, n, level, signature }, index) =>
  (['SHA2', 'SHAKE'] as const).map((hash) =>
    entry({
      id: `SLH-DSA-${hash}-${set}`,
      family: 'signature',
      parameters: { parameterSet: set, hash, mode: 'pure' },
      sizes: { publicKey: 2 * n, privateKey: 4 * n, seed: 3 * n, signature },
      oid: `${nistSigArc}.${(hash === 'SHA2' ? 20 : 26) + index}`,
      standard: 'FIPS 205',
      quantumVulnerable: false,
      ...bitsOf(level),
      quantumSecurityLevel: level,
      implementation: 'native',
      aliases: [`id-slh-dsa-${hash}-${set}`, `SPHINCS+-${hash}-${set}`, `SPHINCS+-${hash}-${set}-simple`],
    }),
  ),
);

const others: readonly AlgorithmEntry[] = [
  ...[
    // Signatures of round 3, compressed: the padded ones of 666 and 1280 bytes are not made.
    { set: 512, level: 1, publicKey: 897, privateKey: 1281, signature: 752 },
    { set: 1024, level: 5, publicKey: 1793, privateKey: 2305, signature: 1462 },
  ].map(({ set, level, publicKey, privateKey, signature }) =>
    entry({
      id: `FN-DSA-${set}`,
      family: 'signature',
      parameters: { parameterSet: set, revision: 'Falcon, round 3' },
      sizes: { publicKey, privateKey, signature },
      standard: 'FIPS 206 (draft)',
      status: draft,
      implementation: 'library',
      library: '@noble/post-quantum',
      quantumVulnerable: false,
      ...bitsOf(level),
      quantumSecurityLevel: level,
      aliases: [`FNDSA${set}`, `Falcon-${set}`, `Falcon${set}`],
    }),
  ),
  entry({
    id: 'HSS-LMS',
    family: 'signature',
    oid: '1.2.840.113549.1.9.16.3.17',
    standard: 'RFC 8554, NIST SP 800-208',
    quantumVulnerable: false,
    aliases: ['LMS', 'id-alg-hss-lms-hashsig'],
  }),
  entry({
    id: 'XMSS',
    family: 'signature',
    oid: '1.3.6.1.5.5.7.6.34',
    standard: 'RFC 8391, RFC 9802, NIST SP 800-208',
    quantumVulnerable: false,
    aliases: ['id-alg-xmss-hashsig'],
  }),
  entry({
    id: 'XMSS-MT',
    family: 'signature',
    oid: '1.3.6.1.5.5.7.6.35',
    standard: 'RFC 8391, RFC 9802, NIST SP 800-208',
    quantumVulnerable: false,
    aliases: ['XMSSMT', 'id-alg-xmssmt-hashsig'],
  }),
];

/** Of the composites that are offered, in bytes: public key, private key and the longest signature. */
const compositeSizes: Readonly<Record<string, { publicKey: number; privateKey: number; signature: number }>> = {
  'MLDSA44-Ed25519-SHA512': { publicKey: 1344, privateKey: 64, signature: 2484 },
  'MLDSA44-ECDSA-P256-SHA256': { publicKey: 1377, privateKey: 83, signature: 2492 },
  'MLDSA65-ECDSA-P256-SHA512': { publicKey: 2017, privateKey: 83, signature: 3381 },
  'MLDSA65-ECDSA-P384-SHA512': { publicKey: 2049, privateKey: 96, signature: 3413 },
  'MLDSA65-Ed25519-SHA512': { publicKey: 1984, privateKey: 64, signature: 3373 },
  'MLDSA87-ECDSA-P384-SHA512': { publicKey: 2689, privateKey: 96, signature: 4731 },
  'MLDSA87-ECDSA-P521-SHA512': { publicKey: 2725, privateKey: 114, signature: 4766 },
};
const compositeRevision = 'draft-ietf-lamps-pq-composite-sigs-19';

// CRY-3: the numbers 37 to 54, in the order of the draft. Stored data names the id, and the id stands for the revision: a later
// revision that changes bytes gets new ids here, and these stay for reading.
const composites = [
  'MLDSA44-RSA2048-PSS-SHA256',
  'MLDSA44-RSA2048-PKCS15-SHA256',
  'MLDSA44-Ed25519-SHA512',
  'MLDSA44-ECDSA-P256-SHA256',
  'MLDSA65-RSA3072-PSS-SHA512',
  'MLDSA65-RSA3072-PKCS15-SHA512',
  'MLDSA65-RSA4096-PSS-SHA512',
  'MLDSA65-RSA4096-PKCS15-SHA512',
  'MLDSA65-ECDSA-P256-SHA512',
  'MLDSA65-ECDSA-P384-SHA512',
  'MLDSA65-ECDSA-brainpoolP256r1-SHA512',
  'MLDSA65-Ed25519-SHA512',
  'MLDSA87-ECDSA-P384-SHA512',
  'MLDSA87-ECDSA-brainpoolP384r1-SHA512',
  'MLDSA87-Ed448-SHAKE256',
  'MLDSA87-RSA3072-PSS-SHA512',
  'MLDSA87-RSA4096-PSS-SHA512',
  'MLDSA87-ECDSA-P521-SHA512',
].map((id, index) => {
  const [postQuantum = '', ...rest] = id.split('-');
  const level = { MLDSA44: 2, MLDSA65: 3, MLDSA87: 5 }[postQuantum] ?? 0;
  const sizes = compositeSizes[id];
  return entry({
    id,
    family: 'composite-signature',
    parameters: {
      postQuantum: postQuantum.replace('MLDSA', 'ML-DSA-'),
      classical: rest.slice(0, -1).join('-'),
      preHash: rest.at(-1) ?? '',
      revision: compositeRevision,
    },
    ...(sizes === undefined ? {} : { sizes, implementation: 'native' }),
    oid: `1.3.6.1.5.5.7.6.${37 + index}`,
    standard: 'draft-ietf-lamps-pq-composite-sigs',
    status: id === 'MLDSA65-Ed25519-SHA512' ? approved : draft,
    quantumVulnerable: false,
    quantumSecurityLevel: level,
    aliases: [`id-${id}`],
  });
});

export const postQuantumSignatures: readonly AlgorithmEntry[] = [...mldsa, ...slhdsa, ...others, ...composites];
