// The runtime's own calls without anything of ours around them, as a programmer would write them: what `qv crypto bench` sets
// our calls beside. Each function makes its keys once and answers with the calls to measure.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  decapsulate,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';

export type BareCall = () => unknown;
/** Calls by operation. */
export type BareCalls = Readonly<Record<string, BareCall>>;

const ciphers: Readonly<Record<string, 'aes-256-gcm' | 'chacha20-poly1305'>> = {
  'AES-256-GCM': 'aes-256-gcm',
  'AES-256-GCM-SIV': 'aes-256-gcm-siv' as string as 'aes-256-gcm',
  'ChaCha20-Poly1305': 'chacha20-poly1305',
};

export function bareAead(suite: string, plaintext: Uint8Array, aad: Uint8Array): BareCalls {
  const cipherName = ciphers[suite];
  if (cipherName === undefined) return {};
  const key = randomBytes(32);
  const options = { authTagLength: 16 };
  // The declarations want one literal name for each call; the calls are the same.
  const name = cipherName as 'aes-256-gcm';
  const seal = (): Buffer => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv(name, key, nonce, options);
    cipher.setAAD(aad);
    return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  };
  const sealed = seal();
  const open = (): Buffer => {
    const decipher = createDecipheriv(name, key, sealed.subarray(0, 12), options);
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  };
  return { seal, open };
}

export function bareDigest(hash: string, bytes: Uint8Array): BareCalls {
  return { digest: () => createHash(hash).update(bytes).digest() };
}

export function bareHmac(hash: string, bytes: Uint8Array): BareCalls {
  const key = randomBytes(32);
  return { authenticate: () => createHmac(hash, key).update(bytes).digest() };
}

export function bareHkdf(hash: string, info: Uint8Array): BareCalls {
  const [key, salt] = [randomBytes(32), randomBytes(32)];
  return { derive: () => hkdfSync(hash, key, salt, info, 32) };
}

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const pairs: Readonly<Record<string, () => Pair>> = {
  Ed25519: () => generateKeyPairSync('ed25519'),
  'ML-DSA-44': () => generateKeyPairSync('ml-dsa-44'),
  'ML-DSA-65': () => generateKeyPairSync('ml-dsa-65'),
  'ML-DSA-87': () => generateKeyPairSync('ml-dsa-87'),
  'ECDSA-P256-SHA256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'ECDSA-P384-SHA384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'ECDSA-P521-SHA512': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  'RSA-PKCS1-SHA256': () => generateKeyPairSync('rsa', { modulusLength: 3072 }),
  'ML-KEM-512': () => generateKeyPairSync('ml-kem-512'),
  'ML-KEM-768': () => generateKeyPairSync('ml-kem-768'),
  'ML-KEM-1024': () => generateKeyPairSync('ml-kem-1024'),
  x25519: () => generateKeyPairSync('x25519'),
  x448: () => generateKeyPairSync('x448'),
  secp256r1: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  secp384r1: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  secp521r1: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
};

/** SLH-DSA has one type name for each set, and they differ from the registry's in case alone. */
const slhDsaType = (algorithm: string) => algorithm.toLowerCase() as 'slh-dsa-sha2-128s';

function pairOf(algorithm: string): (() => Pair) | undefined {
  if (algorithm.startsWith('SLH-DSA-')) return () => generateKeyPairSync(slhDsaType(algorithm));
  return pairs[algorithm];
}

const hashes: Readonly<Record<string, string>> = {
  'ECDSA-P256-SHA256': 'sha256',
  'ECDSA-P384-SHA384': 'sha384',
  'ECDSA-P521-SHA512': 'sha512',
  'RSA-PKCS1-SHA256': 'sha256',
};

/** Nothing for algorithms that the runtime does not have. */
export function bareSignature(algorithm: string, message: Uint8Array): BareCalls {
  const generate = pairOf(algorithm);
  if (generate === undefined) return {};
  const { publicKey, privateKey } = generate();
  const hash = hashes[algorithm] ?? null;
  const signature = sign(hash, message, privateKey);
  return {
    generate,
    sign: () => sign(hash, message, privateKey),
    verify: () => verify(hash, message, publicKey, signature),
  };
}

export function bareKem(algorithm: string): BareCalls {
  const generate = pairs[algorithm];
  if (generate === undefined) return {};
  const { publicKey, privateKey } = generate();
  const { ciphertext } = encapsulate(publicKey);
  return {
    generate,
    encapsulate: () => encapsulate(publicKey),
    decapsulate: () => decapsulate(privateKey, ciphertext),
  };
}

export function bareAgreement(algorithm: string): BareCalls {
  const generate = pairs[algorithm];
  if (generate === undefined) return {};
  const [{ privateKey }, { publicKey }] = [generate(), generate()];
  return { agree: () => diffieHellman({ privateKey, publicKey }) };
}
