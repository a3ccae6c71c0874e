/** Runs every rule over a tree. */
import type { Finding, Rule } from './finding.ts';
import { cryptographyRules } from './rules/cryptography.ts';
import { cycleRule } from './rules/cycles.ts';
import { layerRules } from './rules/layers.ts';
import { securityRules } from './rules/security.ts';
import { sourceRules } from './rules/source.ts';
import { readSourceTree } from './source-tree.ts';
import { warningLines } from './vocabulary.ts';
import { placed } from './zones.ts';

export const rules: readonly Rule[] = [
  ...layerRules,
  cycleRule,
  ...sourceRules,
  ...securityRules,
  ...cryptographyRules,
];

export interface LintReport {
  readonly findings: readonly Finding[];
  /** Path and number of lines, longest first. */
  readonly sizes: readonly { readonly file: string; readonly lines: number }[];
  readonly medianLines: number;
  /** Files that are legal but worth a thought. */
  readonly long: readonly { readonly file: string; readonly lines: number }[];
}

export function lintTree(root: string): LintReport {
  const files = readSourceTree(root).map(placed);
  // A construct that a rule sees from two sides (an import and its name) is one violation.
  const byPlace = new Map(
    rules.flatMap((rule) => rule.check(files)).map((f) => [`${f.file}:${f.line}:${f.rule}`, f] as const),
  );
  const findings = [...byPlace.values()].sort(
    (a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line || a.rule.localeCompare(b.rule, 'en'),
  );
  const sizes = files
    .map((file) => ({ file: file.path, lines: file.lineCount }))
    .sort((a, b) => b.lines - a.lines || a.file.localeCompare(b.file, 'en'));
  const medianLines = sizes[Math.floor(sizes.length / 2)]?.lines ?? 0;
  return { findings, sizes, medianLines, long: sizes.filter((entry) => entry.lines > warningLines) };
}
