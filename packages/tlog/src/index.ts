/*
 * The transparency log of QuantumVault: the committed form of audit events, the Merkle tree over their leaves
 * (RFC 9162), C2SP tiles, checkpoints and proof files, exports, and the offline verifier.
 *
 * The recommended way: `encodeEvent` before the effect, `encodeLeaf` and `appendLeaves` in the sequencer, `signCheckpoint`
 * with both keys, and `verifyExport` on any other machine with a pinned `log.vkey` and a checkpoint kept outside. Never
 * believe tiles that `TrustedTiles` did not open, nor a checkpoint that `verifyCheckpoint` did not pass. The forms of
 * docs/spec/audit-leaf.md do not change; docs/spec/audit-export.md grows only by a new format name.
 */

export { decodeBase64, encodeBase64 } from './base64.ts';
export { formatUuid, parseUuid, platformTenant, sameBytes, toHex } from './bytes.ts';
export {
  type CheckpointSigners,
  logKeysOf,
  type NoteSigner,
  type ParsedCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  type TreeHead,
  type TrustedCheckpoint,
  verifyCheckpoint,
} from './checkpoint/checkpoint.ts';
export {
  formatLogKeys,
  type LogKey,
  logKey,
  type NoteKeyType,
  noteKeyTypes,
  parseLogKeys,
} from './checkpoint/log-keys.ts';
export {
  formatProofFile,
  type ProofFile,
  type ProvedEvent,
  parseProofFile,
  verifyProofFile,
} from './checkpoint/proof-file.ts';
export { TlogError, type TlogErrorCode } from './errors.ts';
export { chainNext, chainStart } from './event/chain.ts';
export {
  type AuditEvent,
  type DetailValue,
  decodeEvent,
  type EventOutcome,
  encodeEvent,
  eventBytesMax,
  eventDigest,
  type SealedField,
} from './event/event.ts';
export {
  type AuditLeaf,
  decodeLeaf,
  encodeLeaf,
  leafBytesMax,
  leafDigestMatches,
  leafHash,
  leafTenant,
} from './event/leaf.ts';
export { headDetails, tenantHeadAction } from './event/tenant-head.ts';
export { leafEvent, leafView } from './event/view.ts';
export type { VerdictReason } from './export/findings.ts';
export type { ExportSource } from './export/lines.ts';
export {
  type ExportVerdict,
  headGraceSecondsDefault,
  type VerifyOptions,
  verifyExport,
} from './export/verify-export.ts';
export { type ExportRequest, type ExportRow, writeExport } from './export/write-export.ts';
export {
  type InclusionStep,
  inclusionPath,
  proveConsistency,
  proveInclusion,
  type RangeHashes,
  verifyConsistency,
  verifyInclusion,
} from './merkle/proofs.ts';
export {
  appendLeaves,
  emptyTree,
  loadTree,
  type Tile,
  type TileId,
  type TileReader,
  type TreeEdge,
  tilePath,
  tileWidth,
  treeRoot,
} from './merkle/tiles.ts';
export { TrustedTiles } from './merkle/trusted-tiles.ts';
