import { derLimits, derTag, type PemBlock, type PemFile, PkiError, pemLimits, readPem } from '@quantumvault/pki';
import type { CryptoFile, CryptoItem, FoundItem, UnreadItem } from './crypto-item.ts';
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

/** By the label of a PEM block. Of others only those are named that hold a key or a certificate. */
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
  const pem = readPem(bytes);
  return pem.blocks.length > 0 ? readBlocks(pem) : readBinary(bytes);
}

function readBlocks({ blocks, unreadFrom }: PemFile): CryptoFile {
  const items: FoundItem[] = [];
  const unread: UnreadItem[] = [];
  for (const block of blocks) {
    const { label, line } = block;
    const read = readers[label];
    if (read === undefined) {
      if (/\b(?:KEY|CERTIFICATE)\b/.test(label)) unread.push({ line, label, reason: 'a form that is not read here' });
      continue;
    }
    const outcome = readBlock(block, read);
    if (typeof outcome === 'string') unread.push({ line, label, reason: outcome });
    else items.push(...outcome.map((item) => ({ line, item })));
  }
  if (unreadFrom !== null) {
    const reason = `more than ${pemLimits.blocksMax} blocks; from here on nothing was read`;
    unread.push({ line: unreadFrom, label: 'PEM', reason });
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
  return typeof content === 'string' ? content : attempt(content, read);
}

function readBinary(bytes: Uint8Array): CryptoFile {
  // A DER SEQUENCE from the first byte to the last; everything else is not ours.
  if (!isOneSequence(bytes)) return { items: [], unread: [] };
  if (bytes.length > derLimits.inputBytesMax) {
    return unknownDer(`larger than ${derLimits.inputBytesMax} bytes and not read`);
  }
  for (const read of binaryReaders) {
    const outcome = attempt(bytes, read);
    if (typeof outcome !== 'string') return { items: outcome.map((item) => ({ line: null, item })), unread: [] };
  }
  return unknownDer('no certificate, request, message or key of a form that is read here');
}

// Named instead of passed over: it may well hold keys (a PKCS #12 file does).
const unknownDer = (reason: string): CryptoFile => ({ items: [], unread: [{ line: null, label: 'DER', reason }] });

/** Whether the length behind the first byte is what the file has; looks at six bytes. */
function isOneSequence(bytes: Uint8Array): boolean {
  const [tag, first = 0] = bytes;
  if (tag !== derTag.sequence || bytes.length < 2) return false;
  const width = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || width > 4) return false;
  const length = bytes.subarray(2, 2 + width).reduce((sum, byte) => sum * 256 + byte, 0);
  return 2 + width + (width === 0 ? first : length) === bytes.length;
}

function attempt(content: Uint8Array, read: Read): readonly CryptoItem[] | string {
  try {
    const outcome = read(content);
    return 'kind' in outcome ? [outcome] : outcome;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return error.message;
  }
}
