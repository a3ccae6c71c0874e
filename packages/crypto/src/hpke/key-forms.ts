/*
 * KEM keys as certificates and key files carry them: SubjectPublicKeyInfo (RFC 5280) and PKCS#8 (RFC 5208, RFC 5958). ML-KEM
 * as in RFC 9935: the seed is written; seed, expanded key and both are read. Composites as in their draft, in one form.
 */
import { DerReader, derOid, derTag, derValue } from '../der.ts';
import { CryptoError, need } from '../errors.ts';
import { algorithm as registered } from '../registry/registry.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { wrapPkcs8 } from '../signature/expanded-key.ts';
import type { KemPrivateKey } from './kem.ts';
import { importExpandedKemKey, importKemKey, type KemName, kemEncapsulateTo, kemNames } from './kems.ts';

const derMax = 8192;
const seedBytes = 64;

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The AlgorithmIdentifier: an OID without parameters. Only ML-KEM and the composites of LAMPS have one. */
function identifierOf(name: string): Uint8Array | undefined {
  const isCertified = name.startsWith('ML-KEM-') || registered(name).family === 'composite-kem';
  const { oid } = registered(name);
  return isCertified && oid !== undefined ? derValue(derTag.sequence, derOid(oid)) : undefined;
}

const byIdentifier: ReadonlyMap<string, KemName> = new Map(
  kemNames.flatMap((name) => {
    const identifier = identifierOf(name);
    return identifier === undefined ? [] : [[toHex(identifier), name] as const];
  }),
);

function neededIdentifier(name: string): Uint8Array {
  const known = kemNames.find((candidate) => candidate === name);
  need(known !== undefined, 'CRYPTO_ALGORITHM_UNKNOWN', 'the KEM is not offered');
  const identifier = identifierOf(known);
  need(identifier !== undefined, 'CRYPTO_OPTION_UNSUPPORTED', 'no document defines a key file of this KEM');
  return identifier;
}

function nameOf(identifier: Uint8Array): KemName {
  const name = byIdentifier.get(toHex(identifier));
  need(name !== undefined, 'CRYPTO_ALGORITHM_UNKNOWN', 'the key is of a KEM that is not offered');
  return name;
}

/** A raw public key as SubjectPublicKeyInfo, DER. Throws CRYPTO_ALGORITHM_UNKNOWN and CRYPTO_OPTION_UNSUPPORTED. */
export function kemPublicKeySpki(name: string, publicKey: Uint8Array): Uint8Array {
  const bits = derValue(derTag.bitString, Uint8Array.of(0), publicKey);
  return derValue(derTag.sequence, neededIdentifier(name), bits);
}

export interface KemPublicKey {
  /** Registry id. */
  readonly algorithm: KemName;
  readonly publicKey: Uint8Array;
}

/**
 * Reads a SubjectPublicKeyInfo. The key itself is checked by `kemEncapsulateTo`. Throws CRYPTO_MALFORMED, CRYPTO_LIMIT, and
 * CRYPTO_ALGORITHM_UNKNOWN for the key of something else.
 */
export function readKemPublicKeySpki(der: Uint8Array): KemPublicKey {
  need(der.length <= derMax, 'CRYPTO_LIMIT', `a public key holds at most ${derMax} bytes`);
  const outer = new DerReader(der);
  const inner = new DerReader(outer.read(derTag.sequence));
  outer.end();
  const algorithm = nameOf(inner.readWhole(derTag.sequence));
  const bits = inner.read(derTag.bitString);
  inner.end();
  need(bits[0] === 0, 'CRYPTO_MALFORMED', 'a public key is a whole number of bytes');
  return { algorithm, publicKey: bits.slice(1) };
}

/**
 * A private key in its stored form as PKCS#8, DER; of ML-KEM the seed, as RFC 9935 recommends. The caller disposes of both.
 * Throws CRYPTO_KEY_INVALID for what is no key, CRYPTO_ALGORITHM_UNKNOWN and CRYPTO_OPTION_UNSUPPORTED.
 */
export function kemPrivateKeyPkcs8(name: string, privateKey: SecretBytes): SecretBytes {
  const identifier = neededIdentifier(name);
  // What is not the key is refused here, before it lies in a file.
  importKemKey(name, privateKey);
  return wrapPkcs8(identifier, privateKey, name.startsWith('ML-KEM-') ? derTag.implicit(0) : undefined);
}

export interface KemPrivateKeyFile {
  /** Registry id. */
  readonly algorithm: KemName;
  /** The stored form, which the caller disposes of; undefined for a file with the expanded key alone. */
  readonly privateKey: SecretBytes | undefined;
  readonly key: KemPrivateKey;
}

interface Forms {
  readonly stored?: SecretBytes;
  readonly expanded?: SecretBytes;
}

const taken = (bytes: Uint8Array): SecretBytes => SecretBytes.take(bytes.slice());

/** What the OCTET STRING holds. The forms of ML-KEM are told apart by their tags; a composite is the bytes themselves. */
function formsOf(name: KemName, content: Uint8Array): Forms {
  if (!name.startsWith('ML-KEM-')) return { stored: taken(content) };
  const reader = new DerReader(content);
  if (reader.peek() === derTag.implicit(0)) return finished(reader, { stored: taken(reader.read(derTag.implicit(0))) });
  if (reader.peek() === derTag.octetString) {
    return finished(reader, { expanded: taken(reader.read(derTag.octetString)) });
  }
  const both = new DerReader(reader.read(derTag.sequence));
  const forms = { stored: taken(both.read(derTag.octetString)), expanded: taken(both.read(derTag.octetString)) };
  both.end();
  return finished(reader, forms);
}

function finished(reader: DerReader, forms: Forms): Forms {
  reader.end();
  return forms;
}

/** A file with both forms must hold one key in them: the same halves, and the same secret for what decapsulation rejects. */
function areOneKey(
  name: string,
  [seedKey, expandedKey]: readonly [KemPrivateKey, KemPrivateKey],
  forms: Forms,
): boolean {
  const { enc, sharedSecret } = kemEncapsulateTo(name, seedKey.publicKey);
  const tail = (secret: SecretBytes | undefined): SecretBytes | undefined =>
    secret?.open(secretAccess, (bytes) => taken(bytes.subarray(-seedBytes / 2)));
  using rejection = tail(forms.stored);
  using other = tail(forms.expanded);
  return (
    expandedKey.decapsulate(enc).equals(sharedSecret) &&
    rejection !== undefined &&
    other !== undefined &&
    rejection.equals(other)
  );
}

/**
 * Reads PKCS#8, without encryption, and imports the key. A file whose seed and expanded key, or whose public key, are not of
 * one key is refused. Throws CRYPTO_MALFORMED, CRYPTO_LIMIT, CRYPTO_KEY_INVALID, and CRYPTO_ALGORITHM_UNKNOWN for the key of
 * something else.
 */
export function readKemPrivateKeyPkcs8(der: SecretBytes): KemPrivateKeyFile {
  need(der.length <= derMax, 'CRYPTO_LIMIT', `a private key holds at most ${derMax} bytes`);
  const { algorithm, forms, publicKey } = der.open(secretAccess, (bytes) => {
    const outer = new DerReader(bytes);
    const inner = new DerReader(outer.read(derTag.sequence));
    outer.end();
    const version = inner.read(derTag.integer);
    // Version 1 is for files with a public key, and for no others (RFC 5958 section 2).
    const isVersion = version.length === 1 && (version[0] === 0 || version[0] === 1);
    need(isVersion, 'CRYPTO_MALFORMED', 'the version of the private key is not known');
    const algorithm = nameOf(inner.readWhole(derTag.sequence));
    const forms = formsOf(algorithm, inner.read(derTag.octetString));
    if (inner.peek() === derTag.explicit(0)) inner.read(derTag.explicit(0));
    const bits = version[0] === 1 ? inner.read(derTag.implicit(1)) : undefined;
    inner.end();
    return { algorithm, forms, publicKey: bits?.slice(1) };
  });
  const { stored, expanded } = forms;
  try {
    const ofSeed = stored === undefined ? undefined : importKemKey(algorithm, stored);
    const ofExpanded = expanded === undefined ? undefined : importExpandedKemKey(algorithm, expanded);
    const key = ofSeed ?? ofExpanded;
    need(key !== undefined, 'CRYPTO_MALFORMED', 'the file holds no private key');
    const isOne = ofSeed === undefined || ofExpanded === undefined || areOneKey(algorithm, [ofSeed, ofExpanded], forms);
    need(isOne, 'CRYPTO_KEY_INVALID', 'the seed and the expanded key are not one key');
    const isOwn = publicKey === undefined || toHex(publicKey) === toHex(key.publicKey);
    need(isOwn, 'CRYPTO_KEY_INVALID', 'the public key in the file belongs to another private key');
    return { algorithm, privateKey: stored, key };
  } catch (error) {
    stored?.dispose();
    throw error instanceof CryptoError
      ? error
      : new CryptoError('CRYPTO_KEY_INVALID', 'the private key does not decode', { cause: error });
  } finally {
    expanded?.dispose();
  }
}
