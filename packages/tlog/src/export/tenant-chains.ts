import { formatUuid, sameBytes } from '../bytes.ts';
import { type AuditLeaf, tenantGenesis } from '../event/leaf.ts';
import type { TrustedTiles } from '../merkle/trusted-tiles.ts';
import type { Findings } from './findings.ts';

/** How a leaf compares with the outside tiles; unknown where there are none. */
export type TileMatch = 'same' | 'different' | 'unknown';

/** A leaf with what the verifier already knows of it. */
export interface CheckedLeaf {
  readonly index: number;
  readonly hash: Uint8Array;
  readonly match: TileMatch;
  /** Its byte fields are not kept: the bytes may change after the call. */
  readonly leaf: AuditLeaf;
  /** Microseconds. */
  readonly time: bigint | number;
  /** Whether it is a tenant.head, and whether that names the leaf before it. */
  readonly head: 'none' | 'holds' | 'broken';
}

interface ChainEnd {
  readonly index: number;
  readonly sequence: number;
  readonly hash: Uint8Array;
  readonly match: TileMatch;
  /** Microseconds. */
  readonly time: bigint | number;
}

/** Own leaves that the sequence shows to have been between two others, and the hash of the last of them. */
interface Hidden {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly lastHash: Uint8Array;
}

/** Follows each tenant's own chain through an export: sequence, previous leaf, tenant.head claims (LEAF-11 to LEAF-16). */
export class TenantChains {
  private readonly ends = new Map<string, ChainEnd>();
  private readonly start: number;
  private readonly isOneTenant: boolean;
  private readonly findings: Findings;
  private hidden: Hidden | null = null;
  private tenantBytes: Uint8Array = new Uint8Array(0);
  private tenantText = '';

  constructor(input: { readonly start: number; readonly isOneTenant: boolean; readonly findings: Findings }) {
    this.start = input.start;
    this.isOneTenant = input.isOneTenant;
    this.findings = input.findings;
  }

  add({ index, hash, match, leaf, time, head }: CheckedLeaf): void {
    // Neighbouring leaves are often of one tenant, whose text is then at hand.
    if (!sameBytes(leaf.tenant, this.tenantBytes)) {
      this.tenantBytes = leaf.tenant.slice();
      this.tenantText = formatUuid(leaf.tenant);
    }
    const tenant = this.tenantText;
    const before = this.ends.get(tenant);
    const sequence = leaf.tenantSequence;
    if (before !== undefined) {
      const follows = sequence === before.sequence + 1 && sameBytes(leaf.previousTenantLeaf, before.hash);
      if (!follows) this.reportBreak({ index, match, leaf, before });
    } else if (this.start === 0) {
      const isFirst = sequence === 1 && sameBytes(leaf.previousTenantLeaf, tenantGenesis(leaf.tenant));
      if (!isFirst) this.reportBreak({ index, match, leaf, before: undefined });
    }
    if (head === 'broken') this.findings.add('TENANT_CHAIN_BROKEN', index);
    this.ends.set(tenant, { index, sequence, hash, match, time });
  }

  /** Looks in the tiles for the first hidden own leaf: the leaf after it holds its hash. */
  async findHidden(tiles: TrustedTiles | null): Promise<void> {
    if (this.hidden === null || tiles === null) return;
    const { from, to, count, lastHash } = this.hidden;
    for (let index = from; index < to; index += 1) {
      const tile = await tiles.tile(0, Math.floor(index / 256));
      const at = (index % 256) * 32;
      if (!sameBytes(tile.subarray(at, at + 32), lastHash)) continue;
      this.findings.add('LEAF_MISSING', count === 1 ? index : from, index + 1);
      return;
    }
    this.findings.add('LEAF_MISSING', from, to);
  }

  /**
   * In an export of one tenant that reaches the checkpoint: its newest leaf is younger than the grace time, because every
   * export is itself recorded, and the leaf that records it is there. Else leaves of its own were passed off as others',
   * or are gone (LEAF-16). A tenant.head proves what is before it and nothing of what came after.
   */
  checkTail(input: {
    readonly end: number;
    readonly record: number | null | undefined;
    readonly signedAt: bigint;
    readonly graceSeconds: number;
  }): void {
    if (!this.isOneTenant || input.end === this.start) return;
    const last = [...this.ends.values()].at(-1);
    const isFresh =
      last !== undefined && BigInt(last.time) + BigInt(input.graceSeconds) * 1_000_000n >= input.signedAt * 1_000_000n;
    const isRecorded =
      input.record === undefined || (input.record !== null && last !== undefined && input.record <= last.index);
    if (isFresh && isRecorded) return;
    const from = last === undefined ? this.start : last.index + 1;
    this.findings.add('TAIL_MISSING', from, Math.max(input.end, from + 1));
  }

  private reportBreak(input: {
    readonly index: number;
    readonly match: TileMatch;
    readonly leaf: AuditLeaf;
    readonly before: ChainEnd | undefined;
  }): void {
    const { index, match, leaf, before } = input;
    const matchBefore = before?.match ?? match;
    if (match === 'different' || matchBefore === 'different') return; // the tiles have already named the bad leaf
    if (match === 'unknown' || matchBefore === 'unknown') {
      // One of the two is bad, and nothing here says which.
      this.findings.add('TENANT_CHAIN_BROKEN', before?.index ?? this.start, index + 1);
      return;
    }
    const missing = leaf.tenantSequence - (before?.sequence ?? 0) - 1;
    if (!this.isOneTenant || missing < 1) this.findings.add('TENANT_CHAIN_BROKEN', index);
    else {
      const from = before === undefined ? this.start : before.index + 1;
      this.hidden ??= { from, to: index, count: missing, lastHash: leaf.previousTenantLeaf.slice() };
    }
  }
}
