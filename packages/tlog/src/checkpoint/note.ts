import { decodeBase64, encodeBase64 } from '../base64.ts';
import { utf8 } from '../bytes.ts';
import { need } from '../errors.ts';

// Signed notes as in c2sp.org/signed-note.

/** Largest note that is read: a checkpoint with both log signatures and 16 post-quantum witnesses fits twice. */
export const noteCharactersMax = 131_072;
const signaturesMax = 64;
const keyName = /^[^\s+]+$/u;
const signatureLine = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;

export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** The signed text with its final newline, without the empty line after it. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 && unit !== 0x0a) return true;
  }
  return false;
}

/** Tells whether a key may have this name: not empty, no Unicode space, no plus. */
export function isKeyName(name: string): boolean {
  return keyName.test(name) && name.isWellFormed() && !hasControlCharacter(name);
}

/** Takes a note apart. Nothing of it is verified yet. Throws TLOG_CHECKPOINT_INVALID. */
export function parseNote(note: string): SignedNote {
  const fits = (condition: boolean, rule: string) => need(condition, 'TLOG_CHECKPOINT_INVALID', rule);
  fits(note.length <= noteCharactersMax, 'the note is too long');
  fits(note.isWellFormed() && !hasControlCharacter(note), 'the note holds control characters');
  const split = note.lastIndexOf('\n\n');
  fits(split > 0 && note.endsWith('\n'), 'the note has no signatures');
  const lines = note.slice(split + 2, -1).split('\n');
  fits(lines.length <= signaturesMax, 'the note has too many signatures');
  const signatures = lines.map((line) => {
    const [, name, base64] = signatureLine.exec(line) ?? [];
    need(name !== undefined && base64 !== undefined, 'TLOG_CHECKPOINT_INVALID', 'not a signature line');
    const bytes = decodeBase64(base64);
    fits(bytes.length > 4, 'a signature is too short');
    return { name, keyId: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), signature: bytes.subarray(4) };
  });
  return { text: note.slice(0, split + 1), signatures };
}

/** Writes a note: the text, an empty line and a line per signature. */
export function formatNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(({ name, keyId, signature }) => {
    const bytes = new Uint8Array(4 + signature.length);
    new DataView(bytes.buffer).setUint32(0, keyId);
    bytes.set(signature, 4);
    return `— ${name} ${encodeBase64(bytes)}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** The bytes that an Ed25519 note signature covers. */
export function noteBytes(text: string): Uint8Array {
  return utf8.encode(text);
}
