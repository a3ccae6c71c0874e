import { sameBytes } from '../bytes.ts';
import { need } from '../errors.ts';
import { SubtreeRun, toIndex } from '../merkle/subtrees.ts';
import type { TrustedTiles } from '../merkle/trusted-tiles.ts';
import { type ExportScope, formatGap, formatHeader, formatLeaf } from './format.ts';

/**
 * A row as the database gives it: an own leaf; another tenant's leaf of which only the hash may be shown; or a run of
 * such leaves (`end` exclusive) whose hashes come from the tiles.
 */
export type ExportRow =
  | { readonly index: bigint; readonly leaf: Uint8Array }
  | { readonly index: bigint; readonly leafHash: Uint8Array }
  | { readonly start: bigint; readonly end: bigint };

export interface ExportRequest {
  /** `all`: every leaf; else the organization whose leaves are shown. */
  readonly tenant: string | 'all';
  /** The signed checkpoint that proves the export, and its size. */
  readonly checkpoint: string;
  readonly treeSize: bigint;
  /** Log index of the leaf that records this export; null when it got none. */
  readonly record?: bigint | null;
  /**
   * What was asked for, default the whole tree. Never what the table happens to hold: a table with its tail cut must
   * give an export that ends too early.
   */
  readonly start?: bigint;
  readonly end?: bigint;
  /** Rows in the order of the table's index. They are written as they come: missing, twice, out of order, undecodable. */
  readonly rows: AsyncIterable<ExportRow> | Iterable<ExportRow>;
  /** Tiles of the same tree. Needed for a part of the tree, and for rows that are runs. */
  readonly tiles?: TrustedTiles;
}

/**
 * Writes an export line by line, each with its newline (docs/spec/audit-export.md). It never refuses damage, so that the
 * verifier can name it. Throws TLOG_RANGE_INVALID for a range outside the tree, and TLOG_EXPORT_INVALID when a part of
 * the tree is asked for without tiles.
 */
export async function* writeExport(request: ExportRequest): AsyncGenerator<string, void, undefined> {
  const { tiles, checkpoint } = request;
  const treeSize = toIndex(request.treeSize);
  const start = toIndex(request.start ?? 0n);
  const end = toIndex(request.end ?? request.treeSize);
  need(start <= end && end <= treeSize, 'TLOG_RANGE_INVALID', 'the range is not in the tree');
  const isWhole = start === 0 && end === treeSize;
  need(isWhole || tiles !== undefined, 'TLOG_EXPORT_INVALID', 'a part of the tree is proved from its tiles');
  const scope: ExportScope = request.tenant === 'all' ? 'all' : 'tenant';
  const tenant = request.tenant === 'all' ? null : request.tenant;
  const left = tiles === undefined ? [] : await tiles.subtrees(0, start);
  const right = tiles === undefined ? [] : await tiles.subtrees(end, treeSize);
  const record =
    request.record === undefined ? {} : { record: request.record === null ? null : toIndex(request.record) };
  yield `${formatHeader({ scope, tenant, start, end, treeSize, ...record, checkpoint, left, right })}\n`;
  yield* writeRows(request.rows, tiles);
}

async function* writeRows(rows: ExportRequest['rows'], tiles: TrustedTiles | undefined): AsyncGenerator<string> {
  let gap: SubtreeRun | undefined;
  for await (const row of rows) {
    if ('leafHash' in row && row.leafHash.length === 32) {
      const index = toIndex(row.index);
      // A foreign leaf that is not the tree's gets a line of its own: folded into a subtree, nobody could name it.
      const isApart = tiles !== undefined && !(await isLeafOfTree(tiles, index, row.leafHash));
      if (gap !== undefined && (isApart || gap.end !== index)) {
        yield gapLine(gap);
        gap = undefined;
      }
      gap ??= new SubtreeRun(index);
      gap.append(row.leafHash);
      if (!isApart) continue;
    }
    if (gap !== undefined) yield gapLine(gap);
    gap = undefined;
    if ('leaf' in row) yield `${formatLeaf(toIndex(row.index), row.leaf)}\n`;
    else if ('start' in row) yield* runLine(tiles, toIndex(row.start), toIndex(row.end));
  }
  if (gap !== undefined) yield gapLine(gap);
}

function gapLine(gap: SubtreeRun): string {
  return `${formatGap({ start: gap.start, end: gap.end, hashes: gap.hashes() })}\n`;
}

/** A run that the tiles cannot fill stays a hole, which the verifier names. */
async function* runLine(tiles: TrustedTiles | undefined, start: number, end: number): AsyncGenerator<string> {
  if (tiles === undefined || start >= end || end > Number(tiles.size)) return;
  let hashes: Uint8Array[];
  try {
    hashes = await tiles.subtrees(start, end);
  } catch {
    return;
  }
  yield `${formatGap({ start, end, hashes })}\n`;
}

/** Also true when the tiles cannot tell: then there is nothing to set apart. */
async function isLeafOfTree(tiles: TrustedTiles, index: number, leafHash: Uint8Array): Promise<boolean> {
  if (index >= Number(tiles.size)) return true;
  try {
    return sameBytes(await tiles.subtree(0, index), leafHash);
  } catch {
    return true;
  }
}
