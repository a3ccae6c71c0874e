import { decodeBase64, encodeBase64 } from '../base64.ts';
import { formatUuid } from '../bytes.ts';
import { need, TlogError } from '../errors.ts';
import { type AuditEvent, decodeEvent } from '../event/event.ts';
import { decodeLeaf, leafBytesMax, leafDigestMatches, leafHash } from '../event/leaf.ts';
import { verifyInclusion } from '../merkle/proofs.ts';
import { type TrustedCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import type { LogKey } from './log-keys.ts';
import { noteCharactersMax } from './note.ts';

// One event that an outsider can check alone: a file as in c2sp.org/tlog-proof, whose `extra` line is the leaf.

const firstLine = 'c2sp.org/tlog-proof@v1';
const indexLine = /^index (0|[1-9][0-9]{0,18})$/;
const hashLine = /^[A-Za-z0-9+/]{43}=$/;
const proofHashesMax = 63;

export interface ProofFile {
  readonly index: bigint;
  readonly leaf: Uint8Array;
  /** Inclusion proof, leaf's sibling first. */
  readonly proof: readonly Uint8Array[];
  /** Text of the signed checkpoint. */
  readonly checkpoint: string;
}

/** Writes a `.tlog-proof` file. */
export function formatProofFile({ index, leaf, proof, checkpoint }: ProofFile): string {
  const hashes = proof.map((hash) => `${encodeBase64(hash)}\n`).join('');
  return `${firstLine}\nextra ${encodeBase64(leaf)}\nindex ${index}\n${hashes}\n${checkpoint}`;
}

/** Takes a `.tlog-proof` file apart without believing it. Throws TLOG_PROOF_INVALID. */
export function parseProofFile(text: string): ProofFile {
  need(text.length <= noteCharactersMax * 2, 'TLOG_PROOF_INVALID', 'the proof file is too long');
  const split = text.indexOf('\n\n');
  need(split > 0, 'TLOG_PROOF_INVALID', 'the proof file has no checkpoint');
  const [first, extra, index, ...hashes] = text.slice(0, split).split('\n');
  need(first === firstLine, 'TLOG_PROOF_INVALID', 'not a tlog-proof file of version 1');
  need(extra?.startsWith('extra ') === true, 'TLOG_PROOF_INVALID', 'the proof file does not hold the leaf');
  const [, position] = indexLine.exec(index ?? '') ?? [];
  need(position !== undefined, 'TLOG_PROOF_INVALID', 'the proof file has no index');
  need(hashes.length <= proofHashesMax, 'TLOG_PROOF_INVALID', 'the proof is too long');
  need(
    hashes.every((hash) => hashLine.test(hash)),
    'TLOG_PROOF_INVALID',
    'a line of the proof is no hash',
  );
  try {
    const leaf = decodeBase64(extra.slice('extra '.length));
    const proof = hashes.map((hash) => decodeBase64(hash));
    return { index: BigInt(position), leaf, proof, checkpoint: text.slice(split + 2) };
  } catch (cause) {
    throw new TlogError('TLOG_PROOF_INVALID', 'the proof file is not base64', { cause });
  }
}

/** What a verified proof file shows. */
export interface ProvedEvent {
  readonly index: bigint;
  readonly tenantSequence: number;
  readonly event: AuditEvent;
  readonly checkpoint: TrustedCheckpoint;
}

/**
 * Verifies a `.tlog-proof` file against trusted keys and gives the event it proves. Throws TLOG_CHECKPOINT_INVALID,
 * TLOG_PROOF_INVALID (the leaf is not in that tree), TLOG_LEAF_INVALID or TLOG_EVENT_INVALID.
 */
export function verifyProofFile(text: string, keys: readonly LogKey[]): ProvedEvent {
  const { index, leaf, proof, checkpoint: note } = parseProofFile(text);
  const checkpoint = verifyCheckpoint(note, keys);
  need(leaf.length <= leafBytesMax, 'TLOG_PROOF_INVALID', 'the leaf is too long');
  const { size, root } = checkpoint;
  const isIncluded = verifyInclusion({ index, size, leafHash: leafHash(leaf), proof, root });
  need(isIncluded, 'TLOG_PROOF_INVALID', 'the leaf is not at this index of the tree');
  const fields = decodeLeaf(leaf);
  const event = decodeEvent(fields.event);
  const isWhole = leafDigestMatches(fields) && event.tenant === formatUuid(fields.tenant);
  need(isWhole, 'TLOG_LEAF_INVALID', 'the leaf does not belong to its event');
  return { index, tenantSequence: fields.tenantSequence, event, checkpoint };
}
