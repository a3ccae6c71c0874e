import { randomInt } from 'node:crypto';

/** One of the reasons for a refusal that nobody outside may tell apart. */
export interface Kind {
  readonly name: string;
  /** What is measured; it fails when the attempt was not refused. */
  attempt(): unknown;
}

export interface Experiment {
  readonly title: string;
  readonly kinds: readonly Kind[];
  /** Puts everything back as it was, before each round and outside the measured time. */
  readonly between?: () => Promise<void>;
}

/** Microseconds of each attempt, by kind. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/** Compilers and caches settle in these; they are not counted. */
const warmUpRounds = 200;

/** In a new random order in each round: whatever the machine does meanwhile meets all kinds alike. */
export async function measure({ kinds, between }: Experiment, rounds: number): Promise<Samples> {
  const samples = new Map(kinds.map(({ name }) => [name, [] as number[]]));
  for (let round = -Math.min(warmUpRounds, rounds); round < rounds; round += 1) {
    await between?.();
    for (const { name, attempt } of shuffled(kinds)) {
      const since = process.hrtime.bigint();
      await attempt();
      const took = Number(process.hrtime.bigint() - since) / 1000;
      if (round >= 0) samples.get(name)?.push(took);
    }
  }
  return samples;
}

function shuffled<T>(values: readonly T[]): readonly T[] {
  const left = [...values];
  const order: T[] = [];
  while (left.length > 0) order.push(...left.splice(randomInt(left.length), 1));
  return order;
}
