/**
 * Differences that have an explanation, and only those: whatever no entry of `accepted-differences.json` speaks of fails the
 * comparison, and so does, in a full run, an entry that no longer explains anything.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from './facts.ts';

export interface AcceptedDifference {
  readonly tool: 'sslscan' | 'testssl.sh';
  /** Names of servers; `*` is every one. */
  readonly servers: readonly string[];
  /** Name of a fact; a `*` at its end stands for any ending. */
  readonly fact: string;
  /** Words that this explains on each side; `*` is any. */
  readonly onlyOurs?: readonly string[];
  readonly onlyTheirs?: readonly string[];
  /** Why, in a sentence that names who is right. */
  readonly because: string;
}

export interface Judged extends Comparison {
  /** The entries that explain the difference, whole. */
  readonly because: readonly string[];
  readonly unexplained: readonly string[];
}

export const acceptedDifferences: readonly AcceptedDifference[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'accepted-differences.json'), 'utf8'),
);

export interface Place {
  readonly tool: string;
  readonly server: string;
}

const fits = (pattern: string, text: string): boolean =>
  pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : pattern === text;

function speaksOf({ tool, servers, fact }: AcceptedDifference, place: Place, name: string): boolean {
  return tool === place.tool && servers.some((server) => fits(server, place.server)) && fits(fact, name);
}

/** Explains what can be explained of one comparison; `used` collects the entries that were needed. */
export function judge(
  comparison: Comparison,
  place: Place,
  { accepted, used }: { readonly accepted: readonly AcceptedDifference[]; readonly used: Set<AcceptedDifference> },
): Judged {
  const candidates = accepted.filter((entry) => speaksOf(entry, place, comparison.fact));
  const because = new Set<string>();
  const explain = (side: 'onlyOurs' | 'onlyTheirs'): string[] =>
    comparison[side].filter((word) => {
      const entry = candidates.find((candidate) => candidate[side]?.some((pattern) => fits(pattern, word)));
      if (entry === undefined) return true;
      used.add(entry);
      because.add(entry.because);
      return false;
    });
  const unexplained = [
    ...explain('onlyOurs').map((word) => `only qv: ${word}`),
    ...explain('onlyTheirs').map((word) => `only ${place.tool}: ${word}`),
  ];
  return { ...comparison, because: [...because], unexplained };
}

/** The explanation of a tool that gives no answer at all about a server. */
export function explainSilence(
  place: Place,
  { accepted, used }: { readonly accepted: readonly AcceptedDifference[]; readonly used: Set<AcceptedDifference> },
): string | undefined {
  const entry = accepted.find((candidate) => speaksOf(candidate, place, 'answer'));
  if (entry !== undefined) used.add(entry);
  return entry?.because;
}
