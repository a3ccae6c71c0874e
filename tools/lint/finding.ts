import type { SourceFile } from './source-tree.ts';
import type { Zone } from './zones.ts';

export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** A file together with its place in the architecture. */
export interface PlacedFile extends SourceFile {
  readonly zone: Zone;
  /** Tests stand outside the layers: they may import what they test and its surroundings. */
  readonly isTest: boolean;
}

/** One rule. `tree` rules look at all files at once, because a cycle has no single culprit. */
export interface Rule {
  readonly id: string;
  /** What the rule demands, as a sentence for people who meet it for the first time. */
  readonly demand: string;
  check(files: readonly PlacedFile[]): Finding[];
}

/** A rule that judges each file alone. */
export function fileRule(
  id: string,
  demand: string,
  check: (file: PlacedFile, report: (offset: number, message: string) => void) => void,
): Rule {
  return {
    id,
    demand,
    check: (files) => {
      const findings: Finding[] = [];
      for (const file of files) {
        check(file, (offset, message) => {
          findings.push({ file: file.path, line: file.lineOf(offset), rule: id, message });
        });
      }
      return findings;
    },
  };
}
