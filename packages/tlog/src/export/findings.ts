/** Why an export is refused. */
export type VerdictReason =
  /** No trusted public key was given: nothing can be believed, whatever the bytes say. */
  | 'NO_TRUST_ANCHOR'
  /** A checkpoint is not signed by both trusted keys. */
  | 'CHECKPOINT_SIGNATURE_INVALID'
  /** Two signed checkpoints, or an export and a signed checkpoint, tell two histories. */
  | 'CHECKPOINT_FORK'
  /** The outside checkpoint ends inside a gap of the export, and there are no tiles to relate the two. */
  | 'CONSISTENCY_UNPROVED'
  /** The outside tiles do not make the trusted root. */
  | 'TILES_INVALID'
  /** Not an export, or a line of it has no meaning. */
  | 'EXPORT_MALFORMED'
  /** The leaf at this index is not the one that was logged. */
  | 'LEAF_MISMATCH'
  /** The bytes at this index are no audit leaf. */
  | 'LEAF_MALFORMED'
  /** A leaf that was logged is not there. */
  | 'LEAF_MISSING'
  /** A leaf that was never logged: twice, beyond the end, or another tenant's. */
  | 'LEAF_UNEXPECTED'
  /** Leaves are not in the order of the log. */
  | 'ORDER'
  /** The end of the log is cut off. */
  | 'TAIL_MISSING'
  /** The leaves do not make the signed root, and without outside tiles no single one can be named. */
  | 'ROOT_MISMATCH'
  /** The SHA3-256 digest in the leaf is not that of its event. */
  | 'DIGEST_MISMATCH'
  /** Sequence, previous leaf or tenant.head claim of a tenant does not follow from its leaf before. */
  | 'TENANT_CHAIN_BROKEN'
  /** The readable view does not say what the leaf says. */
  | 'VIEW_MISMATCH';

/** Something wrong within the log indices `start` to `end` (exclusive); an infinite end: at no known place. */
export interface Finding {
  readonly reason: VerdictReason;
  readonly start: number;
  readonly end: number;
}

/**
 * Keeps the one finding that says most about the *first* bad leaf: the one that ends first, since the first bad leaf
 * lies before that end; of two that end together the narrower; of two alike the first.
 */
export class Findings {
  private worst: Finding | null = null;

  get first(): Finding | null {
    return this.worst;
  }

  add(reason: VerdictReason, start: number, end: number = start + 1): void {
    const { worst } = this;
    const isBetter = worst === null || end < worst.end || (end === worst.end && start > worst.start);
    // A leaf that turns up later at another place was moved and is not missing.
    const isClearer =
      worst?.reason === 'LEAF_MISSING' && reason === 'ORDER' && start === worst.start && end === worst.end;
    if (isBetter || isClearer) this.worst = { reason, start, end };
  }

  /** Something wrong with the export as a whole. */
  addUnplaced(reason: VerdictReason): void {
    this.add(reason, 0, Number.POSITIVE_INFINITY);
  }
}
