/** `npm run check [-- STEP...]`: everything that can be judged without running the product. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { steps } from './steps.ts';

const root = resolve(import.meta.dirname, '../..');

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !steps.some((step) => step.name === name));
  if (unknown !== undefined) {
    console.error(`no step ${unknown}; there are ${steps.map((step) => step.name).join(', ')}`);
    return 2;
  }
  const failed: string[] = [];
  for (const step of steps) {
    if (names.length > 0 && !names.includes(step.name)) continue;
    const started = performance.now();
    const { ok, output } = await step.run(root);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${step.name} (${seconds} s)`);
    if (output !== '') console.log(output.replace(/^/gm, '     '));
    if (!ok) failed.push(step.name);
  }
  console.log(failed.length === 0 ? 'check: all passed' : `check: ${failed.join(', ')} failed`);
  return failed.length === 0 ? 0 : 1;
}

// Workspaces resolve to their sources under this condition, so nothing has to be built before it is checked.
const condition = '--conditions=source';
if (process.execArgv.includes(condition)) {
  process.exitCode = await main(process.argv.slice(2));
} else {
  const args = [condition, import.meta.filename, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}
