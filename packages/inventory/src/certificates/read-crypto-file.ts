import { InventoryError } from '../errors.ts';
import type { CryptoFile, CryptoItem, FoundItem, UnreadItem } from './crypto-item.ts';
import { type PemBlock, readPem } from './pem.ts';
import { readCertificateItem, readRequestItem, readSignedData, readTrustedCertificate } from './read-bundle.ts';
import {
  readEcPrivateKey,
  readEncryptedPkcs8,
  readPkcs8,
  readPublicKeyItem,
  readRsaPrivateKey,
  readRsaPublicKeyItem,
} from './read-key.ts';

type Read = (der: Uint8Array) => CryptoItem | readonly CryptoItem[];

/** By the label of a PEM block. A block with another label is somebody else's and is passed over in silence. */
const readers: Readonly<Record<string, Read>> = {
  CERTIFICATE: readCertificateItem,
  'X509 CERTIFICATE': readCertificateItem,
  'TRUSTED CERTIFICATE': readTrustedCertificate,
  'CERTIFICATE REQUEST': readRequestItem,
  'NEW CERTIFICATE REQUEST': readRequestItem,
  'PUBLIC KEY': readPublicKeyItem,
  'RSA PUBLIC KEY': readRsaPublicKeyItem,
  'PRIVATE KEY': readPkcs8,
  'ENCRYPTED PRIVATE KEY': readEncryptedPkcs8,
  'RSA PRIVATE KEY': readRsaPrivateKey,
  'EC PRIVATE KEY': readEcPrivateKey,
  PKCS7: readSignedData,
  CMS: readSignedData,
};

/** Without a label the content has to say what it is: each form refuses the others. */
const binaryReaders: readonly Read[] = [
  readCertificateItem,
  readRequestItem,
  readSignedData,
  readPublicKeyItem,
  readPkcs8,
  readEncryptedPkcs8,
  readEcPrivateKey,
  readRsaPrivateKey,
];

/**
 * All certificates, requests and keys of a file, by content and never by its name (INV-4): every block of a PEM file, or
 * one DER structure. A file that holds none of them gives two empty lists. Never throws for what a file holds.
 */
export function readCryptoFile(bytes: Uint8Array): CryptoFile {
  const blocks = readPem(bytes);
  return blocks.length > 0 ? readBlocks(blocks) : readBinary(bytes);
}

function readBlocks(blocks: readonly PemBlock[]): CryptoFile {
  const items: FoundItem[] = [];
  const unread: UnreadItem[] = [];
  for (const block of blocks) {
    const { label, line } = block;
    const read = readers[label];
    if (read === undefined) continue;
    const outcome = readBlock(block, read);
    if (typeof outcome === 'string') unread.push({ line, label, reason: outcome });
    else items.push(...outcome.map((item) => ({ line, item })));
  }
  return { items, unread };
}

function readBlock({ content, headers, label }: PemBlock, read: Read): readonly CryptoItem[] | string {
  // The encryption of RFC 1421, which OpenSSL wrote for decades: its derivation is one round of MD5.
  const dek = headers.find((header) => header.startsWith('DEK-Info:'));
  if (dek !== undefined && label.endsWith('PRIVATE KEY')) {
    const cipher = /^DEK-Info:\s*([A-Z0-9-]{1,40})/.exec(dek)?.[1] ?? 'unknown';
    return [{ kind: 'private-key', key: null, encryption: { scheme: `MD5 ${cipher}`, iterations: 1 } }];
  }
  if (content === undefined) return 'The block does not end, or what is in it is not base64.';
  return attempt(content, read);
}

function readBinary(bytes: Uint8Array): CryptoFile {
  const nothing = { items: [], unread: [] };
  // A DER SEQUENCE; everything else is not ours.
  if (bytes[0] !== 0x30) return nothing;
  for (const read of binaryReaders) {
    const outcome = attempt(bytes, read);
    if (typeof outcome !== 'string') return { items: outcome.map((item) => ({ line: null, item })), unread: [] };
  }
  return nothing;
}

function attempt(content: Uint8Array, read: Read): readonly CryptoItem[] | string {
  try {
    const outcome = read(content);
    return 'kind' in outcome ? [outcome] : outcome;
  } catch (error) {
    if (!(error instanceof InventoryError)) throw error;
    return error.message;
  }
}
