/*
 * Private keys of KEMs as PKCS#8 (RFC 5958): ML-KEM in the three forms of RFC 9935, and the composites of LAMPS, whose keys are
 * bytes. The seed is preferred: it is small, and what it expands to needs no check.
 */
import {
  CryptoError,
  constantTimeEqual,
  findAlgorithm,
  importExpandedKemKey,
  importKemKey,
  type KemPrivateKey,
  kemNames,
  SecretBytes,
} from '@quantumvault/crypto';
import { DerReader, decodeOid, derTag, PkiError, readDer, readPem } from '@quantumvault/pki';
import { CmsError } from './errors.ts';

/** A private key to open messages with. */
export interface CmsKey {
  /** Object identifier of the KEM, by which recipients are chosen. */
  readonly kem: string;
  readonly name: string;
  readonly key: KemPrivateKey;
}

const keyFileLimits = { bytes: 65_536, keys: 64 } as const;
const seedTag = 0x80; // [0], primitive

const invalid = (message: string, cause?: unknown): CmsError =>
  new CmsError('CMS_KEY_INVALID', message, cause === undefined ? undefined : { cause });

/** Reads a key file: one key in DER, or PEM with one or several. The caller erases the bytes. Throws CMS_KEY_INVALID, CMS_UNSUPPORTED, CMS_LIMIT. */
export function parseCmsKeyFile(file: Uint8Array): readonly CmsKey[] {
  if (file.length > keyFileLimits.bytes) {
    throw new CmsError('CMS_LIMIT', `a key file has at most ${keyFileLimits.bytes} bytes`);
  }
  if (file[0] === derTag.sequence) return [parseCmsKey(file)];
  const blocks = readPem(file).blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'));
  if (blocks.length === 0) throw invalid('the file has no private key');
  if (blocks.length > keyFileLimits.keys) {
    throw new CmsError('CMS_LIMIT', `a key file has at most ${keyFileLimits.keys} keys`);
  }
  return blocks.map(({ label, content }) => {
    if (label !== 'PRIVATE KEY')
      throw invalid(`${label} is not read, only PKCS#8 in plain form (PRIVATE KEY); ${opened}`);
    if (typeof content === 'string') throw invalid('a private key is not whole');
    try {
      return parseCmsKey(content);
    } finally {
      content.fill(0);
    }
  });
}

/** Reads one PKCS#8 key. The caller erases the bytes. Throws CMS_KEY_INVALID, and CMS_UNSUPPORTED for a key of another kind. */
export function parseCmsKey(der: Uint8Array): CmsKey {
  try {
    const info = new DerReader(readDer(der, derTag.sequence).content);
    const version = info.expect(derTag.integer).content;
    if (version.length !== 1 || (version[0] ?? 2) > 1) throw invalid('the private key has an unknown version');
    const algorithm = new DerReader(info.expect(derTag.sequence).content);
    const kem = decodeOid(algorithm.expect(derTag.oid).content);
    // First what it is for: keys of EC and RSA have parameters, and are nothing that was broken.
    const name = nameOf(kem);
    algorithm.end();
    return { kem, name, key: importKey(name, info.expect(derTag.octetString).content) };
  } catch (error) {
    if (error instanceof PkiError) throw invalid('the private key is not in the form of PKCS#8', error);
    if (error instanceof CryptoError) throw invalid('the private key does not fit its algorithm', error);
    throw error;
  }
}

const opened = 'messages are opened with keys of ML-KEM and of its composites alone';

/** Kinds of key that people bring from S/MIME as it was. */
const otherKinds: Readonly<Record<string, string>> = {
  '1.2.840.10045.2.1': 'of EC',
  '1.2.840.113549.1.1.1': 'of RSA',
  '1.3.101.110': 'of X25519',
  '1.3.101.111': 'of X448',
  '1.2.840.113549.1.3.1': 'of Diffie-Hellman',
};

function kindOf(oid: string): string {
  const id = findAlgorithm(oid)?.id;
  return otherKinds[oid] ?? (id === undefined ? `of another kind (${oid})` : `of ${id}`);
}

function nameOf(kem: string): string {
  const id = findAlgorithm(kem)?.id;
  const name = kemNames.find((known) => known === id);
  if (name === undefined) throw new CmsError('CMS_UNSUPPORTED', `the private key is ${kindOf(kem)}; ${opened}`);
  return name;
}

function importKey(name: string, bytes: Uint8Array): KemPrivateKey {
  if (!name.startsWith('ML-KEM-')) return withSecret(bytes, (secret) => importKemKey(name, secret));
  const reader = new DerReader(bytes);
  const choice = reader.next();
  reader.end();
  if (choice.tag === seedTag) return withSecret(choice.content, (seed) => importKemKey(name, seed));
  if (choice.tag === derTag.octetString) return withSecret(choice.content, (key) => importExpandedKemKey(name, key));
  if (choice.tag !== derTag.sequence) throw invalid('the private key has none of the forms of ML-KEM');
  const both = new DerReader(choice.content);
  const fromSeed = withSecret(both.expect(derTag.octetString).content, (seed) => importKemKey(name, seed));
  const expanded = withSecret(both.expect(derTag.octetString).content, (key) => importExpandedKemKey(name, key));
  both.end();
  // RFC 9935 section 8: two halves of two keys would open what the owner cannot explain.
  if (constantTimeEqual(fromSeed.publicKey, expanded.publicKey)) return fromSeed;
  throw invalid('the seed and the expanded key do not belong together');
}

function withSecret(bytes: Uint8Array, use: (secret: SecretBytes) => KemPrivateKey): KemPrivateKey {
  // A copy, which the slice of a Buffer would not be: what is taken is erased.
  using secret = SecretBytes.take(new Uint8Array(bytes));
  return use(secret);
}
