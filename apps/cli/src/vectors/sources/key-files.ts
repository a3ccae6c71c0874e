// Key files and certificates of LAMPS and of the hackathon for PQC certificates: one file is one case.
import { secretAccess } from '@quantumvault/crypto';
import { isRefusal } from '../cases/answers.ts';
import { same } from '../json.ts';
import { checkCertificate, publicKeyOf } from '../keys/check-certificate.ts';
import { type DerKind, derOf, kindOf } from '../keys/der-kind.ts';
import { readPrivateKeyFile, readPublicKeyFile } from '../keys/read-keys.ts';
import type { VectorSource } from '../source.ts';
import { Skip } from '../tally.ts';
import type { VectorFile } from '../vector-file.ts';

/** What the files of one key have in common: the name without its last parts. */
const stemOf = (name: string): string =>
  name.replace(/(?:[-_](?:seed|both|expanded|expandedkey))?(?:_(?:priv|ee|ta|ciphertext|ss))?\.[a-z]+$/i, '');

const ciphertextEnd = /_ciphertext\.bin$/;
const secretEnd = /_ss\.bin$/;

interface DerFile {
  readonly kind: DerKind;
  readonly der: Uint8Array;
}

function derFile(file: VectorFile): DerFile | undefined {
  const der = derOf(file);
  const kind = der === undefined ? undefined : kindOf(der);
  return der === undefined || kind === undefined ? undefined : { kind, der };
}

/** The files beside it that are about the same key. */
function* partners(file: VectorFile): Generator<DerFile> {
  for (const name of file.neighbours) {
    if (name === file.name || stemOf(name) !== stemOf(file.name)) continue;
    const other = file.glance(name);
    const found = other === undefined ? undefined : derFile(other);
    if (found !== undefined) yield found;
  }
}

/** Every certificate and public key of the same name must hold the public half. */
function isOwnKey(file: VectorFile, publicKey: Uint8Array): boolean {
  for (const { kind, der } of partners(file)) {
    if (kind === 'certificate' && !same(publicKeyOf(der), publicKey)) return false;
    if (kind === 'public-key' && !same(der, publicKey)) return false;
  }
  return true;
}

/** Files of names with `bad` hold keys that contradict themselves. */
function isPrivateKey(file: VectorFile, der: Uint8Array): boolean {
  if (!/^bad[-_]/i.test(file.name)) return isOwnKey(file, readPrivateKeyFile(der).publicKey);
  try {
    readPrivateKeyFile(der);
    return false;
  } catch (error) {
    if (isRefusal(error)) return true;
    throw error;
  }
}

/** Every private key of the same name opens the ciphertext to the secret. */
function opens(file: VectorFile): boolean {
  const secret = file.beside(file.name.replace(ciphertextEnd, '_ss.bin'));
  const keys = [...partners(file)].filter(({ kind }) => kind === 'private-key');
  if (secret === undefined || keys.length === 0) throw new Skip('the key or the secret of the ciphertext is missing');
  return keys.every(({ der }) => {
    const { kem } = readPrivateKeyFile(der);
    return kem?.decapsulate(file.bytes).open(secretAccess, (own) => same(own, secret.bytes)) ?? false;
  });
}

function isRight(file: VectorFile, { kind, der }: DerFile): boolean | Promise<boolean> {
  switch (kind) {
    case 'private-key':
      return isPrivateKey(file, der);
    case 'public-key':
      readPublicKeyFile(der);
      return true;
    case 'certificate':
      return checkCertificate(file, der);
    case 'cms':
      throw new Skip('a message of CMS without its key and plaintext');
  }
}

export const keyFiles: VectorSource = {
  source: undefined,
  recognize(file) {
    if (ciphertextEnd.test(file.name)) return 'vectors';
    // The secret belongs to the ciphertext.
    if (secretEnd.test(file.name)) {
      return file.neighbours.includes(file.name.replace(secretEnd, '_ciphertext.bin')) ? 'part' : undefined;
    }
    return derFile(file) === undefined ? undefined : 'vectors';
  },
  async run(file, tally) {
    await tally.run(file.name, () => {
      const found = derFile(file);
      return found === undefined ? opens(file) : isRight(file, found);
    });
  },
};
