import { type AlgorithmEntry, entry } from './entry.ts';
import { agreement112, dsa, rsa112, signature112, signature128, under112 } from './transitions.ts';

// Strength by the formula of the FIPS 140 implementation guidance, rounded down to its published values.
const rsaSizes: readonly (readonly [bits: number, strength: number])[] = [
  [512, 56],
  [768, 64],
  [1024, 80],
  [1280, 88],
  [1536, 96],
  [2048, 112],
  [2560, 120],
  [3072, 128],
  [4096, 152],
  [6144, 176],
  [7680, 192],
  [8192, 200],
  [15360, 256],
  [16384, 256],
];

const rsa: readonly AlgorithmEntry[] = [
  // The generic row is what the OID says alone; findPublicKeyAlgorithm adds the size.
  entry({
    id: 'RSA',
    family: 'public-key',
    oid: '1.2.840.113549.1.1.1',
    standard: 'RFC 8017',
    transitions: signature112,
    quantumVulnerable: true,
    quantumSecurityLevel: 0,
    aliases: ['rsaEncryption'],
  }),
  ...rsaSizes.map(([bits, strength]) =>
    entry({
      id: `RSA-${bits}`,
      family: 'public-key',
      parameters: { modulusBits: bits },
      sizes: { signature: bits / 8 },
      standard: 'RFC 8017',
      transitions: strength < 112 ? under112 : bits < 3000 ? rsa112 : signature128,
      quantumVulnerable: true,
      classicalSecurityBits: strength,
      quantumSecurityLevel: 0,
      aliases: [`RSA${bits}`],
    }),
  ),
];

const ec: readonly AlgorithmEntry[] = [
  entry({
    id: 'EC',
    family: 'public-key',
    oid: '1.2.840.10045.2.1',
    standard: 'RFC 5480',
    transitions: signature112,
    quantumVulnerable: true,
    quantumSecurityLevel: 0,
    aliases: ['ecPublicKey', 'id-ecPublicKey'],
  }),
  ...(
    [
      ['EC-P192', 96, 49, '1.2.840.10045.3.1.1', ['P-192', 'prime192v1']],
      ['EC-P224', 112, 57, '1.3.132.0.33', ['P-224']],
      ['EC-P256', 128, 65, '1.2.840.10045.3.1.7', ['P-256', 'prime256v1']],
      ['EC-P384', 192, 97, '1.3.132.0.34', ['P-384']],
      ['EC-P521', 256, 133, '1.3.132.0.35', ['P-521']],
      ['EC-secp256k1', 128, 65, '1.3.132.0.10', []],
      ['EC-brainpoolP256r1', 128, 65, '1.3.36.3.3.2.8.1.1.7', []],
      ['EC-brainpoolP384r1', 192, 97, '1.3.36.3.3.2.8.1.1.11', []],
      ['EC-brainpoolP512r1', 256, 129, '1.3.36.3.3.2.8.1.1.13', []],
      ['EC-SM2', 128, 65, '1.2.156.10197.1.301', []],
    ] as const
  ).map(([id, strength, point, oid, aliases]) =>
    entry({
      id,
      family: 'public-key',
      parameters: { curve: id.slice('EC-'.length) },
      sizes: { publicKey: point },
      oid,
      standard: id.includes('brainpool') ? 'RFC 5639' : 'RFC 5480, SEC 2',
      transitions: strength >= 128 ? signature128 : strength >= 112 ? signature112 : under112,
      quantumVulnerable: true,
      classicalSecurityBits: strength,
      quantumSecurityLevel: 0,
      implementation: id === 'EC-P256' || id === 'EC-P384' ? 'native' : 'not-offered',
      aliases,
    }),
  ),
];

const others: readonly AlgorithmEntry[] = [
  entry({
    id: 'DSA',
    family: 'public-key',
    oid: '1.2.840.10040.4.1',
    standard: 'FIPS 186-4',
    transitions: dsa,
    quantumVulnerable: true,
    quantumSecurityLevel: 0,
    aliases: ['id-dsa'],
  }),
  entry({
    id: 'DH',
    family: 'public-key',
    oid: '1.2.840.113549.1.3.1',
    standard: 'PKCS #3',
    transitions: agreement112,
    quantumVulnerable: true,
    quantumSecurityLevel: 0,
    aliases: ['dhKeyAgreement', 'Diffie-Hellman'],
  }),
  entry({
    id: 'DH-X9.42',
    family: 'public-key',
    oid: '1.2.840.10046.2.1',
    standard: 'RFC 3279',
    transitions: agreement112,
    quantumVulnerable: true,
    quantumSecurityLevel: 0,
    aliases: ['dhpublicnumber'],
  }),
];

export const publicKeys: readonly AlgorithmEntry[] = [...rsa, ...ec, ...others];
