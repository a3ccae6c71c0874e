import { expect, it } from 'vitest';
import { fuzz, mutate } from './fuzz.ts';

it('ENV-5: mutated inputs of every parser are refused by name, or are what they were', async () => {
  const results = await fuzz(2_000, 20_261_124);
  expect(results.map(({ name, executions, finding }) => ({ name, executions, finding }))).toEqual(
    ['core', 'recipients', 'recipient text', 'key file', 'envelope'].map((name) => ({
      name,
      executions: 2_000,
      finding: undefined,
    })),
  );
}, 120_000);

it('the mutations change the input, and a seed repeats them', () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, at) => at);
  const counter = () => {
    let state = 7;
    return (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state % below;
    };
  };
  const [one, two] = [counter(), counter()];
  let changed = 0;
  for (let run = 0; run < 200; run += 1) {
    const mutated = mutate(bytes, one);
    expect(mutate(bytes, two)).toEqual(mutated);
    if (Buffer.compare(mutated, bytes) !== 0) changed += 1;
  }
  expect(changed).toBeGreaterThan(150);
});
