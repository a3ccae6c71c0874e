import { type AlgorithmEntry, type AlgorithmStatus, entry } from './entry.ts';
import { sha1Hash } from './transitions.ts';

const nistHashArc = '2.16.840.1.101.3.4.2';
const rsadsi = '1.2.840.113549';
const brokenHash: AlgorithmStatus = { kind: 'disallowed', source: 'collisions are practical' };

// The security columns speak of collisions, in which a hash is half as strong as it is long.
const sha2 = [
  { id: 'SHA-224', digest: 28, block: 64, oid: 4, level: 1, aliases: ['SHA224'] },
  { id: 'SHA-256', digest: 32, block: 64, oid: 1, level: 2, aliases: ['SHA256'] },
  { id: 'SHA-384', digest: 48, block: 128, oid: 2, level: 4, aliases: ['SHA384'] },
  { id: 'SHA-512', digest: 64, block: 128, oid: 3, level: 5, aliases: ['SHA512'] },
  { id: 'SHA-512/224', digest: 28, block: 128, oid: 5, level: 1, aliases: ['SHA512-224'] },
  { id: 'SHA-512/256', digest: 32, block: 128, oid: 6, level: 2, aliases: ['SHA512-256'] },
].map(({ id, digest, block, oid, level, aliases }) =>
  entry({
    id,
    family: 'hash',
    sizes: { digest, block },
    oid: `${nistHashArc}.${oid}`,
    standard: 'FIPS 180-4',
    quantumVulnerable: false,
    classicalSecurityBits: digest * 4,
    quantumSecurityLevel: level,
    implementation: id === 'SHA-256' || id === 'SHA-384' ? 'native' : 'not-offered',
    aliases,
  }),
);

const sha3 = [
  { size: 224, oid: 7, level: 1, block: 144 },
  { size: 256, oid: 8, level: 2, block: 136 },
  { size: 384, oid: 9, level: 4, block: 104 },
  { size: 512, oid: 10, level: 5, block: 72 },
].map(({ size, oid, level, block }) =>
  entry({
    id: `SHA3-${size}`,
    family: 'hash',
    sizes: { digest: size / 8, block },
    oid: `${nistHashArc}.${oid}`,
    standard: 'FIPS 202',
    quantumVulnerable: false,
    classicalSecurityBits: size / 2,
    quantumSecurityLevel: level,
    implementation: size === 256 ? 'native' : 'not-offered',
    aliases: [`SHA3_${size}`],
  }),
);

const shake = [
  { size: 128, oid: 11 },
  { size: 256, oid: 12 },
].map(({ size, oid }) =>
  entry({
    id: `SHAKE${size}`,
    family: 'xof',
    oid: `${nistHashArc}.${oid}`,
    standard: 'FIPS 202',
    quantumVulnerable: false,
    classicalSecurityBits: size,
    implementation: 'native',
    aliases: [`SHAKE-${size}`],
  }),
);

// With half the rounds, for suites of HPKE that others may use.
const turboShake = [128, 256].map((size) =>
  entry({
    id: `TurboSHAKE${size}`,
    family: 'xof',
    standard: 'RFC 9861',
    quantumVulnerable: false,
    classicalSecurityBits: size,
    implementation: 'library',
    library: '@noble/hashes',
  }),
);

const weak: readonly AlgorithmEntry[] = [
  entry({
    id: 'SHA-1',
    family: 'hash',
    sizes: { digest: 20, block: 64 },
    oid: '1.3.14.3.2.26',
    standard: 'FIPS 180-4',
    transitions: sha1Hash,
    quantumVulnerable: false,
    classicalSecurityBits: 61,
    aliases: ['SHA1'],
  }),
  ...[
    { id: 'MD2', oid: 2, standard: 'RFC 1319' },
    { id: 'MD4', oid: 4, standard: 'RFC 1320' },
    { id: 'MD5', oid: 5, standard: 'RFC 1321' },
  ].map(({ id, oid, standard }) =>
    entry({
      id,
      family: 'hash',
      sizes: { digest: 16 },
      oid: `${rsadsi}.2.${oid}`,
      standard,
      status: brokenHash,
      quantumVulnerable: false,
      classicalSecurityBits: id === 'MD5' ? 18 : 0,
    }),
  ),
  entry({
    id: 'RIPEMD-160',
    family: 'hash',
    sizes: { digest: 20, block: 64 },
    oid: '1.3.36.3.2.1',
    standard: 'ISO/IEC 10118-3',
    status: { kind: 'deprecated', source: 'collision resistance of 80 bits' },
    quantumVulnerable: false,
    classicalSecurityBits: 80,
    aliases: ['RIPEMD160'],
  }),
  entry({
    id: 'SM3',
    family: 'hash',
    sizes: { digest: 32, block: 64 },
    oid: '1.2.156.10197.1.401',
    standard: 'GB/T 32905',
    quantumVulnerable: false,
    classicalSecurityBits: 128,
  }),
];

const macs: readonly AlgorithmEntry[] = [
  entry({
    id: 'HMAC-MD5',
    family: 'mac',
    sizes: { tag: 16 },
    oid: '1.3.6.1.5.5.8.1.1',
    standard: 'RFC 2104',
    status: { kind: 'deprecated', source: 'RFC 6151' },
    quantumVulnerable: false,
  }),
  ...[
    { hash: 'SHA1', tag: 20, oid: 7 },
    { hash: 'SHA224', tag: 28, oid: 8 },
    { hash: 'SHA256', tag: 32, oid: 9 },
    { hash: 'SHA384', tag: 48, oid: 10 },
    { hash: 'SHA512', tag: 64, oid: 11 },
  ].map(({ hash, tag, oid }) =>
    entry({
      id: `HMAC-${hash}`,
      family: 'mac',
      sizes: { tag },
      oid: `${rsadsi}.2.${oid}`,
      standard: 'RFC 2104, FIPS 198-1',
      transitions: hash === 'SHA1' ? sha1Hash.slice(0, 1) : [],
      quantumVulnerable: false,
      classicalSecurityBits: Math.min(tag * 8, 256),
      implementation: hash === 'SHA256' || hash === 'SHA384' || hash === 'SHA512' ? 'native' : 'not-offered',
      aliases: [`hmacWith${hash}`, `HMAC-${hash.replace('SHA', 'SHA-')}`],
    }),
  ),
  ...[
    { size: 128, oid: 19 },
    { size: 256, oid: 20 },
  ].map(({ size, oid }) =>
    entry({
      id: `KMAC${size}`,
      family: 'mac',
      oid: `${nistHashArc}.${oid}`,
      standard: 'NIST SP 800-185',
      quantumVulnerable: false,
      classicalSecurityBits: size,
      implementation: size === 256 ? 'native' : 'not-offered',
      aliases: [`KMAC-${size}`],
    }),
  ),
];

const derivations: readonly AlgorithmEntry[] = [
  ...[
    { hash: 'SHA256', oid: 28, bits: 256 },
    { hash: 'SHA384', oid: 29, bits: 384 },
    { hash: 'SHA512', oid: 30, bits: 512 },
  ].map(({ hash, oid, bits }) =>
    entry({
      id: `HKDF-${hash}`,
      family: 'kdf',
      parameters: { hash: hash.replace('SHA', 'SHA-') },
      oid: `${rsadsi}.1.9.16.3.${oid}`,
      standard: 'RFC 5869',
      quantumVulnerable: false,
      classicalSecurityBits: Math.min(bits, 256),
      implementation: hash === 'SHA256' || hash === 'SHA384' || hash === 'SHA512' ? 'native' : 'not-offered',
      aliases: [`HKDF-${hash.replace('SHA', 'SHA-')}`],
    }),
  ),
  entry({
    id: 'Argon2id',
    family: 'password-hash',
    parameters: { version: 19 },
    standard: 'RFC 9106',
    quantumVulnerable: false,
    implementation: 'native',
  }),
  entry({
    id: 'scrypt',
    family: 'password-hash',
    oid: '1.3.6.1.4.1.11591.4.11',
    standard: 'RFC 7914',
    quantumVulnerable: false,
    implementation: 'native',
  }),
  entry({
    id: 'PBKDF2',
    family: 'password-hash',
    oid: `${rsadsi}.1.5.12`,
    standard: 'RFC 8018, NIST SP 800-132',
    quantumVulnerable: false,
    implementation: 'native',
  }),
  entry({ id: 'bcrypt', family: 'password-hash', standard: 'USENIX 1999', quantumVulnerable: false }),
];

export const hashes: readonly AlgorithmEntry[] = [
  ...sha2,
  ...sha3,
  ...shake,
  ...turboShake,
  ...weak,
  ...macs,
  ...derivations,
];
