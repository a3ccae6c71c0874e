import { chainNext, chainStart, leafHash, sameBytes } from '@quantumvault/tlog';
import { eventOfRow, type LeafRow, leafOfRow } from './leaf-of-row.ts';

/** The first thing that is wrong in a tenant's chain. */
export interface ChainFault {
  readonly logIndex: bigint;
  readonly tenantSequence: bigint | null;
  readonly message: string;
}

/** Walks a tenant's leaves in sequence order and holds each against the one before and against its published hash (AUD-5). */
export class ChainCheck {
  #sequence = 0n;
  #logIndex = -1n;
  #leafHash: Uint8Array | null = null;
  #chainValue: Uint8Array;

  constructor(tenantId: string) {
    this.#chainValue = chainStart(tenantId);
  }

  /** Leaves that were found in order. */
  get sequence(): bigint {
    return this.#sequence;
  }

  get lastLogIndex(): bigint {
    return this.#logIndex;
  }

  /** Takes the next row; `published` is the hash that the outside tiles hold at its index, null when none is there yet. */
  add(row: LeafRow, published: Uint8Array | null): ChainFault | null {
    const fault = (message: string): ChainFault => ({
      logIndex: row.logIndex,
      tenantSequence: row.tenantSequence,
      message,
    });
    const expected = this.#sequence + 1n;
    if (row.tenantSequence !== expected)
      return {
        logIndex: this.#logIndex + 1n,
        tenantSequence: expected,
        message: `The leaf with sequence ${expected} is missing.`,
      };
    if (row.logIndex <= this.#logIndex) return fault('The leaves are not in the order of the log.');
    const leaf = leafOfRow(row);
    if (leaf === null || row.event === null) return fault('The event of this leaf is gone.');
    if (eventOfRow(row.event) === null) return fault('The event of this leaf was changed.');
    const hash = leafHash(leaf);
    if (!sameBytes(hash, row.leafHash)) return fault('The leaf does not have the hash that was recorded for it.');
    if (published !== null && !sameBytes(hash, published)) return fault('The leaf is not the one that was published.');
    if (this.#leafHash !== null && !sameBytes(row.previousLeaf, this.#leafHash))
      return fault('The leaf does not follow the one before it.');
    const chainValue = chainNext(this.#chainValue, row.event.bytes);
    if (!sameBytes(chainValue, row.chainValue)) return fault('The hash chain is broken here.');
    this.#sequence = expected;
    this.#logIndex = row.logIndex;
    this.#leafHash = hash;
    this.#chainValue = chainValue;
    return null;
  }
}
