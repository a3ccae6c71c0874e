import { type AlgorithmEntry, type AlgorithmStatus, approved, entry } from './entry.ts';
import { agreement112, agreement128, under112 } from './transitions.ts';

const draft: AlgorithmStatus = { kind: 'experimental' };

const mlkem = [
  { set: 512, level: 1, bits: 128, publicKey: 800, privateKey: 1632, ciphertext: 768, oid: 1, code: 0x0200 },
  { set: 768, level: 3, bits: 192, publicKey: 1184, privateKey: 2400, ciphertext: 1088, oid: 2, code: 0x0201 },
  { set: 1024, level: 5, bits: 256, publicKey: 1568, privateKey: 3168, ciphertext: 1568, oid: 3, code: 0x0202 },
].map(({ set, level, bits, publicKey, privateKey, ciphertext, oid, code }) =>
  entry({
    id: `ML-KEM-${set}`,
    family: 'kem',
    parameters: { parameterSet: set },
    sizes: { publicKey, privateKey, seed: 64, ciphertext, sharedSecret: 32 },
    oid: `2.16.840.1.101.3.4.4.${oid}`,
    tlsGroup: { code, name: `MLKEM${set}` },
    standard: 'FIPS 203',
    quantumVulnerable: false,
    classicalSecurityBits: bits,
    quantumSecurityLevel: level,
    implementation: 'native',
    aliases: [`MLKEM${set}`, `Kyber${set}`, `Kyber-${set}`, `CRYSTALS-Kyber-${set}`],
  }),
);

const hybrids: readonly AlgorithmEntry[] = [
  entry({
    id: 'X-Wing',
    family: 'hybrid-kem',
    parameters: { postQuantum: 'ML-KEM-768', classical: 'x25519', hpkeKem: 0x647a },
    sizes: { publicKey: 1216, privateKey: 32, seed: 32, ciphertext: 1120, sharedSecret: 32 },
    standard: 'draft-connolly-cfrg-xwing-kem',
    status: approved,
    quantumVulnerable: false,
    classicalSecurityBits: 128,
    quantumSecurityLevel: 3,
    implementation: 'native',
    aliases: ['XWING', 'MLKEM768-X25519'],
  }),
  entry({
    id: 'MLKEM768-P256',
    family: 'hybrid-kem',
    parameters: { postQuantum: 'ML-KEM-768', classical: 'secp256r1', hpkeKem: 0x0050 },
    sizes: { publicKey: 1249, privateKey: 32, seed: 32, ciphertext: 1153, sharedSecret: 32 },
    standard: 'draft-irtf-cfrg-concrete-hybrid-kems',
    status: draft,
    quantumVulnerable: false,
    classicalSecurityBits: 128,
    quantumSecurityLevel: 3,
    implementation: 'native',
  }),
  entry({
    id: 'MLKEM1024-P384',
    family: 'hybrid-kem',
    parameters: { postQuantum: 'ML-KEM-1024', classical: 'secp384r1', hpkeKem: 0x0051 },
    sizes: { publicKey: 1665, privateKey: 32, seed: 32, ciphertext: 1665, sharedSecret: 32 },
    standard: 'draft-irtf-cfrg-concrete-hybrid-kems',
    status: draft,
    quantumVulnerable: false,
    classicalSecurityBits: 192,
    quantumSecurityLevel: 5,
    implementation: 'native',
  }),
  ...[
    {
      name: 'SecP256r1MLKEM768',
      code: 0x11eb,
      pq: 'ML-KEM-768',
      ec: 'secp256r1',
      client: 1249,
      server: 1153,
      level: 3,
    },
    { name: 'X25519MLKEM768', code: 0x11ec, pq: 'ML-KEM-768', ec: 'x25519', client: 1216, server: 1120, level: 3 },
    {
      name: 'SecP384r1MLKEM1024',
      code: 0x11ed,
      pq: 'ML-KEM-1024',
      ec: 'secp384r1',
      client: 1665,
      server: 1665,
      level: 5,
    },
    { name: 'curveSM2MLKEM768', code: 0x11ee, pq: 'ML-KEM-768', ec: 'curveSM2', client: 1249, server: 1153, level: 3 },
  ].map(({ name, code, pq, ec, client, server, level }) =>
    entry({
      id: name,
      family: 'hybrid-kem',
      parameters: { postQuantum: pq, classical: ec },
      sizes: { publicKey: client, ciphertext: server, sharedSecret: ec === 'secp384r1' ? 80 : 64 },
      tlsGroup: { code, name },
      standard: ec === 'curveSM2' ? 'draft-yang-tls-hybrid-sm2-mlkem' : 'draft-ietf-tls-ecdhe-mlkem',
      status: ec === 'curveSM2' ? draft : approved,
      quantumVulnerable: false,
      classicalSecurityBits: level === 5 ? 192 : 128,
      quantumSecurityLevel: level,
      // Node's own TLS negotiates these; this package has no call for them.
      implementation: ec === 'curveSM2' ? 'not-offered' : 'native',
    }),
  ),
  ...[
    { name: 'X25519Kyber768Draft00', code: 0x6399, ec: 'x25519', client: 1216, server: 1120 },
    { name: 'SecP256r1Kyber768Draft00', code: 0x639a, ec: 'secp256r1', client: 1249, server: 1153 },
  ].map(({ name, code, ec, client, server }) =>
    entry({
      id: name,
      family: 'hybrid-kem',
      // Kyber of round 3 is not ML-KEM: the two do not interoperate, so this is no alias.
      parameters: { postQuantum: 'Kyber768 (round 3)', classical: ec },
      sizes: { publicKey: client, ciphertext: server, sharedSecret: 64 },
      tlsGroup: { code, name },
      standard: 'draft-tls-westerbaan-xyber768d00',
      status: { kind: 'deprecated', source: 'replaced by X25519MLKEM768 before standardization' },
      quantumVulnerable: false,
      classicalSecurityBits: 128,
      quantumSecurityLevel: 3,
    }),
  ),
];

// A curve as a KEM. Opening what others wrote is all that it is for, so a quantum computer's dates are those of the curve.
const dhkems = [
  { id: 'DHKEM-X25519-HKDF-SHA256', curve: 'x25519', kem: 0x0020, key: 32, point: 32, secret: 32, bits: 128 },
  { id: 'DHKEM-X448-HKDF-SHA512', curve: 'x448', kem: 0x0021, key: 56, point: 56, secret: 64, bits: 224 },
  { id: 'DHKEM-P256-HKDF-SHA256', curve: 'secp256r1', kem: 0x0010, key: 32, point: 65, secret: 32, bits: 128 },
  { id: 'DHKEM-P384-HKDF-SHA384', curve: 'secp384r1', kem: 0x0011, key: 48, point: 97, secret: 48, bits: 192 },
  { id: 'DHKEM-P521-HKDF-SHA512', curve: 'secp521r1', kem: 0x0012, key: 66, point: 133, secret: 64, bits: 256 },
].map(({ id, curve, kem, key, point, secret, bits }) =>
  entry({
    id,
    family: 'kem',
    parameters: { curve, hpkeKem: kem },
    sizes: { publicKey: point, privateKey: key, seed: key, ciphertext: point, sharedSecret: secret },
    standard: 'RFC 9180',
    transitions: agreement128,
    quantumVulnerable: true,
    classicalSecurityBits: bits,
    quantumSecurityLevel: 0,
    implementation: 'native',
  }),
);

const hpkeSuites: readonly AlgorithmEntry[] = [
  entry({
    id: 'HPKE-X-WING-HKDF-SHA256-AES-256-GCM',
    family: 'hpke-suite',
    parameters: { kem: 0x647a, kdf: 0x0001, aead: 0x0002, mode: 'base' },
    sizes: { publicKey: 1216, privateKey: 32, ciphertext: 1120, key: 32, nonce: 12, tag: 16 },
    standard: 'RFC 9180, draft-ietf-hpke-pq',
    status: approved,
    quantumVulnerable: false,
    classicalSecurityBits: 128,
    quantumSecurityLevel: 3,
    implementation: 'native',
  }),
  entry({
    id: 'HPKE-ML-KEM-1024-HKDF-SHA384-AES-256-GCM',
    family: 'hpke-suite',
    parameters: { kem: 0x0042, kdf: 0x0002, aead: 0x0002, mode: 'base' },
    sizes: { publicKey: 1568, privateKey: 64, ciphertext: 1568, key: 32, nonce: 12, tag: 16 },
    standard: 'RFC 9180, draft-ietf-hpke-pq',
    status: approved,
    quantumVulnerable: false,
    classicalSecurityBits: 256,
    quantumSecurityLevel: 5,
    implementation: 'native',
  }),
  entry({
    id: 'HPKE-MLKEM1024-P384-HKDF-SHA384-AES-256-GCM',
    family: 'hpke-suite',
    parameters: { kem: 0x0051, kdf: 0x0002, aead: 0x0002, mode: 'base' },
    sizes: { publicKey: 1665, privateKey: 32, ciphertext: 1665, key: 32, nonce: 12, tag: 16 },
    standard: 'RFC 9180, draft-ietf-hpke-pq',
    status: draft,
    quantumVulnerable: false,
    classicalSecurityBits: 192,
    quantumSecurityLevel: 5,
    implementation: 'native',
  }),
  entry({
    id: 'HPKE-X-WING-HKDF-SHA256-CHACHA20-POLY1305',
    family: 'hpke-suite',
    parameters: { kem: 0x647a, kdf: 0x0001, aead: 0x0003, mode: 'base' },
    sizes: { publicKey: 1216, privateKey: 32, ciphertext: 1120, key: 32, nonce: 12, tag: 16 },
    standard: 'RFC 9180, draft-ietf-hpke-pq',
    status: approved,
    quantumVulnerable: false,
    classicalSecurityBits: 128,
    quantumSecurityLevel: 3,
    implementation: 'native',
  }),
  entry({
    id: 'HPKE-MLKEM1024-P384-HKDF-SHA384-CHACHA20-POLY1305',
    family: 'hpke-suite',
    parameters: { kem: 0x0051, kdf: 0x0002, aead: 0x0003, mode: 'base' },
    sizes: { publicKey: 1665, privateKey: 32, ciphertext: 1665, key: 32, nonce: 12, tag: 16 },
    standard: 'RFC 9180, draft-ietf-hpke-pq',
    status: draft,
    quantumVulnerable: false,
    classicalSecurityBits: 192,
    quantumSecurityLevel: 5,
    implementation: 'native',
  }),
];

// IANA allocated one run of numbers to both composite drafts; this part is the KEMs, 55 to 66.
const compositeKems = (
  [
    ['MLKEM768-RSA2048-SHA3-256', 1454, 1344],
    ['MLKEM768-RSA3072-SHA3-256', 1582, 1472],
    ['MLKEM768-RSA4096-SHA3-256', 1710, 1600],
    ['MLKEM768-X25519-SHA3-256', 1216, 1120],
    ['MLKEM768-ECDH-P256-SHA3-256', 1249, 1153],
    ['MLKEM768-ECDH-P384-SHA3-256', 1281, 1185],
    ['MLKEM768-ECDH-brainpoolP256r1-SHA3-256', 1249, 1153],
    ['MLKEM1024-RSA3072-SHA3-256', 1966, 1952],
    ['MLKEM1024-ECDH-P384-SHA3-256', 1665, 1665],
    ['MLKEM1024-ECDH-brainpoolP384r1-SHA3-256', 1665, 1665],
    ['MLKEM1024-X448-SHA3-256', 1624, 1624],
    ['MLKEM1024-ECDH-P521-SHA3-256', 1701, 1701],
  ] as const
).map(([id, publicKey, ciphertext], index) => {
  const [postQuantum = '', ...classical] = id.slice(0, -'-SHA3-256'.length).split('-');
  return entry({
    id,
    family: 'composite-kem',
    // The draft can still change: what is stored names this id, and another revision will be another id (CRY-3).
    parameters: {
      postQuantum: postQuantum.replace('MLKEM', 'ML-KEM-'),
      classical: classical.join('-'),
      revision: 'draft-ietf-lamps-pq-composite-kem-12',
    },
    // With RSA, of the usual public exponent; an RSA private key varies by some bytes.
    sizes: { publicKey, ciphertext, sharedSecret: 32 },
    oid: `1.3.6.1.5.5.7.6.${55 + index}`,
    standard: 'draft-ietf-lamps-pq-composite-kem',
    status: draft,
    quantumVulnerable: false,
    quantumSecurityLevel: postQuantum === 'MLKEM768' ? 3 : 5,
    implementation: 'native',
    aliases: [`id-${id}`],
  });
});

interface Curve {
  readonly name: string;
  readonly code: number;
  readonly bits: number;
  readonly point: number;
  readonly aliases: readonly string[];
}

/** Those for which this package has keys of its own. */
const agreed: ReadonlySet<string> = new Set(['x25519', 'x448', 'secp256r1', 'secp384r1', 'secp521r1']);

function curveGroup({ name, code, bits, point, aliases }: Curve): AlgorithmEntry {
  return entry({
    id: name,
    family: 'key-agreement',
    parameters: { curve: name },
    sizes: {
      publicKey: point,
      sharedSecret: name === 'secp521r1' ? 66 : name.startsWith('x') ? point : (point - 1) / 2,
    },
    ...(name === 'x25519' ? { oid: '1.3.101.110' } : name === 'x448' ? { oid: '1.3.101.111' } : {}),
    tlsGroup: { code, name },
    standard: name.startsWith('x') ? 'RFC 7748' : name.startsWith('brainpool') ? 'RFC 5639' : 'SEC 2, NIST SP 800-186',
    transitions: bits >= 128 ? agreement128 : bits >= 112 ? agreement112 : under112,
    quantumVulnerable: true,
    classicalSecurityBits: bits,
    quantumSecurityLevel: 0,
    implementation: agreed.has(name) ? 'native' : 'not-offered',
    aliases,
  });
}

const curves = [
  { name: 'x25519', code: 0x001d, bits: 128, point: 32, aliases: ['curve25519', 'ECDH-X25519'] },
  { name: 'x448', code: 0x001e, bits: 224, point: 56, aliases: ['curve448', 'ECDH-X448'] },
  { name: 'secp256r1', code: 0x0017, bits: 128, point: 65, aliases: ['ECDH-P256', 'ECDHE-P256'] },
  { name: 'secp384r1', code: 0x0018, bits: 192, point: 97, aliases: ['ECDH-P384', 'ECDHE-P384'] },
  { name: 'secp521r1', code: 0x0019, bits: 256, point: 133, aliases: ['ECDH-P521', 'ECDHE-P521'] },
  { name: 'secp192r1', code: 0x0013, bits: 96, point: 49, aliases: ['ECDH-P192'] },
  { name: 'secp224r1', code: 0x0015, bits: 112, point: 57, aliases: ['ECDH-P224'] },
  { name: 'secp256k1', code: 0x0016, bits: 128, point: 65, aliases: ['ECDH-secp256k1'] },
  { name: 'brainpoolP256r1', code: 0x001a, bits: 128, point: 65, aliases: [] },
  { name: 'brainpoolP384r1', code: 0x001b, bits: 192, point: 97, aliases: [] },
  { name: 'brainpoolP512r1', code: 0x001c, bits: 256, point: 129, aliases: [] },
  { name: 'brainpoolP256r1tls13', code: 0x001f, bits: 128, point: 65, aliases: [] },
  { name: 'brainpoolP384r1tls13', code: 0x0020, bits: 192, point: 97, aliases: [] },
  { name: 'brainpoolP512r1tls13', code: 0x0021, bits: 256, point: 129, aliases: [] },
  { name: 'curveSM2', code: 0x0029, bits: 128, point: 65, aliases: ['ECDH-SM2'] },
].map(curveGroup);

// RFC 7919 estimates its 2048-bit group at 103 bits; NIST counts every 2048-bit group as 112, and so do the dates.
const finiteFields = [
  { bits: 2048, code: 0x0100, strength: 112 },
  { bits: 3072, code: 0x0101, strength: 128 },
  { bits: 4096, code: 0x0102, strength: 152 },
  { bits: 6144, code: 0x0103, strength: 176 },
  { bits: 8192, code: 0x0104, strength: 192 },
].map(({ bits, code, strength }) =>
  entry({
    id: `ffdhe${bits}`,
    family: 'key-agreement',
    parameters: { primeBits: bits },
    sizes: { publicKey: bits / 8, sharedSecret: bits / 8 },
    tlsGroup: { code, name: `ffdhe${bits}` },
    standard: 'RFC 7919',
    transitions: strength >= 128 ? agreement128 : agreement112,
    quantumVulnerable: true,
    classicalSecurityBits: strength,
    quantumSecurityLevel: 0,
    aliases: [`FFDHE-${bits}`],
  }),
);

const transports: readonly AlgorithmEntry[] = [
  entry({
    id: 'RSAES-PKCS1-v1_5',
    family: 'key-transport',
    standard: 'RFC 8017',
    status: { kind: 'disallowed', from: '2024-01-01', source: 'NIST SP 800-131A Rev. 2' },
    quantumVulnerable: true,
    quantumSecurityLevel: 0,
    aliases: ['RSA key transport', 'TLS_RSA'],
  }),
  entry({
    id: 'RSAES-OAEP',
    family: 'key-transport',
    oid: '1.2.840.113549.1.1.7',
    standard: 'RFC 8017',
    transitions: agreement112,
    quantumVulnerable: true,
    quantumSecurityLevel: 0,
    aliases: ['RSA-OAEP', 'id-RSAES-OAEP'],
  }),
];

export const keyEstablishment: readonly AlgorithmEntry[] = [
  ...mlkem,
  ...hybrids,
  ...dhkems,
  ...hpkeSuites,
  ...compositeKems,
  ...curves,
  ...finiteFields,
  ...transports,
];
