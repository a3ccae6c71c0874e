import { parseUuid, sameBytes } from '../bytes.ts';
import { type AuditLeaf, decodeLeaf, leafDigestMatches } from '../event/leaf.ts';
import { leafEvent, leafViewBytes } from '../event/view.ts';
import { hashLeaf } from '../merkle/hashing.ts';
import { decompose, SubtreeRun } from '../merkle/subtrees.ts';
import { tileWidth } from '../merkle/tiles.ts';
import type { Findings } from './findings.ts';
import { type ExportHeader, type GapLine, type LeafLine, leafLinePrefix, parseGap, parseLeafLine } from './format.ts';
import { TenantChains, type TileMatch } from './tenant-chains.ts';
import type { Trust } from './trust.ts';

const holesMax = 4096;
const tilesAhead = 16;

/** Takes the lines after the header one by one and records what is wrong. Works in one pass and in constant memory. */
export class ExportChecker {
  events = 0;
  private readonly header: ExportHeader;
  private readonly trust: Trust;
  private readonly findings: Findings;
  private readonly chains: TenantChains;
  private readonly tenant: Uint8Array | null;
  private readonly tilesEnd: number;
  private next: number;
  private readonly holes: { readonly start: number; readonly end: number }[] = [];
  private tileIndex = -1;
  private tile: Uint8Array | null = null;
  /** The tree as the export makes it; null when the tiles reach further than the export and prove each leaf alone. */
  private tree: SubtreeRun | null = null;
  private rootAtOutside: Uint8Array | null = null;

  constructor(header: ExportHeader, trust: Trust, findings: Findings) {
    this.header = header;
    this.trust = trust;
    this.findings = findings;
    this.next = header.start;
    this.tenant = header.tenant === null ? null : parseUuid(header.tenant);
    this.tilesEnd = trust.tiles === null ? 0 : Number(trust.tiles.size);
    this.chains = new TenantChains({ start: header.start, isOneTenant: header.scope === 'tenant', findings });
    if (this.tilesEnd < header.treeSize) this.tree = runOf(header.left, 0, header.start);
    this.noteOutsideRoot();
  }

  /** Checks a line of byte text. Gives a promise only when tiles must be read first: one leaf in 256, and gaps. */
  line(line: string): Promise<void> | null {
    if (line.startsWith(leafLinePrefix)) {
      const leaf = parseLeafLine(line);
      if (leaf !== null) return this.leaf(leaf);
    }
    const gap = parseGap(line);
    if (gap !== null) return this.gap(gap);
    this.findings.add('EXPORT_MALFORMED', this.next);
    return null;
  }

  /** Says what only the end of the export shows. */
  async finish(input: { readonly allowRange: boolean; readonly headGraceSeconds: number | null }): Promise<void> {
    const { header, trust, findings } = this;
    if (this.next < header.end) findings.add('TAIL_MISSING', this.next);
    if (!input.allowRange) {
      if (header.start > 0) findings.add('LEAF_MISSING', 0);
      if (header.end < header.treeSize) findings.add('TAIL_MISSING', header.end);
      else if (trust.outside !== null && trust.outside.size > BigInt(header.treeSize)) {
        findings.add('TAIL_MISSING', header.treeSize); // an older tree than the one known outside (AUD-7)
      }
    }
    if (trust.embedded !== null && trust.embedded.size !== BigInt(header.treeSize)) {
      findings.addUnplaced('EXPORT_MALFORMED');
    }
    await this.chains.findHidden(trust.tiles).catch(() => findings.addUnplaced('TILES_INVALID'));
    const signedAt = trust.embedded?.timestamp ?? null;
    if (signedAt !== null && input.headGraceSeconds !== null && header.end === header.treeSize) {
      this.chains.checkTail({ end: header.end, signedAt, graceSeconds: input.headGraceSeconds });
    }
    if (this.tree !== null) this.checkTree(this.tree);
    await this.checkAnchors().catch(() => findings.addUnplaced('TILES_INVALID'));
  }

  private leaf(line: LeafLine): Promise<void> | null {
    this.events += 1;
    const { index } = line;
    if (!this.takePlace(index, index + 1)) return null;
    const tileIndex = Math.floor(index / tileWidth);
    if (index >= this.tilesEnd || tileIndex === this.tileIndex) {
      this.checkLeaf(line);
      return null;
    }
    return this.loadTile(tileIndex).then(() => this.checkLeaf(line));
  }

  private async loadTile(index: number): Promise<void> {
    this.tileIndex = index;
    // The next tiles are read while this one is worked on.
    for (let ahead = 1; ahead <= tilesAhead && (index + ahead) * tileWidth < this.tilesEnd; ahead += 1) {
      this.trust.tiles?.tile(0, index + ahead).catch(() => undefined); // told when its turn comes
    }
    try {
      this.tile = (await this.trust.tiles?.tile(0, index)) ?? null;
    } catch {
      this.tile = null;
      this.findings.addUnplaced('TILES_INVALID');
    }
  }

  private checkLeaf({ index, leaf: bytes, view }: LeafLine): void {
    const { findings } = this;
    const hash = hashLeaf(bytes);
    const match = this.compare(index, hash);
    if (match === 'different') findings.add('LEAF_MISMATCH', index);
    this.grow(index, hash, 0);
    const leaf = readLeaf(bytes);
    const event = leaf === null ? null : leafEvent(leaf);
    if (leaf === null || event === null) {
      findings.add('LEAF_MALFORMED', index);
      return;
    }
    if (!leafDigestMatches(leaf)) findings.add('DIGEST_MISMATCH', index);
    if (view !== leafViewBytes(leaf, event)) findings.add('VIEW_MISMATCH', index);
    if (this.tenant !== null && !sameBytes(leaf.tenant, this.tenant)) findings.add('LEAF_UNEXPECTED', index);
    else this.chains.add({ index, hash, match, leaf, event });
  }

  private compare(index: number, hash: Uint8Array): TileMatch {
    if (index >= this.tilesEnd || this.tile === null) return 'unknown';
    const at = (index % tileWidth) * 32;
    return sameBytes(this.tile.subarray(at, at + 32), hash) ? 'same' : 'different';
  }

  private async gap(gap: GapLine): Promise<void> {
    if (!this.takePlace(gap.start, gap.end)) return;
    if (this.header.scope === 'all') this.findings.add('LEAF_MISSING', gap.start); // every leaf must show itself
    for (const [at, part] of decompose(gap.start, gap.end).entries()) {
      const hash = gap.hashes[at];
      if (hash === undefined) return;
      const start = part.index * 2 ** part.level;
      const end = start + 2 ** part.level;
      this.grow(start, hash, part.level);
      if (this.trust.tiles === null || end > this.tilesEnd) continue;
      try {
        const logged = await this.trust.tiles.subtree(part.level, part.index);
        if (!sameBytes(logged, hash)) this.findings.add('LEAF_MISMATCH', start, end);
      } catch {
        this.findings.addUnplaced('TILES_INVALID');
      }
    }
  }

  /** Moves on to `end`. False when these leaves have no place here: before, twice, or beyond the range. */
  private takePlace(start: number, end: number): boolean {
    const { findings, header } = this;
    if (start < this.next) {
      const wasSkipped = this.holes.some((hole) => hole.start === start);
      findings.add(wasSkipped ? 'ORDER' : 'LEAF_UNEXPECTED', start);
      return false;
    }
    if (end > header.end) {
      findings.add('LEAF_UNEXPECTED', Math.max(start, header.end));
      return false;
    }
    if (start > this.next) {
      findings.add('LEAF_MISSING', this.next);
      if (this.holes.length < holesMax) this.holes.push({ start: this.next, end: start });
    }
    this.next = end;
    return true;
  }

  private grow(start: number, hash: Uint8Array, level: number): void {
    if (this.tree?.end !== start) return; // after a hole the tree stays as it is, and the hole is the finding
    this.tree.append(hash, level);
    this.noteOutsideRoot();
  }

  private noteOutsideRoot(): void {
    const { outside } = this.trust;
    if (outside !== null && this.tree !== null && BigInt(this.tree.end) === outside.size) {
      this.rootAtOutside = this.tree.root();
    }
  }

  /** The export alone must make the signed roots; where it does not, the range between a good and a bad root is named. */
  private checkTree(tree: SubtreeRun): void {
    const { header, trust, findings } = this;
    if (tree.end !== header.end) return;
    for (const [at, part] of decompose(header.end, header.treeSize).entries()) {
      const hash = header.right[at];
      if (hash === undefined) return;
      this.grow(part.index * 2 ** part.level, hash, part.level);
    }
    const isRoot = trust.embedded === null || sameBytes(tree.root(), trust.embedded.root);
    let proved = 0;
    if (trust.outside !== null && trust.outside.size <= BigInt(header.treeSize) && this.rootAtOutside !== null) {
      const outsideEnd = Number(trust.outside.size);
      if (sameBytes(this.rootAtOutside, trust.outside.root)) proved = outsideEnd;
      else findings.add(isRoot && trust.embedded !== null ? 'CHECKPOINT_FORK' : 'ROOT_MISMATCH', 0, outsideEnd);
    }
    if (!isRoot) findings.add('ROOT_MISMATCH', Math.max(0, Math.min(proved, header.treeSize - 1)), header.treeSize);
  }

  /** Both checkpoints must be heads of one growing log. */
  private async checkAnchors(): Promise<void> {
    const { header, trust, findings, tilesEnd } = this;
    const { tiles, outside } = trust;
    if (tiles !== null) {
      for (const head of [trust.embedded, outside]) {
        if (head === null || head.size > tiles.size) continue;
        const root = await tiles.range(0n, head.size);
        if (!sameBytes(root, head.root)) findings.addUnplaced('CHECKPOINT_FORK');
      }
      if (tilesEnd >= header.treeSize) {
        const left = await tiles.subtrees(0, header.start);
        const right = await tiles.subtrees(header.end, header.treeSize);
        const isSame = areSame(left, header.left) && areSame(right, header.right);
        if (!isSame) findings.addUnplaced('EXPORT_MALFORMED');
        return;
      }
    }
    const isRelated = outside === null || this.rootAtOutside !== null || (tiles !== null && outside.size <= tiles.size);
    if (!isRelated) findings.addUnplaced('CONSISTENCY_UNPROVED');
  }
}

function readLeaf(bytes: Uint8Array): AuditLeaf | null {
  try {
    return decodeLeaf(bytes);
  } catch {
    return null;
  }
}

function runOf(hashes: readonly Uint8Array[], start: number, end: number): SubtreeRun {
  const run = new SubtreeRun(start);
  for (const [at, part] of decompose(start, end).entries()) {
    const hash = hashes[at];
    if (hash !== undefined) run.append(hash, part.level);
  }
  return run;
}

function areSame(left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean {
  return left.length === right.length && left.every((hash, at) => sameBytes(hash, right[at] ?? new Uint8Array(0)));
}
