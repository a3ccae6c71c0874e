// Certificates and keys of LAMPS and of the hackathons of the IETF, recognized by their content. A certificate is checked with
// the certificate of its issuer, a private key with the certificate or the public key that lies beside it.
import {
  CryptoError,
  findAlgorithm,
  importSigningKey,
  publicKeySpki,
  readPrivateKeyPkcs8,
  SecretBytes,
} from '@quantumvault/crypto';
import { type CryptoItem, readCryptoFile } from '@quantumvault/inventory';
import {
  checkCertificateSignature,
  parseCertificate,
  readCertificateDetails,
  readPem,
  subjectPublicKeyInfo,
} from '@quantumvault/pki';
import { same } from '../json.ts';
import type { VectorSource } from '../source.ts';
import { Skip, type Tally } from '../tally.ts';
import type { VectorFile } from '../vector-file.ts';

type Kind = CryptoItem['kind'];

/** The one structure of a file, and what it is; undefined for files of none or of several. */
interface Structure {
  readonly file: VectorFile;
  readonly kind: Kind;
  readonly der: Uint8Array;
  /** OID of the key; undefined for requests. */
  readonly oid: string | undefined;
}

/** No structure of the sets comes near it, and looking into every file for one takes time. */
const bytesMax = 262_144;

const known = new WeakMap<VectorFile, Structure | 'none'>();

/** Looked at once: whatever lies beside a file is compared with it. */
function structureOf(file: VectorFile): Structure | undefined {
  const structure = known.get(file) ?? readStructure(file) ?? 'none';
  known.set(file, structure);
  return structure === 'none' ? undefined : structure;
}

function readStructure(file: VectorFile): Structure | undefined {
  if (file.bytes.length > bytesMax) return undefined;
  const { items } = readCryptoFile(file.bytes);
  const [first] = items;
  if (first === undefined || items.length > 1) return undefined;
  const { item } = first;
  const block = first.line === null ? file.bytes : readPem(file.bytes).blocks[0]?.content;
  if (block === undefined || typeof block === 'string') return undefined;
  const key = item.kind === 'certificate' ? item.facts.key : item.key;
  return { file, kind: item.kind, der: block, oid: key?.oid };
}

function structuresBeside(file: VectorFile): readonly Structure[] {
  const found = file.neighbours.map((name) => file.glance(name)).map((beside) => beside && structureOf(beside));
  return found.filter((one) => one !== undefined);
}

/** Content of the SubjectPublicKeyInfo that a certificate or a public key holds. */
function publicKeyOf({ kind, der }: Structure): Uint8Array | undefined {
  if (kind === 'certificate') return subjectPublicKeyInfo(der);
  return kind === 'public-key' ? contentOf(der) : undefined;
}

// Behind the header of a SEQUENCE.
const contentOf = (der: Uint8Array): Uint8Array => {
  const first = der[1] ?? 0;
  return der.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
};

/** The certificate is signed by itself or by one beside it, and no longer when one bit of the signature changes. */
async function isSigned(certificate: Structure): Promise<boolean> {
  const { issuer, signature } = parseCertificate(certificate.der);
  const { authorityKeyId } = readCertificateDetails(certificate.der);
  // One publisher gave every certificate an authority of its own, all of one name: the key's identifier tells them apart.
  const fits = (der: Uint8Array): boolean => {
    const { subjectKeyId } = readCertificateDetails(der);
    const isKey = authorityKeyId === null || subjectKeyId === null || authorityKeyId === subjectKeyId;
    return isKey && parseCertificate(der).subject === issuer;
  };
  const authorities = structuresBeside(certificate.file).filter(({ kind, der }) => kind === 'certificate' && fits(der));
  const verdicts: string[] = [];
  if (authorities.length === 0) throw new Skip('the certificate of the issuer is not there');
  const forged = Uint8Array.from(certificate.der);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  for (const authority of authorities) {
    const verdict = await checkCertificateSignature(certificate.der, authority.der);
    if (verdict === 'genuine') return (await checkCertificateSignature(forged, authority.der)) === 'forged';
    verdicts.push(verdict);
  }
  if (verdicts.includes('forged')) return false;
  // Of an authority whose key does not fit the signature only the name is right.
  const name = findAlgorithm(signature.oid)?.id ?? signature.oid;
  throw new Skip(`${name} is not verified in certificates, or the issuer with such a key is not there`);
}

/** The SubjectPublicKeyInfo of a private key of ours. */
function derivedKey(der: Uint8Array, oid: string | undefined): Uint8Array {
  using secret = SecretBytes.take(Uint8Array.from(der));
  try {
    const { algorithm, privateKey } = readPrivateKeyPkcs8(secret);
    using kept = privateKey;
    using key = importSigningKey({ algorithm, privateKey: kept });
    return contentOf(publicKeySpki(algorithm, key.publicKey));
  } catch (error) {
    if (error instanceof CryptoError && error.code === 'CRYPTO_ALGORITHM_UNKNOWN') {
      throw new Skip(`private keys of ${findAlgorithm(oid ?? '')?.id ?? oid} are not offered`);
    }
    throw error;
  }
}

/** Of all keys of the algorithm that lie beside a private key, one is its own. */
function hasPublicKey(privateKey: Structure): boolean {
  const others = structuresBeside(privateKey.file).flatMap((beside) => {
    const key = beside.oid === privateKey.oid ? publicKeyOf(beside) : undefined;
    return key === undefined ? [] : [key];
  });
  if (others.length === 0) throw new Skip('no public key of its algorithm lies beside the private key');
  const derived = derivedKey(privateKey.der, privateKey.oid);
  return others.some((key) => same(key, derived));
}

async function runStructure(structure: Structure, tally: Tally): Promise<void> {
  const { kind, file } = structure;
  if (kind === 'certificate') await tally.run(`signature of ${file.name}`, () => isSigned(structure));
  else if (kind === 'private-key') await tally.run(`key of ${file.name}`, () => hasPublicKey(structure));
}

export const certificates: VectorSource = {
  source: undefined,
  recognize(file) {
    const structure = structureOf(file);
    if (structure === undefined || structure.kind === 'certificate-request') return undefined;
    // A public key is what its private key is compared with.
    return structure.kind === 'public-key' ? 'part' : 'vectors';
  },
  async run(file, tally) {
    const structure = structureOf(file);
    if (structure !== undefined) await runStructure(structure, tally);
  },
};
