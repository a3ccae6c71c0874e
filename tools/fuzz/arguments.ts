/** The words after `npm run fuzz --`. */
export interface FuzzArguments {
  readonly targets: readonly string[];
  /** Of each target. */
  readonly executions: number;
  readonly seed: number;
  /** Write a small corpus that reaches all that was reached over the kept seeds. */
  readonly keep: boolean;
}

export const executionsDefault = 100_000;
const executionsMax = 2 ** 31 - 2;

export const usage = `npm run fuzz -- [--target NAME ...] [--executions N] [--seed S] [--keep]
  --target      one parser, may be repeated; without it all of them, one after another
  --executions  of each target, ${executionsDefault} unless given
  --seed        repeats a run; printed otherwise
  --keep        writes the found corpus, made small, to tests/fuzz/seeds`;

/** Throws a sentence for the user. */
export function parseArguments(words: readonly string[], known: readonly string[], seedDefault: number): FuzzArguments {
  const targets: string[] = [];
  const numbers = new Map([
    ['--executions', executionsDefault],
    ['--seed', seedDefault],
  ]);
  let keep = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--keep') keep = true;
    else if (word === '--target') {
      at += 1;
      const name = words[at] ?? '';
      if (!known.includes(name)) throw new Error(`no target ${JSON.stringify(name)}; there are ${known.join(', ')}`);
      targets.push(name);
    } else if (numbers.has(word)) {
      at += 1;
      numbers.set(word, wholeNumber(word, words[at] ?? ''));
    } else throw new Error(`unknown option ${word}\n${usage}`);
  }
  return {
    targets: targets.length > 0 ? targets : known,
    executions: numbers.get('--executions') ?? executionsDefault,
    seed: numbers.get('--seed') ?? seedDefault,
    keep,
  };
}

function wholeNumber(option: string, text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 1 && value <= executionsMax)) throw new Error(`${option} takes a whole number from 1 to 2^31 - 2`);
  return value;
}
