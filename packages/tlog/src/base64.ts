import { TlogError } from './errors.ts';

// RFC 4648 section 4, strict both ways: one text per byte string, or a flipped bit in an export could vanish. Decoders
// at hand are lenient, so what they read is written again and compared. Node's Buffer does both, and the check, in a
// third of the time of Uint8Array.fromBase64; a browser has no Buffer and takes the other path.
const nodeBuffer = typeof Buffer === 'undefined' ? undefined : Buffer;

/** Decodes standard base64 with padding. Throws TLOG_BASE64_INVALID on anything that is not the canonical text. */
export function decodeBase64(text: string): Uint8Array {
  if (nodeBuffer !== undefined) {
    const bytes = nodeBuffer.from(text, 'base64');
    if (bytes.toString('base64') !== text) throw invalid();
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  return decodeBase64Portable(text);
}

/** Encodes standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  if (nodeBuffer === undefined) return encodeBase64Portable(bytes);
  return nodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

/** {@link decodeBase64} without Node. */
export function decodeBase64Portable(text: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw invalid();
  }
  if (btoa(binary) !== text) throw invalid();
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** {@link encodeBase64} without Node. */
export function encodeBase64Portable(bytes: Uint8Array): string {
  let binary = '';
  // Argument lists have a limit: 8 KiB at a time is far below it.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

function invalid(): TlogError {
  return new TlogError('TLOG_BASE64_INVALID', 'not canonical base64');
}
