import { type AlgorithmEntry, type EntryInput, entry } from './entry.ts';
import { dsa, sha1Signature, signature112, signature128 } from './transitions.ts';

const rsaArc = '1.2.840.113549.1.1';
const nistSigArc = '2.16.840.1.101.3.4.3';

function classical(input: Omit<EntryInput, 'family' | 'quantumVulnerable'>): AlgorithmEntry {
  return entry({
    family: 'signature',
    quantumVulnerable: true,
    quantumSecurityLevel: 0,
    transitions: signature128,
    ...input,
  });
}

const broken = { kind: 'disallowed', source: 'collisions are practical' } as const;

// Keys of 2048 to 4096 bits; a public key is an RSAPublicKey, whose exponent may be long.
const offeredRsa = { implementation: 'native', sizes: { publicKey: 560, signature: 512 } } as const;

const rsaPkcs1: readonly AlgorithmEntry[] = [
  classical({
    id: 'RSA-PKCS1-MD2',
    parameters: { hash: 'MD2', padding: 'PKCS1-v1_5' },
    oid: `${rsaArc}.2`,
    standard: 'RFC 8017',
    status: broken,
    transitions: [],
    aliases: ['md2WithRSAEncryption', 'RSA-MD2'],
  }),
  classical({
    id: 'RSA-PKCS1-MD5',
    parameters: { hash: 'MD5', padding: 'PKCS1-v1_5' },
    oid: `${rsaArc}.4`,
    standard: 'RFC 8017',
    status: broken,
    transitions: [{ document: 'RFC 9155', to: 'disallowed', from: '2021-12-15', scope: 'TLS 1.2' }],
    aliases: ['md5WithRSAEncryption', 'RSA-MD5', 'MD5withRSA'],
  }),
  classical({
    id: 'RSA-PKCS1-SHA1',
    parameters: { hash: 'SHA-1', padding: 'PKCS1-v1_5' },
    oid: `${rsaArc}.5`,
    standard: 'RFC 8017',
    transitions: sha1Signature,
    aliases: ['sha1WithRSAEncryption', 'RSA-SHA1', 'SHA1withRSA', 'rsa_pkcs1_sha1', '1.3.14.3.2.29'],
  }),
  ...[
    { hash: 'SHA-224', oid: `${rsaArc}.14`, aliases: ['sha224WithRSAEncryption', 'RSA-SHA224', 'SHA224withRSA'] },
    {
      hash: 'SHA-256',
      oid: `${rsaArc}.11`,
      aliases: ['sha256WithRSAEncryption', 'RSA-SHA256', 'SHA256withRSA', 'rsa_pkcs1_sha256', 'RS256'],
    },
    {
      hash: 'SHA-384',
      oid: `${rsaArc}.12`,
      aliases: ['sha384WithRSAEncryption', 'RSA-SHA384', 'SHA384withRSA', 'rsa_pkcs1_sha384', 'RS384'],
    },
    {
      hash: 'SHA-512',
      oid: `${rsaArc}.13`,
      aliases: ['sha512WithRSAEncryption', 'RSA-SHA512', 'SHA512withRSA', 'rsa_pkcs1_sha512', 'RS512'],
    },
    { hash: 'SHA3-256', oid: `${nistSigArc}.14`, aliases: ['id-rsassa-pkcs1-v1_5-with-sha3-256'] },
    { hash: 'SHA3-384', oid: `${nistSigArc}.15`, aliases: ['id-rsassa-pkcs1-v1_5-with-sha3-384'] },
    { hash: 'SHA3-512', oid: `${nistSigArc}.16`, aliases: ['id-rsassa-pkcs1-v1_5-with-sha3-512'] },
  ].map(({ hash, oid, aliases }) =>
    classical({
      id: `RSA-PKCS1-${hash.replace('SHA-', 'SHA')}`,
      parameters: { hash, padding: 'PKCS1-v1_5' },
      oid,
      standard: 'RFC 8017',
      // CRY-3: PSS is for what is new.
      isLegacy: true,
      ...(hash === 'SHA-256' ? offeredRsa : {}),
      aliases,
    }),
  ),
];

// One OID serves all hashes of PSS: they sit in its parameters. The generic row is what the OID alone says.
const rsaPss: readonly AlgorithmEntry[] = [
  classical({
    id: 'RSA-PSS',
    parameters: { padding: 'PSS' },
    oid: `${rsaArc}.10`,
    standard: 'RFC 8017',
    aliases: ['RSASSA-PSS', 'id-RSASSA-PSS'],
  }),
  classical({
    id: 'RSA-PSS-SHA1',
    parameters: { hash: 'SHA-1', padding: 'PSS' },
    standard: 'RFC 8017',
    transitions: sha1Signature,
  }),
  ...[256, 384, 512].map((size) =>
    classical({
      id: `RSA-PSS-SHA${size}`,
      parameters: { hash: `SHA-${size}`, padding: 'PSS' },
      standard: 'RFC 8017',
      ...(size === 256 ? offeredRsa : {}),
      aliases: [`rsa_pss_rsae_sha${size}`, `rsa_pss_pss_sha${size}`, `PS${size}`, `SHA${size}withRSAandMGF1`],
    }),
  ),
  classical({
    id: 'RSA-PSS-SHAKE128',
    parameters: { hash: 'SHAKE128', padding: 'PSS' },
    oid: '1.3.6.1.5.5.7.6.30',
    standard: 'RFC 8692',
  }),
  classical({
    id: 'RSA-PSS-SHAKE256',
    parameters: { hash: 'SHAKE256', padding: 'PSS' },
    oid: '1.3.6.1.5.5.7.6.31',
    standard: 'RFC 8692',
  }),
];

// The OIDs of ECDSA name the hash and leave the curve to the key; TLS and JOSE names fix both.
const ecdsa: readonly AlgorithmEntry[] = [
  classical({
    id: 'ECDSA-SHA1',
    parameters: { hash: 'SHA-1' },
    oid: '1.2.840.10045.4.1',
    standard: 'RFC 3279',
    transitions: sha1Signature,
    aliases: ['ecdsa-with-SHA1', 'SHA1withECDSA', 'ecdsa_sha1'],
  }),
  ...[
    { hash: 'SHA-224', oid: '1.2.840.10045.4.3.1' },
    { hash: 'SHA-256', oid: '1.2.840.10045.4.3.2' },
    { hash: 'SHA-384', oid: '1.2.840.10045.4.3.3' },
    { hash: 'SHA-512', oid: '1.2.840.10045.4.3.4' },
    { hash: 'SHA3-256', oid: `${nistSigArc}.10` },
    { hash: 'SHA3-384', oid: `${nistSigArc}.11` },
    { hash: 'SHA3-512', oid: `${nistSigArc}.12` },
    { hash: 'SHAKE128', oid: '1.3.6.1.5.5.7.6.32' },
    { hash: 'SHAKE256', oid: '1.3.6.1.5.5.7.6.33' },
  ].map(({ hash, oid }) => {
    const short = hash.replace('SHA-', 'SHA');
    return classical({
      id: `ECDSA-${short}`,
      parameters: { hash },
      oid,
      standard: hash.startsWith('SHAKE') ? 'RFC 8692' : 'FIPS 186-5, RFC 5758',
      aliases: [`ecdsa-with-${short}`, `${short}withECDSA`],
    });
  }),
  classical({
    id: 'ECDSA-P256-SHA256',
    parameters: { curve: 'P-256', hash: 'SHA-256', encoding: 'DER' },
    sizes: { publicKey: 65, signature: 72 },
    standard: 'FIPS 186-5',
    classicalSecurityBits: 128,
    implementation: 'native',
    aliases: ['ecdsa_secp256r1_sha256', 'ES256'],
  }),
  classical({
    id: 'ECDSA-P384-SHA384',
    parameters: { curve: 'P-384', hash: 'SHA-384', encoding: 'DER' },
    sizes: { publicKey: 97, signature: 104 },
    standard: 'FIPS 186-5',
    classicalSecurityBits: 192,
    implementation: 'native',
    aliases: ['ecdsa_secp384r1_sha384', 'ES384'],
  }),
  classical({
    id: 'ECDSA-P521-SHA512',
    parameters: { curve: 'P-521', hash: 'SHA-512', encoding: 'DER' },
    sizes: { publicKey: 133, signature: 139 },
    standard: 'FIPS 186-5',
    classicalSecurityBits: 256,
    implementation: 'native',
    aliases: ['ecdsa_secp521r1_sha512', 'ES512'],
  }),
];

const others: readonly AlgorithmEntry[] = [
  classical({
    id: 'Ed25519',
    parameters: { curve: 'edwards25519' },
    sizes: { publicKey: 32, privateKey: 32, seed: 32, signature: 64 },
    oid: '1.3.101.112',
    standard: 'RFC 8032, FIPS 186-5',
    classicalSecurityBits: 128,
    implementation: 'native',
    aliases: ['EdDSA-Ed25519', 'id-Ed25519'],
  }),
  classical({
    id: 'Ed448',
    parameters: { curve: 'edwards448' },
    sizes: { publicKey: 57, privateKey: 57, signature: 114 },
    oid: '1.3.101.113',
    standard: 'RFC 8032, FIPS 186-5',
    classicalSecurityBits: 224,
    aliases: ['EdDSA-Ed448', 'id-Ed448'],
  }),
  classical({
    id: 'DSA-SHA1',
    parameters: { hash: 'SHA-1' },
    oid: '1.2.840.10040.4.3',
    standard: 'FIPS 186-4',
    transitions: sha1Signature,
    aliases: ['dsa-with-sha1', 'SHA1withDSA'],
  }),
  ...[224, 256, 384, 512].map((size, index) =>
    classical({
      id: `DSA-SHA${size}`,
      parameters: { hash: `SHA-${size}` },
      oid: `${nistSigArc}.${index + 1}`,
      standard: 'FIPS 186-4',
      transitions: dsa,
      aliases: [`dsa-with-sha${size}`, `SHA${size}withDSA`],
    }),
  ),
  classical({
    id: 'SM2-SM3',
    parameters: { curve: 'curveSM2', hash: 'SM3' },
    oid: '1.2.156.10197.1.501',
    standard: 'GB/T 32918.2, RFC 8998',
    classicalSecurityBits: 128,
    aliases: ['SM2withSM3', 'sm2sig_sm3'],
  }),
  classical({
    id: 'GOST-R-34.10-2012-256',
    oid: '1.2.643.7.1.1.3.2',
    standard: 'RFC 9215',
    classicalSecurityBits: 128,
  }),
  classical({
    id: 'GOST-R-34.10-2012-512',
    oid: '1.2.643.7.1.1.3.3',
    standard: 'RFC 9215',
    classicalSecurityBits: 256,
  }),
  classical({
    id: 'RSA-SHA1-MD5',
    parameters: { hash: 'MD5 and SHA-1', padding: 'PKCS1-v1_5' },
    standard: 'RFC 4346',
    transitions: [...sha1Signature, ...signature112],
  }),
];

export const classicalSignatures: readonly AlgorithmEntry[] = [...rsaPkcs1, ...rsaPss, ...ecdsa, ...others];
