/**
 * One vocabulary for what three scanners say about one server, and the comparison of two of them.
 *
 * A fact is a named list of words. How two lists are compared is a property of the claim: a tool that shows one certificate of
 * a server that has two is not wrong, so it says `member`.
 */
export interface Fact {
  readonly kind: 'set' | 'list' | 'member';
  readonly values: readonly string[];
}

/** By name: `versions`, `suites TLSv1.2`, `order TLSv1.2`, `groups`, `certificate key` ... A fact a tool cannot see is absent. */
export type Facts = ReadonlyMap<string, Fact>;

export interface Comparison {
  readonly fact: string;
  readonly outcome: 'equal' | 'different' | 'unseen';
  readonly onlyOurs: readonly string[];
  readonly onlyTheirs: readonly string[];
}

const without = (left: readonly string[], right: readonly string[]): string[] =>
  left.filter((value) => !right.includes(value));

/** One row per fact that either side names. What ours is silent about counts as an empty list: silence is a difference. */
export function compareFacts(ours: Facts, theirs: Facts): readonly Comparison[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].map((fact) => {
    const own = ours.get(fact)?.values ?? [];
    const other = theirs.get(fact);
    if (other === undefined) return { fact, outcome: 'unseen', onlyOurs: [], onlyTheirs: [] };
    const [onlyOurs, onlyTheirs] = differenceOf(own, other);
    const isEqual = onlyOurs.length === 0 && onlyTheirs.length === 0;
    return { fact, outcome: isEqual ? 'equal' : 'different', onlyOurs, onlyTheirs };
  });
}

function differenceOf(own: readonly string[], { kind, values }: Fact): [readonly string[], readonly string[]] {
  if (kind === 'member') return [[], without(values, own)];
  if (kind === 'set') return [without(own, values), without(values, own)];
  const [left, right] = [own.join(' > '), values.join(' > ')];
  return left === right ? [[], []] : [[left], [right]];
}

/** Collects facts; an empty list is a claim too ("no suites"), so only `undefined` is left out. */
export class FactsBuilder {
  readonly #facts = new Map<string, Fact>();

  add(name: string, kind: Fact['kind'], values: readonly string[] | undefined): this {
    if (values !== undefined) this.#facts.set(name, { kind, values: kind === 'list' ? values : [...new Set(values)] });
    return this;
  }

  get facts(): Facts {
    return this.#facts;
  }
}

/** `2026-11-25 20:16`: to the minute, which is as exact as testssl.sh prints a date. */
export function minuteOf(instant: Date): string {
  return instant.toISOString().slice(0, 16).replace('T', ' ');
}
