import type { LogKey } from '../checkpoint/log-keys.ts';
import type { TileReader } from '../merkle/tiles.ts';
import { ExportChecker } from './export-checker.ts';
import { Findings, type VerdictReason } from './findings.ts';
import { type ExportScope, parseHeader } from './format.ts';
import { type ExportSource, readLines } from './lines.ts';
import { PlainLine } from './plain-line.ts';
import { establishTrust, type Trust } from './trust.ts';

/** How much older than its checkpoint a tenant's newest leaf may be without a tenant.head after it (LEAF-16). */
export const headGraceSecondsDefault = 60;

export interface VerifyOptions {
  /** Trusted public keys, from a pinned `log.vkey`. Without them nothing is valid. */
  readonly keys?: readonly LogKey[];
  /** Text of a checkpoint kept outside the server: what makes a rollback visible. */
  readonly checkpoint?: string;
  /** Tiles kept outside the server: what makes the first bad leaf exact. */
  readonly tiles?: TileReader;
  /** Accept an export of a part of the log, or of an older tree than the outside checkpoint. Default false. */
  readonly allowRange?: boolean;
  /** Null turns the check of a tenant's tail off. Default {@link headGraceSecondsDefault}. */
  readonly headGraceSeconds?: number | null;
}

/** The answer of the offline verifier. Indices are 0-based log indices. */
export interface ExportVerdict {
  readonly valid: boolean;
  /** Leaves in the export. */
  readonly events: number;
  /** The first leaf that is wrong or missing, when it is known exactly. */
  readonly firstBadLeaf: number | null;
  /** Else the smallest range, end exclusive, that is known to hold a bad leaf. */
  readonly firstBadRange: readonly [number, number] | null;
  readonly reason: VerdictReason | null;
  readonly scope: ExportScope | null;
  readonly tenant: string | null;
  /** The range that the export says it covers, end exclusive, and the size of its tree. */
  readonly start: number | null;
  readonly end: number | null;
  readonly treeSize: number | null;
}

/**
 * Verifies an export offline: with trusted keys alone that it is what the log signed; with a checkpoint kept outside
 * also that the log was neither cut, rolled back nor forked since; with the tiles kept outside the exact first bad leaf.
 * It never throws for what the export, the checkpoints or the tiles hold; errors of `source` pass through.
 */
export function verifyExport(source: ExportSource, options: VerifyOptions = {}): Promise<ExportVerdict> {
  return verifyLines(source, options, new PlainLine());
}

/** {@link verifyExport}, with or without the reader of plain lines. The verdict is the same; tests hold the two together. */
export async function verifyLines(
  source: ExportSource,
  options: VerifyOptions,
  plain: PlainLine | null,
): Promise<ExportVerdict> {
  const findings = new Findings();
  let trust: Trust | null = null;
  let checker: ExportChecker | null = null;
  let header: ReturnType<typeof parseHeader> = null;
  for await (const lines of readLines(source)) {
    if (lines.first !== undefined) {
      header = lines.first === null ? null : parseHeader(lines.first);
      if (header === null) break;
      trust = await establishTrust({
        embedded: header.checkpoint,
        outside: options.checkpoint,
        reader: options.tiles,
        keys: options.keys ?? [],
      });
      checker = new ExportChecker({ header, trust, findings, plain });
    }
    await checker?.lines(lines.rest);
  }
  if (checker === null || trust === null || header === null) {
    findings.addUnplaced('EXPORT_MALFORMED');
  } else {
    const headGraceSeconds =
      options.headGraceSeconds === undefined ? headGraceSecondsDefault : options.headGraceSeconds;
    await checker.finish({ allowRange: options.allowRange ?? false, headGraceSeconds });
    for (const problem of trust.problems) findings.addUnplaced(problem);
  }
  const hasKeys = (options.keys ?? []).length > 0;
  const failure = hasKeys ? (trust?.failure ?? null) : 'NO_TRUST_ANCHOR';
  const first = findings.first;
  const isExact = first !== null && first.end === first.start + 1;
  const isRange = first !== null && !isExact && Number.isFinite(first.end);
  const reason = failure ?? first?.reason ?? null;
  return {
    valid: reason === null,
    events: checker?.events ?? 0,
    firstBadLeaf: isExact ? first.start : null,
    firstBadRange: isRange ? [first.start, first.end] : null,
    reason,
    scope: header?.scope ?? null,
    tenant: header?.tenant ?? null,
    start: header?.start ?? null,
    end: header?.end ?? null,
    treeSize: header?.treeSize ?? null,
  };
}
