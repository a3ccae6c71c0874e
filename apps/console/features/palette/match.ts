/** What can be found by its name. */
export interface Named {
  readonly label: string;
  /** Further words by which people look for it. */
  readonly words?: string;
}

const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/**
 * Those in which every typed word begins a word, best first: where the name itself begins so, then where the name has them
 * all, then where other words were needed. Among equals the given order stays.
 */
export function matching<T extends Named>(items: readonly T[], typed: string): readonly T[] {
  const wanted = wordsOf(typed);
  if (wanted.length === 0) return items;
  const rankOf = ({ label, words = '' }: T): number => {
    const own = wordsOf(label);
    const beginsIn = (list: readonly string[]) => wanted.every((word) => list.some((one) => one.startsWith(word)));
    if (own.join(' ').startsWith(wanted.join(' '))) return 0;
    if (beginsIn(own)) return 1;
    return beginsIn([...own, ...wordsOf(words)]) ? 2 : 3;
  };
  return items
    .map((item) => ({ item, rank: rankOf(item) }))
    .filter(({ rank }) => rank < 3)
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}
