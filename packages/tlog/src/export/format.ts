import { decodeBase64, encodeBase64 } from '../base64.ts';
import { parseUuid } from '../bytes.ts';
import { decodeLeaf } from '../event/leaf.ts';
import { leafEvent, leafView } from '../event/view.ts';
import { decompose } from '../merkle/subtrees.ts';

// The lines of an export, docs/spec/audit-export.md. Each has one form only: a reader makes the line again from what it
// read and compares, so not a byte of an export can change without being seen.

export const exportFormat = 'quantumvault-audit-export/1';
/** Longest line that is read, in characters: the largest leaf with the largest view takes less than half of it. */
export const lineCharactersMax = 524_288;

export type ExportScope = 'all' | 'tenant';

/** First line: which leaves follow and what they are proved by. Indices are log indices; `end` is exclusive. */
export interface ExportHeader {
  readonly scope: ExportScope;
  /** The organization whose leaves these are; null for `all`. */
  readonly tenant: string | null;
  readonly start: number;
  readonly end: number;
  readonly treeSize: number;
  /**
   * Log index of the leaf that records this very export; null when it got none, because the log was not written.
   * Absent in exports that nobody recorded.
   */
  readonly record?: number | null;
  /** Text of the signed checkpoint of `treeSize`. */
  readonly checkpoint: string;
  /** Hashes of the maximal aligned subtrees of the leaves before `start`. */
  readonly left: readonly Uint8Array[];
  /** Hashes of the maximal aligned subtrees from `end` to `treeSize`. */
  readonly right: readonly Uint8Array[];
}

/** A run of other tenants' leaves, known only by the hashes of its maximal aligned subtrees. */
export interface GapLine {
  readonly start: number;
  readonly end: number;
  readonly hashes: readonly Uint8Array[];
}

export function formatHeader(header: ExportHeader): string {
  const { scope, tenant, start, end, treeSize, record, checkpoint } = header;
  const [left, right] = [header.left.map(encodeBase64), header.right.map(encodeBase64)];
  return JSON.stringify({ format: exportFormat, scope, tenant, start, end, treeSize, record, checkpoint, left, right });
}

export function formatGap({ start, end, hashes }: GapLine): string {
  return JSON.stringify({ start, end, hashes: hashes.map(encodeBase64) });
}

/** The line of a leaf: its index, its bytes, and a view that is null when the bytes are no leaf. */
export function formatLeaf(index: number, leaf: Uint8Array): string {
  let view: string | null = null;
  try {
    const fields = decodeLeaf(leaf);
    const event = leafEvent(fields);
    if (event !== null) view = leafView(fields, event);
  } catch {
    // A damaged row is exported as it is: the verifier names it, the export never refuses it.
  }
  return `{"index":${index},"leaf":"${encodeBase64(leaf)}","view":${view ?? 'null'}}`;
}

/** Reads the first line; null when it is not the only form of a header. */
export function parseHeader(line: string): ExportHeader | null {
  const value = parseObject(line);
  if (value === null) return null;
  const { scope, tenant, start, end, treeSize, record, checkpoint } = value;
  if (!isIndex(start) || !isIndex(end) || !isIndex(treeSize) || typeof checkpoint !== 'string') return null;
  if (start > end || end > treeSize) return null;
  const left = parseHashes(value.left, 0, start);
  const right = parseHashes(value.right, end, treeSize);
  if (left === null || right === null) return null;
  if (record !== undefined && record !== null && !isIndex(record)) return null;
  const range = { start, end, treeSize, ...(record === undefined ? {} : { record }), checkpoint, left, right };
  let header: ExportHeader;
  if (scope === 'all' && tenant === null) header = { scope, tenant, ...range };
  else if (scope === 'tenant' && isUuid(tenant)) header = { scope, tenant, ...range };
  else return null;
  return formatHeader(header) === line ? header : null;
}

const gapLine = /^\{"start":(\d{1,16}),"end":(\d{1,16}),"hashes":\["([A-Za-z0-9+/=",]*)"\]\}$/;

/** Reads a gap line; null when it is not the only form of one. */
export function parseGap(line: string): GapLine | null {
  const [, startDigits, endDigits, list] = gapLine.exec(line) ?? [];
  if (startDigits === undefined || endDigits === undefined || list === undefined) return null;
  const [start, end] = [Number(startDigits), Number(endDigits)];
  const areNumbers = isIndex(end) && start < end && String(start) === startDigits && String(end) === endDigits;
  if (!areNumbers) return null;
  const hashes = parseHashes(list.split('","'), start, end);
  return hashes === null ? null : { start, end, hashes };
}

/** Start of every leaf line, by which the two kinds of line are told apart. */
export const leafLinePrefix = '{"index":';
const leafField = ',"leaf":"';
const viewField = '","view":';

/** A leaf line, its view not yet compared. */
export interface LeafLine {
  readonly index: number;
  readonly leaf: Uint8Array;
  /** JSON text of the view as the line has it, in byte text. */
  readonly view: string;
}

/** Reads a leaf line by position, without a JSON parser: this runs once per event. Null when it is not one. */
export function parseLeafLine(line: string): LeafLine | null {
  const indexEnd = line.indexOf(leafField, leafLinePrefix.length);
  if (indexEnd < 0 || indexEnd > 32) return null;
  const digits = line.slice(leafLinePrefix.length, indexEnd);
  const index = Number(digits);
  if (!isIndex(index) || String(index) !== digits) return null;
  const leafStart = indexEnd + leafField.length;
  const leafEnd = line.indexOf(viewField, leafStart);
  if (leafEnd < 0 || !line.endsWith('}')) return null;
  try {
    return {
      index,
      leaf: decodeBase64(line.slice(leafStart, leafEnd)),
      view: line.slice(leafEnd + viewField.length, -1),
    };
  } catch {
    return null;
  }
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isUuid(value: unknown): value is string {
  try {
    return typeof value === 'string' && parseUuid(value).length === 16;
  } catch {
    return false;
  }
}

function parseHashes(value: unknown, start: number, end: number): Uint8Array[] | null {
  const parts = decompose(start, end);
  if (!Array.isArray(value) || value.length !== parts.length) return null;
  const hashes: Uint8Array[] = [];
  for (const item of value) {
    if (typeof item !== 'string' || item.length !== 44) return null;
    try {
      hashes.push(decodeBase64(item));
    } catch {
      return null;
    }
  }
  return hashes.every((hash) => hash.length === 32) ? hashes : null;
}
