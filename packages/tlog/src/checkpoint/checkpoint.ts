import { verifySignature } from '@quantumvault/crypto';
import { decodeBase64, encodeBase64 } from '../base64.ts';
import { concat, utf8 } from '../bytes.ts';
import { need, TlogError } from '../errors.ts';
import { type LogKey, logKey, noteKeyTypes } from './log-keys.ts';
import { formatNote, isKeyName, type NoteSignature, noteBytes, parseNote } from './note.ts';

// Checkpoints as in c2sp.org/tlog-checkpoint, without extension lines, with two signatures of the log that must both
// verify: Ed25519 over the note (0x01), which every existing tool reads, and ML-DSA-44 (0x06, c2sp.org/tlog-cosignature),
// which a quantum computer does not forge.

const sizeLine = /^(?:0|[1-9][0-9]{0,18})$/;
const cosignatureLabel = utf8.encode('subtree/v1\n\0');
const timestampMax = (1n << 63n) - 1n;

/** Head of the log at one size. */
export interface TreeHead {
  /** `quantumvault/<installation id>`; also the name of both keys. */
  readonly origin: string;
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** A checkpoint as its text says it. Nothing is verified: see {@link verifyCheckpoint}. */
export interface ParsedCheckpoint extends TreeHead {
  readonly text: string;
  readonly body: string;
  readonly signatures: readonly NoteSignature[];
}

/** A checkpoint that both keys signed. */
export interface TrustedCheckpoint extends TreeHead {
  readonly text: string;
  /** Seconds since 1970 at which the log signed, as the ML-DSA-44 signature covers it. */
  readonly timestamp: bigint;
}

/** A key that signs, wherever it lives. `publicKey` is raw: 32 bytes for Ed25519, 1312 for ML-DSA-44. */
export interface NoteSigner {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

export interface CheckpointSigners {
  readonly ed25519: NoteSigner;
  /** Signs pure ML-DSA-44 with an empty context. */
  readonly mlDsa44: NoteSigner;
}

/** The two public keys of a log, in the order of `log.vkey`. */
export function logKeysOf(origin: string, signers: CheckpointSigners): readonly [LogKey, LogKey] {
  return [
    logKey(origin, noteKeyTypes.ed25519, signers.ed25519.publicKey),
    logKey(origin, noteKeyTypes.mlDsa44, signers.mlDsa44.publicKey),
  ];
}

/**
 * Signs a checkpoint with both keys; `timestamp` is the signing time in seconds since 1970. The caller answers for
 * never signing two heads that contradict each other. Throws TLOG_CHECKPOINT_INVALID.
 */
export async function signCheckpoint(head: TreeHead, timestamp: bigint, signers: CheckpointSigners): Promise<string> {
  need(timestamp > 0n && timestamp <= timestampMax, 'TLOG_CHECKPOINT_INVALID', 'a checkpoint needs its signing time');
  const text = formatBody(head);
  const [edKey, mlKey] = logKeysOf(head.origin, signers);
  const [edSignature, mlSignature] = await Promise.all([
    signers.ed25519.sign(noteBytes(text)),
    signers.mlDsa44.sign(cosignedMessage(head, mlKey.name, timestamp)),
  ]);
  const note = formatNote({
    text,
    signatures: [
      { name: edKey.name, keyId: edKey.keyId, signature: edSignature },
      { name: mlKey.name, keyId: mlKey.keyId, signature: concat(uint64(timestamp), mlSignature) },
    ],
  });
  // A signer elsewhere may be broken or exchanged: what it gave is checked before anyone relies on it.
  verifyCheckpoint(note, [edKey, mlKey]);
  return note;
}

/** Takes a checkpoint apart without believing it. Throws TLOG_CHECKPOINT_INVALID. */
export function parseCheckpoint(text: string): ParsedCheckpoint {
  const note = parseNote(text);
  const [origin, size, root, ...rest] = note.text.slice(0, -1).split('\n');
  const isThreeLines = origin !== undefined && size !== undefined && root !== undefined && rest.length === 0;
  need(isThreeLines, 'TLOG_CHECKPOINT_INVALID', 'a checkpoint of this log has exactly three lines');
  need(sizeLine.test(size), 'TLOG_CHECKPOINT_INVALID', 'the tree size is not a decimal number');
  const head = { origin, size: BigInt(size), root: decodeRoot(root) };
  need(formatBody(head) === note.text, 'TLOG_CHECKPOINT_INVALID', 'not the only form of this checkpoint');
  return { ...head, text, body: note.text, signatures: note.signatures };
}

/**
 * Verifies a checkpoint: one of `keys` of each type, named like the origin, must have signed it, and no line of a known
 * key may be wrong. Lines of unknown keys (witnesses) are passed over. Throws TLOG_CHECKPOINT_INVALID.
 */
export function verifyCheckpoint(text: string, keys: readonly LogKey[]): TrustedCheckpoint {
  const checkpoint = parseCheckpoint(text);
  let isEd25519Signed = false;
  let timestamp: bigint | undefined;
  for (const line of checkpoint.signatures) {
    const key = keys.find((known) => known.name === line.name && known.keyId === line.keyId);
    if (key === undefined || key.name !== checkpoint.origin) continue;
    if (key.type === noteKeyTypes.ed25519) {
      const message = noteBytes(checkpoint.body);
      isEd25519Signed = verifyLine('Ed25519', key, message, line.signature);
    } else {
      need(line.signature.length === 8 + 2420, 'TLOG_CHECKPOINT_INVALID', 'a cosignature of another length');
      timestamp = new DataView(line.signature.buffer, line.signature.byteOffset).getBigUint64(0);
      need(timestamp > 0n && timestamp <= timestampMax, 'TLOG_CHECKPOINT_INVALID', 'no signing time');
      verifyLine('ML-DSA-44', key, cosignedMessage(checkpoint, key.name, timestamp), line.signature.subarray(8));
    }
  }
  const isSigned = isEd25519Signed && timestamp !== undefined;
  need(isSigned, 'TLOG_CHECKPOINT_INVALID', 'not signed by both trusted keys of the log');
  const { origin, size, root } = checkpoint;
  return { origin, size, root, text, timestamp: timestamp ?? 0n };
}

function verifyLine(algorithm: 'Ed25519' | 'ML-DSA-44', key: LogKey, message: Uint8Array, signature: Uint8Array): true {
  const isValid = verifySignature({ algorithm, publicKey: key.publicKey, message, signature });
  need(isValid, 'TLOG_CHECKPOINT_INVALID', `the ${algorithm} signature is wrong`);
  return true;
}

function formatBody({ origin, size, root }: TreeHead): string {
  need(isKeyName(origin) && utf8.encode(origin).length <= 255, 'TLOG_CHECKPOINT_INVALID', 'no such origin');
  need(size >= 0n && size < 1n << 63n, 'TLOG_CHECKPOINT_INVALID', 'no such tree size');
  need(root.length === 32, 'TLOG_CHECKPOINT_INVALID', 'a root has 32 bytes');
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

function decodeRoot(text: string): Uint8Array {
  try {
    return decodeBase64(text);
  } catch (cause) {
    throw new TlogError('TLOG_CHECKPOINT_INVALID', 'the root is not base64', { cause });
  }
}

/** `cosigned_message` of c2sp.org/tlog-cosignature for the whole tree (start 0). */
function cosignedMessage({ origin, size, root }: TreeHead, cosigner: string, timestamp: bigint): Uint8Array {
  const [name, log] = [utf8.encode(cosigner), utf8.encode(origin)];
  return concat(
    cosignatureLabel,
    Uint8Array.of(name.length),
    name,
    uint64(timestamp),
    Uint8Array.of(log.length),
    log,
    uint64(0n),
    uint64(size),
    root,
  );
}

function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
