import { sha256 } from '@quantumvault/crypto';
import { byteText, parseUuid, sameBytes } from '../bytes.ts';
import { type AuditLeaf, decodeLeaf, leafDigestMatches } from '../event/leaf.ts';
import { headClaimHolds, tenantHeadAction } from '../event/tenant-head.ts';
import { leafEvent, leafViewBytes } from '../event/view.ts';
import { hashLeaf } from '../merkle/hashing.ts';
import { completeRoot, decompose, type Subtree, SubtreeRun } from '../merkle/subtrees.ts';
import { tileWidth } from '../merkle/tiles.ts';
import type { Findings } from './findings.ts';
import { type ExportHeader, type GapLine, type LeafLine, leafLinePrefix, parseGap, parseLeafLine } from './format.ts';
import type { PlainLine } from './plain-line.ts';
import { type CheckedLeaf, TenantChains, type TileMatch } from './tenant-chains.ts';
import type { Trust } from './trust.ts';

const holesMax = 4096;
const tilesAhead = 16;
const newline = 0x0a;

/** Takes the lines after the header one by one and records what is wrong. Works in one pass and in constant memory. */
export class ExportChecker {
  events = 0;
  private readonly header: ExportHeader;
  private readonly trust: Trust;
  private readonly findings: Findings;
  private readonly chains: TenantChains;
  private readonly tenant: Uint8Array | null;
  private readonly tilesEnd: number;
  private readonly outsideEnd: number | null;
  private readonly plain: PlainLine | null;
  private next: number;
  private readonly holes: { readonly start: number; readonly end: number }[] = [];
  private tileIndex = -1;
  private tile: Uint8Array | null = null;
  /** The tree as the export makes it; null when the tiles reach further than the export and prove each leaf alone. */
  private tree: SubtreeRun | null = null;
  private rootAtOutside: Uint8Array | null = null;

  /** Without `plain` every line is read the long way, with the same findings. */
  constructor(input: {
    readonly header: ExportHeader;
    readonly trust: Trust;
    readonly findings: Findings;
    readonly plain: PlainLine | null;
  }) {
    const { header, trust, findings } = input;
    this.header = header;
    this.trust = trust;
    this.findings = findings;
    this.plain = input.plain;
    this.next = header.start;
    this.outsideEnd = trust.outside === null ? null : Number(trust.outside.size);
    this.tenant = header.tenant === null ? null : parseUuid(header.tenant);
    this.tilesEnd = trust.tiles === null ? 0 : Number(trust.tiles.size);
    this.chains = new TenantChains({ start: header.start, isOneTenant: header.scope === 'tenant', findings });
    if (this.tilesEnd < header.treeSize) this.tree = runOf(header.left, 0, header.start);
    this.noteOutsideRoot();
  }

  /** Checks whole lines. Waits only when tiles must be read first: a wait per line would cost more than the hashes. */
  async lines(bytes: Uint8Array): Promise<void> {
    const { plain } = this;
    let at = 0;
    while (at < bytes.length) {
      let waiting: Promise<void> | null;
      if (plain?.read(bytes, at) === true) {
        at = plain.end;
        waiting = this.leaf(plain.index, () => this.checkPlain(plain));
      } else {
        const newlineAt = bytes.indexOf(newline, at);
        const end = newlineAt < 0 ? bytes.length : newlineAt;
        waiting = this.line(byteText(bytes.subarray(at, end)));
        at = end + 1;
      }
      if (waiting !== null) await waiting;
    }
  }

  private line(line: string): Promise<void> | null {
    if (line.startsWith(leafLinePrefix)) {
      const leaf = parseLeafLine(line);
      if (leaf !== null) return this.leaf(leaf.index, () => this.checkLeaf(leaf));
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
      this.chains.checkTail({ end: header.end, record: header.record, signedAt, graceSeconds: input.headGraceSeconds });
    }
    if (this.tree !== null) this.checkTree(this.tree);
    await this.checkAnchors().catch(() => findings.addUnplaced('TILES_INVALID'));
  }

  private leaf(index: number, check: () => void): Promise<void> | null {
    this.events += 1;
    if (!this.takePlace(index, index + 1)) return null;
    const tileIndex = Math.floor(index / tileWidth);
    if (index < this.tilesEnd && tileIndex !== this.tileIndex) return this.loadTile(tileIndex).then(check);
    check();
    return null;
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

  /** A leaf of which form, event and view are known to be right. */
  private checkPlain({ index, hashed, leaf, time }: PlainLine): void {
    if (leaf === null) return;
    const hash = sha256(hashed);
    const match = this.place(index, hash);
    if (!leafDigestMatches(leaf)) this.findings.add('DIGEST_MISMATCH', index);
    this.follow({ index, hash, match, leaf, time, head: 'none' });
  }

  private checkLeaf({ index, leaf: bytes, view }: LeafLine): void {
    const { findings } = this;
    const hash = hashLeaf(bytes);
    const match = this.place(index, hash);
    const leaf = readLeaf(bytes);
    const event = leaf === null ? null : leafEvent(leaf);
    if (leaf === null || event === null) {
      findings.add('LEAF_MALFORMED', index);
      return;
    }
    if (!leafDigestMatches(leaf)) findings.add('DIGEST_MISMATCH', index);
    if (view !== leafViewBytes(leaf, event)) findings.add('VIEW_MISMATCH', index);
    const isHead = event.action === tenantHeadAction;
    const head = isHead ? (headClaimHolds(leaf, event) ? 'holds' : 'broken') : 'none';
    this.follow({ index, hash, match, leaf, time: event.time, head });
  }

  private place(index: number, hash: Uint8Array): TileMatch {
    const match = this.compare(index, hash);
    if (match === 'different') this.findings.add('LEAF_MISMATCH', index);
    this.grow(index, hash, 0);
    return match;
  }

  private follow(leaf: CheckedLeaf): void {
    const isOther = this.tenant !== null && !sameBytes(leaf.leaf.tenant, this.tenant);
    if (isOther) this.findings.add('LEAF_UNEXPECTED', leaf.index);
    else this.chains.add(leaf);
  }

  private compare(index: number, hash: Uint8Array): TileMatch {
    if (index >= this.tilesEnd || this.tile === null) return 'unknown';
    const at = (index % tileWidth) * 32;
    return sameBytes(this.tile.subarray(at, at + 32), hash) ? 'same' : 'different';
  }

  private gap(gap: GapLine): Promise<void> | null {
    if (!this.takePlace(gap.start, gap.end)) return null;
    if (this.header.scope === 'all') this.findings.add('LEAF_MISSING', gap.start); // every leaf must show itself
    const { tile } = this;
    const first = this.tileIndex * tileWidth;
    const isWithin = gap.start >= first && gap.end <= first + tileWidth && gap.end <= this.tilesEnd;
    // Most gaps are short: the tile at hand is enough for them, and nothing has to be waited for.
    if (tile === null || !isWithin) return this.compareGap(gap);
    for (const { start, end, level, hash } of partsOf(gap)) {
      this.grow(start, hash, level);
      const hashes = tile.subarray((start - first) * 32, (end - first) * 32);
      const logged = level === 0 ? hashes : completeRoot(hashes);
      if (!sameBytes(logged, hash)) this.findings.add('LEAF_MISMATCH', start, end);
    }
    return null;
  }

  private async compareGap(gap: GapLine): Promise<void> {
    for (const part of partsOf(gap)) {
      const { start, end, hash } = part;
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
    if (this.tree !== null && this.tree.end === this.outsideEnd) this.rootAtOutside = this.tree.root();
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

interface GapPart extends Subtree {
  readonly start: number;
  readonly end: number;
  readonly hash: Uint8Array;
}

function partsOf({ start: from, end: to, hashes }: GapLine): GapPart[] {
  const [only] = hashes;
  if (to === from + 1 && only !== undefined) return [{ level: 0, index: from, start: from, end: to, hash: only }];
  return decompose(from, to).flatMap(({ level, index }, at) => {
    const hash = hashes[at];
    const start = index * 2 ** level;
    return hash === undefined ? [] : [{ level, index, start, end: start + 2 ** level, hash }];
  });
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
