/**
 * `npm run fuzz`: every parser on changed inputs, guided by the branches they reach. Prints for each target executions,
 * rate, edges, corpus, the slowest execution and the growth of memory; exit code 1 when there is a finding, whose input
 * is then saved. `--executions 700000` is the campaign before a release.
 */
import { parseArguments } from './arguments.ts';
import { type CampaignResult, campaignLimits, runCampaign } from './campaign.ts';
import { readSeeds, replaceSeeds, saveFinding } from './seed-files.ts';
import { targetModule, targetNames } from './targets/targets.ts';

/** Bigger seeds do not go into the repository. */
const keptBytesMax = 2048;
const keptMax = 120;

function print(target: string, result: CampaignResult): void {
  const { executions, seconds, edges, edgesMax, features, corpusSize, slowestMs, growthMb, findings } = result;
  const rate = Math.round(executions / seconds);
  console.log(
    `${target.padEnd(15)} ${executions} executions in ${seconds.toFixed(1)} s (${rate}/s), edges ${edges} of ${edgesMax} ` +
      `loaded, features ${features}, corpus ${corpusSize}, slowest ${slowestMs.toFixed(1)} ms, memory +${growthMb} MiB, ` +
      `${findings.length} findings`,
  );
  for (const { reason, input } of findings) {
    console.log(`  FINDING ${reason}\n          input: ${saveFinding(target, input)}`);
  }
}

async function main(words: readonly string[]): Promise<number> {
  const { targets, executions, seed, keep } = parseArguments(words, targetNames, process.pid);
  console.log(`seed ${seed}, ${executions} executions of each of ${targets.length} targets`);
  let [total, findings, edges] = [0, 0, 0];
  for (const target of targets) {
    const options = { module: targetModule(target), seeds: readSeeds(target), limits: campaignLimits };
    const result = await runCampaign({ ...options, executions, seed });
    print(target, result);
    total += result.executions;
    edges += result.edges;
    findings += result.findings.length;
    if (keep) {
      const small = result.minimal.filter((bytes) => bytes.length <= keptBytesMax).slice(0, keptMax);
      replaceSeeds(target, small);
    }
  }
  console.log(`${total} executions, ${edges} edges, ${findings} findings`);
  return findings > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(`fuzz: ${error.message}`);
  process.exitCode = 2;
}
