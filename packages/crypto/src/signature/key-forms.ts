import { privateKeyFromPkcs8 } from '#native/asymmetric';
import { DerReader, derOid, derTag, derValue } from '../der.ts';
import { CryptoError, need } from '../errors.ts';
import { algorithm as registered } from '../registry/registry.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { importSigningKey } from '../signature.ts';
import { type SignatureAlgorithm, signatureAlgorithms } from '../signature-schemes.ts';
import { wrapPkcs8 } from './expanded-key.ts';
import { importingSecret } from './native-key.ts';

/*
 * The forms in which certificates, requests and key files carry keys: SubjectPublicKeyInfo (RFC 5280) and PKCS#8 (RFC 5208,
 * RFC 5958). Ed25519 as in RFC 8410, ML-DSA as in RFC 9881 (the seed is written; seed, expanded key and both are read),
 * SLH-DSA as in RFC 9909, ECDSA as in RFC 5480 and RFC 5915, RSA as in RFC 8017, composites as in their draft.
 */

const derMax = 8192;
const rsaEncryption = identifier(derOid('1.2.840.113549.1.1.1'), Uint8Array.of(derTag.null, 0));
const curveOids = { P256: '1.2.840.10045.3.1.7', P384: '1.3.132.0.34', P521: '1.3.132.0.35' } as const;

function identifier(...parts: readonly Uint8Array[]): Uint8Array {
  return derValue(derTag.sequence, ...parts);
}

/** The AlgorithmIdentifier of a key; undefined where no document has given it one. */
function keyIdentifier(algorithm: SignatureAlgorithm): Uint8Array | undefined {
  if (algorithm.startsWith('RSA-')) return rsaEncryption;
  const curve = /^ECDSA-(P256|P384|P521)-/.exec(algorithm)?.[1] as keyof typeof curveOids | undefined;
  if (curve !== undefined) return identifier(derOid('1.2.840.10045.2.1'), derOid(curveOids[curve]));
  const { oid } = registered(algorithm);
  return oid === undefined ? undefined : identifier(derOid(oid));
}

function neededIdentifier(algorithm: SignatureAlgorithm): Uint8Array {
  const known = signatureAlgorithms.find((candidate) => candidate === algorithm);
  need(known !== undefined, 'CRYPTO_ALGORITHM_UNKNOWN', 'the signature algorithm is not offered');
  const found = keyIdentifier(known);
  need(found !== undefined, 'CRYPTO_OPTION_UNSUPPORTED', 'no document defines a key file of this algorithm');
  return found;
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const byIdentifier = new Map<string, SignatureAlgorithm[]>();
for (const algorithm of signatureAlgorithms) {
  const found = keyIdentifier(algorithm);
  if (found === undefined) continue;
  const known = byIdentifier.get(toHex(found));
  if (known === undefined) byIdentifier.set(toHex(found), [algorithm]);
  else known.push(algorithm);
}
// RFC 4055: a key for PSS alone, without parameters or with those of SHA-256, MGF1 with SHA-256 and a salt of 32 bytes.
const pssOid = derOid('1.2.840.113549.1.1.10');
const sha256Identifier = identifier(derOid('2.16.840.1.101.3.4.2.1'), Uint8Array.of(derTag.null, 0));
const pssParameters = identifier(
  derValue(derTag.explicit(0), sha256Identifier),
  derValue(derTag.explicit(1), identifier(derOid('1.2.840.113549.1.1.8'), sha256Identifier)),
  derValue(derTag.explicit(2), Uint8Array.of(derTag.integer, 1, 32)),
);
byIdentifier.set(toHex(identifier(pssOid)), ['RSA-PSS-SHA256']);
byIdentifier.set(toHex(identifier(pssOid, pssParameters)), ['RSA-PSS-SHA256']);

// An RSA key does not say what it signs with: PSS, unless the caller knows better.
function algorithmOf(found: Uint8Array, expected: SignatureAlgorithm | undefined): SignatureAlgorithm {
  const [first, ...others] = byIdentifier.get(toHex(found)) ?? [];
  need(first !== undefined, 'CRYPTO_ALGORITHM_UNKNOWN', 'the key is of an algorithm that is not offered');
  if (expected === undefined) return first;
  const isExpected = first === expected || others.includes(expected);
  need(isExpected, 'CRYPTO_KEY_INVALID', 'the key is of another algorithm than the expected one');
  return expected;
}

/** A public key of `SigningKeyPair` as SubjectPublicKeyInfo, DER. */
export function publicKeySpki(algorithm: SignatureAlgorithm, publicKey: Uint8Array): Uint8Array {
  const bits = derValue(derTag.bitString, Uint8Array.of(0), publicKey);
  return derValue(derTag.sequence, neededIdentifier(algorithm), bits);
}

/**
 * Reads a SubjectPublicKeyInfo. `expected` says what an RSA key is for (else PSS), and refuses keys of other algorithms.
 * The key itself is checked by `importVerifyKey`. Throws CRYPTO_MALFORMED, CRYPTO_LIMIT, CRYPTO_ALGORITHM_UNKNOWN for an
 * algorithm that is not offered, and CRYPTO_KEY_INVALID for another one than expected.
 */
export function readPublicKeySpki(
  der: Uint8Array,
  expected?: SignatureAlgorithm,
): { readonly algorithm: SignatureAlgorithm; readonly publicKey: Uint8Array } {
  need(der.length <= derMax, 'CRYPTO_LIMIT', `a public key holds at most ${derMax} bytes`);
  const outer = new DerReader(der);
  const inner = new DerReader(outer.read(derTag.sequence));
  outer.end();
  const algorithm = algorithmOf(inner.readWhole(derTag.sequence), expected);
  const bits = inner.read(derTag.bitString);
  inner.end();
  need(bits[0] === 0, 'CRYPTO_MALFORMED', 'a public key is a whole number of bytes');
  return { algorithm, publicKey: bits.slice(1) };
}

/** A private key of `SigningKeyPair` as PKCS#8 DER, for PEM files and other libraries. The caller disposes of both. */
export function privateKeyPkcs8(algorithm: SignatureAlgorithm, privateKey: SecretBytes): SecretBytes {
  const found = neededIdentifier(algorithm);
  if (/^(?:ECDSA|RSA)-/.test(algorithm)) {
    return privateKey.open(secretAccess, (bytes) => SecretBytes.take(bytes.slice()));
  }
  // What is not the key is refused here, before it lies in a file.
  importSigningKey({ algorithm, privateKey }).dispose();
  return wrapPkcs8(found, privateKey, innerTag(algorithm, privateKey.length));
}

/** The header between the OCTET STRING and the secret. SLH-DSA and composites have none. */
function innerTag(algorithm: SignatureAlgorithm, length: number): number | undefined {
  if (algorithm === 'Ed25519') return derTag.octetString;
  if (!algorithm.startsWith('ML-DSA-')) return undefined;
  return length === 32 ? derTag.implicit(0) : derTag.octetString;
}

/**
 * Reads PKCS#8, without encryption. The key is imported once, so that what is no key is refused here, also when the file
 * holds a public key that does not belong to it. The caller disposes of both. Throws as {@link readPublicKeySpki} does.
 */
export function readPrivateKeyPkcs8(
  der: SecretBytes,
  expected?: SignatureAlgorithm,
): { readonly algorithm: SignatureAlgorithm; readonly privateKey: SecretBytes } {
  need(der.length <= derMax, 'CRYPTO_LIMIT', `a private key holds at most ${derMax} bytes`);
  const read = der.open(secretAccess, (bytes) => {
    const outer = new DerReader(bytes);
    const inner = new DerReader(outer.read(derTag.sequence));
    outer.end();
    const version = inner.read(derTag.integer);
    // Version 1 is for files with a public key, and for no others (RFC 5958 section 2).
    const isVersion = version.length === 1 && (version[0] === 0 || version[0] === 1);
    need(isVersion, 'CRYPTO_MALFORMED', 'the version of the private key is not known');
    const algorithm = algorithmOf(inner.readWhole(derTag.sequence), expected);
    const privateKey = secretOf(algorithm, inner.read(derTag.octetString));
    if (inner.peek() === derTag.explicit(0)) inner.read(derTag.explicit(0));
    const bits = version[0] === 1 ? inner.read(derTag.implicit(1)) : undefined;
    inner.end();
    return { algorithm, privateKey, publicKey: bits?.slice(1) };
  });
  try {
    check(read, der);
  } catch (error) {
    read.privateKey.dispose();
    throw error;
  }
  return { algorithm: read.algorithm, privateKey: read.privateKey };
}

// A public key that is not the private key's would make Ed25519 give the private key away to whoever signs with both.
function check(
  read: { algorithm: SignatureAlgorithm; privateKey: SecretBytes; publicKey: Uint8Array | undefined },
  der: SecretBytes,
): void {
  using key = importSigningKey(read);
  const { publicKey } = read;
  const belongs =
    publicKey === undefined ||
    (publicKey.length === key.publicKey.length && publicKey.every((byte, index) => byte === key.publicKey[index]));
  need(belongs, 'CRYPTO_KEY_INVALID', 'the public key in the file is not the one of the private key');
  // OpenSSL compares the seed with the expanded key when a file has both (RFC 9881 section 8.2).
  if (read.algorithm.startsWith('ML-DSA-')) importingSecret(der, privateKeyFromPkcs8);
}

/** The private key as `SigningKeyPair` has it, from the content of the OCTET STRING. */
function secretOf(algorithm: SignatureAlgorithm, content: Uint8Array): SecretBytes {
  if (/^(?:ECDSA|RSA)-/.test(algorithm)) {
    using inner = SecretBytes.take(content.slice());
    return wrapPkcs8(neededIdentifier(algorithm), inner);
  }
  if (algorithm === 'Ed25519') return SecretBytes.take(only(new DerReader(content), derTag.octetString).slice());
  if (algorithm.startsWith('ML-DSA-')) return SecretBytes.take(mlDsaSecret(content).slice());
  return SecretBytes.take(content.slice());
}

function only(reader: DerReader, tag: number): Uint8Array {
  const value = reader.read(tag);
  reader.end();
  return value;
}

function mlDsaSecret(content: Uint8Array): Uint8Array {
  const reader = new DerReader(content);
  const tag = reader.peek();
  if (tag === derTag.implicit(0) || tag === derTag.octetString) return only(reader, tag);
  if (tag !== derTag.sequence) throw new CryptoError('CRYPTO_MALFORMED', 'the ML-DSA key has none of its three forms');
  const both = new DerReader(only(reader, derTag.sequence));
  const seed = both.read(derTag.octetString);
  both.read(derTag.octetString);
  both.end();
  return seed;
}
