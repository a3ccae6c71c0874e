import {
  DerReader,
  decodeOid,
  derMalformed,
  derTag,
  type PublicKeyFacts,
  readDer,
  readKeyAlgorithm,
  readPublicKey,
  readRsaNumbers,
  smallInteger,
} from '@quantumvault/pki';
import type { CryptoItem, KeyEncryption } from './crypto-item.ts';

const rsaOid = '1.2.840.113549.1.1.1';
const ecOid = '1.2.840.10045.2.1';
const pbes2Oid = '1.2.840.113549.1.5.13';

const schemeNames: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.5.12': 'PBKDF2',
  '1.3.6.1.4.1.11591.4.11': 'scrypt',
  '1.2.840.113549.1.5.3': 'PBE-MD5-DES',
  '1.2.840.113549.1.12.1.3': 'PBE-SHA1-3DES',
  '1.2.840.113549.3.7': '3DES-CBC',
  '2.16.840.1.101.3.4.1.2': 'AES-128-CBC',
  '2.16.840.1.101.3.4.1.22': 'AES-192-CBC',
  '2.16.840.1.101.3.4.1.42': 'AES-256-CBC',
};
const schemeName = (oid: string): string => schemeNames[oid] ?? oid;

/** SubjectPublicKeyInfo in DER (RFC 5280). All functions here throw `PKI_DER_MALFORMED`. */
export function readPublicKeyItem(der: Uint8Array): CryptoItem {
  return { kind: 'public-key', key: readPublicKey(readDer(der, derTag.sequence).content) };
}

/** RSAPublicKey in DER (RFC 8017). */
export function readRsaPublicKeyItem(der: Uint8Array): CryptoItem {
  const reader = new DerReader(readDer(der, derTag.sequence).content);
  return { kind: 'public-key', key: { oid: rsaOid, ...readRsaNumbers(reader) } };
}

/** OneAsymmetricKey in DER (RFC 5958), the form of every modern algorithm. */
export function readPkcs8(der: Uint8Array): CryptoItem {
  const reader = new DerReader(readDer(der, derTag.sequence).content);
  if (smallInteger(reader.expect(derTag.integer).content) > 1) throw derMalformed('a private key of unknown version');
  const algorithm = reader.expect(derTag.sequence).content;
  const inner = reader.expect(derTag.octetString).content;
  const key = readKeyAlgorithm(algorithm);
  return { kind: 'private-key', key: key.oid === rsaOid ? { ...key, ...rsaSize(inner) } : key, encryption: null };
}

/** EncryptedPrivateKeyInfo in DER (RFC 5958): the scheme shows, the key does not. */
export function readEncryptedPkcs8(der: Uint8Array): CryptoItem {
  const reader = new DerReader(readDer(der, derTag.sequence).content);
  const algorithm = new DerReader(reader.expect(derTag.sequence).content);
  reader.expect(derTag.octetString);
  const oid = decodeOid(algorithm.expect(derTag.oid).content);
  const parameters = algorithm.isDone ? undefined : algorithm.next();
  const encryption: KeyEncryption =
    oid === pbes2Oid && parameters?.tag === derTag.sequence
      ? readPbes2(parameters.content)
      : { scheme: schemeName(oid), iterations: null };
  return { kind: 'private-key', key: null, encryption };
}

// PBES2-params (RFC 8018 appendix A.4): the derivation, then the cipher.
function readPbes2(content: Uint8Array): KeyEncryption {
  const reader = new DerReader(content);
  const derivation = new DerReader(reader.expect(derTag.sequence).content);
  const cipher = new DerReader(reader.expect(derTag.sequence).content);
  const kdf = decodeOid(derivation.expect(derTag.oid).content);
  const scheme = `${schemeName(kdf)} ${schemeName(decodeOid(cipher.expect(derTag.oid).content))}`;
  if (schemeNames[kdf] !== 'PBKDF2') return { scheme, iterations: null };
  const parameters = new DerReader(derivation.expect(derTag.sequence).content);
  parameters.next(); // salt
  return { scheme, iterations: smallInteger(parameters.expect(derTag.integer).content) };
}

/** RSAPrivateKey in DER (RFC 8017), the form of `BEGIN RSA PRIVATE KEY`. */
export function readRsaPrivateKey(der: Uint8Array): CryptoItem {
  return { kind: 'private-key', key: { oid: rsaOid, ...rsaSize(der) }, encryption: null };
}

/** ECPrivateKey in DER (RFC 5915), the form of `BEGIN EC PRIVATE KEY`. */
export function readEcPrivateKey(der: Uint8Array): CryptoItem {
  const reader = new DerReader(readDer(der, derTag.sequence).content);
  reader.expect(derTag.integer);
  reader.expect(derTag.octetString);
  const parameters = reader.optional(0xa0);
  const curve = parameters === undefined ? undefined : readDer(parameters.content, derTag.oid).content;
  const key: PublicKeyFacts = { oid: ecOid, ...(curve === undefined ? {} : { curveOid: decodeOid(curve) }) };
  return { kind: 'private-key', key, encryption: null };
}

function rsaSize(der: Uint8Array): ReturnType<typeof readRsaNumbers> {
  const reader = new DerReader(readDer(der, derTag.sequence).content);
  reader.expect(derTag.integer); // version
  return readRsaNumbers(reader);
}
