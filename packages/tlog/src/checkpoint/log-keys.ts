import { sha256 } from '@quantumvault/crypto';
import { decodeBase64, encodeBase64 } from '../base64.ts';
import { concat, toHex, utf8 } from '../bytes.ts';
import { need } from '../errors.ts';
import { isKeyName } from './note.ts';

/** How a key of the log signs, by its C2SP type byte: Ed25519 over the note, ML-DSA-44 as a cosignature. */
export const noteKeyTypes = { ed25519: 0x01, mlDsa44: 0x06 } as const;
export type NoteKeyType = (typeof noteKeyTypes)[keyof typeof noteKeyTypes];

/** A public key of the log; both types are needed to trust a checkpoint (AUD-4). */
export interface LogKey {
  readonly name: string;
  readonly type: NoteKeyType;
  readonly publicKey: Uint8Array;
  /** First four bytes of SHA-256(name || newline || type || public key), big-endian. */
  readonly keyId: number;
}

const keysMax = 32;
const publicKeyBytes: Readonly<Record<NoteKeyType, number>> = { 1: 32, 6: 1312 };

/** Makes a log key from raw public-key bytes (32 for Ed25519, 1312 for ML-DSA-44). Throws TLOG_KEY_INVALID. */
export function logKey(name: string, type: NoteKeyType, publicKey: Uint8Array): LogKey {
  need(isKeyName(name) && utf8.encode(name).length <= 255, 'TLOG_KEY_INVALID', 'no such key name');
  need(publicKey.length === publicKeyBytes[type], 'TLOG_KEY_INVALID', 'a public key of another length');
  const digest = sha256(concat(utf8.encode(`${name}\n`), Uint8Array.of(type), publicKey));
  return { name, type, publicKey, keyId: new DataView(digest.buffer, digest.byteOffset).getUint32(0) };
}

/** The text of `log.vkey`: one line `name+key id+base64(type || public key)` per key, newline after each. */
export function formatLogKeys(keys: readonly LogKey[]): string {
  return keys
    .map((key) => `${key.name}+${idHex(key)}+${encodeBase64(concat(Uint8Array.of(key.type), key.publicKey))}\n`)
    .join('');
}

/** Reads `log.vkey`. Throws TLOG_KEY_INVALID on a foreign line, an unknown type or a key id that is not the key's. */
export function parseLogKeys(text: string): LogKey[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  need(lines.length <= keysMax, 'TLOG_KEY_INVALID', `at most ${keysMax} keys`);
  return lines.map((line) => {
    const [name, id, encoded] = splitVkey(line.trim());
    const isWhole = name !== undefined && id !== undefined && encoded !== undefined;
    need(isWhole, 'TLOG_KEY_INVALID', 'not a verifier key line');
    let bytes: Uint8Array;
    try {
      bytes = decodeBase64(encoded);
    } catch {
      bytes = new Uint8Array(0);
    }
    const type = Object.values(noteKeyTypes).find((known) => known === bytes[0]);
    need(type !== undefined, 'TLOG_KEY_INVALID', 'not a key type of this log');
    const key = logKey(name, type, bytes.slice(1));
    need(idHex(key) === id, 'TLOG_KEY_INVALID', 'the key id does not belong to the key');
    return key;
  });
}

/** Base64 may hold a plus too: only the first two separate. */
function splitVkey(line: string): string[] {
  const first = line.indexOf('+');
  const second = line.indexOf('+', first + 1);
  if (first < 1 || second < 0) return [];
  return [line.slice(0, first), line.slice(first + 1, second), line.slice(second + 1)];
}

function idHex(key: LogKey): string {
  return toHex(Uint8Array.of(key.keyId >>> 24, (key.keyId >>> 16) & 255, (key.keyId >>> 8) & 255, key.keyId & 255));
}
