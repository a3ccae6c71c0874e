/**
 * `npm run timing [-- SAMPLES REAL_SAMPLES]`: attack case 15 (ACC-11). Measures, in one process and in random order, what
 * is refused for different reasons, and prints Welch's t of every pair. Exit code 1 when one reaches 4.5.
 *
 * No part of `npm test`, which only sees that it works: a busy machine must not fail a build.
 */
import { systemClock } from '../../apps/server/src/kernel/clock.ts';
import { judge, provenAt, type Verdict } from './judge.ts';
import { type Experiment, measure } from './measure.ts';
import { type OpenInstallation, openInstallation } from './open-installation.ts';
import { apiKeys, oneTimeCodes, sessionTokens } from './secrets.ts';
import { addPeople, hashesAtRealCost, hashesAtTestCost, lockingSignIns, signIns } from './sign-in.ts';

export interface SampleCounts {
  readonly samples: number;
  readonly realSamples: number;
}

const defaultCounts: SampleCounts = { samples: 10_000, realSamples: 200 };

/** Every experiment, one after the other; `show` gets each when it is done. */
export async function runAll(
  open: OpenInstallation,
  { samples, realSamples }: SampleCounts,
  show: (verdict: Verdict) => void,
): Promise<number> {
  let worst = 0;
  const conduct = async (experiment: Experiment, rounds: number) => {
    const verdict = judge(experiment.title, await measure(experiment, rounds));
    worst = Math.max(worst, verdict.worst);
    show(verdict);
  };
  const people = await addPeople(open);
  const hashes = await hashesAtTestCost();
  const cheap = { title: 'Sign-in, Argon2id at test cost', people, hashes };
  await conduct(await signIns(open, cheap), samples);
  await conduct(await lockingSignIns(open, cheap), samples);
  const real = { title: 'Sign-in, Argon2id at real cost', people, hashes: await hashesAtRealCost() };
  await conduct(await signIns(open, real), realSamples);
  await conduct(await apiKeys(open), samples);
  await conduct(oneTimeCodes(systemClock.now()), samples);
  await conduct(sessionTokens(), samples);
  return worst;
}

function countsOf(words: readonly string[]): SampleCounts | null {
  const numbers = words.map(Number);
  if (words.length > 2 || numbers.some((count) => !Number.isInteger(count) || count < 2 || count > 1_000_000))
    return null;
  const [samples = defaultCounts.samples, realSamples = defaultCounts.realSamples] = numbers;
  return { samples, realSamples };
}

async function main(words: readonly string[]): Promise<number> {
  const counts = countsOf(words);
  if (counts === null) {
    console.error('usage: npm run timing [-- SAMPLES REAL_SAMPLES], each from 2 to 1000000');
    return 2;
  }
  const open = await openInstallation();
  try {
    const worst = await runAll(open, counts, ({ lines }) => console.log(`\n${lines.join('\n')}`));
    const outcome = worst < provenAt ? 'no difference is proven' : 'a difference is proven';
    console.log(`\nlargest |t| ${worst.toFixed(2)}: ${outcome}`);
    return worst < provenAt ? 0 : 1;
  } finally {
    await open.close();
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
