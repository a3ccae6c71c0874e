/** The steps of `npm run check`, in order of how fast they fail. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { lintTree } from '../lint/lint.ts';
import { checkPages } from './docs/pages.ts';
import { dependencyProblems } from './hygiene/lockfile.ts';
import { markdownProblems } from './hygiene/markdown.ts';
import { treeWordProblems } from './hygiene/words.ts';
import type { Problem } from './problem.ts';

export interface StepResult {
  readonly ok: boolean;
  /** What a person has to read to mend it; one summary line when all is well. */
  readonly output: string;
}

export interface Step {
  readonly name: string;
  run(root: string): Promise<StepResult> | StepResult;
}

/** A tool of node_modules, run by this Node; npm and npx are not needed. */
function toolStep(name: string, script: string, args: readonly string[]): Step {
  return {
    name,
    run: (root) => {
      const run = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const output = `${run.stdout}${run.stderr}`.trim();
      const failure = run.error === undefined ? output : `${output}\n${run.error.message}`;
      return { ok: run.status === 0, output: run.status === 0 ? '' : failure };
    },
  };
}

function problemStep(name: string, find: (root: string) => Problem[] | Promise<Problem[]>): Step {
  return {
    name,
    run: async (root) => {
      const problems = await find(root);
      return { ok: problems.length === 0, output: problems.map((p) => `${p.file} ${p.message}`).join('\n') };
    },
  };
}

const lintStep: Step = {
  name: 'lint',
  run: (root) => {
    const { findings, medianLines, sizes, long } = lintTree(root);
    const lines = findings.map(({ file, line, rule, message }) => `${file}:${line}  ${rule}  ${message}`);
    const sizesLine = `${sizes.length} files, median ${medianLines} lines, ${long.length} above 300`;
    const longest = sizes.slice(0, 10).map((entry) => `${String(entry.lines).padStart(6)}  ${entry.file}`);
    return { ok: findings.length === 0, output: [...lines, sizesLine, 'longest:', ...longest].join('\n') };
  },
};

export const steps: readonly Step[] = [
  lintStep,
  toolStep('biome', '@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '--colors=off']),
  toolStep('types', 'typescript/bin/tsc', ['-p', 'tsconfig.json', '--noEmit']),
  toolStep('console-types', 'typescript/bin/tsc', ['-p', 'apps/console', '--noEmit']),
  problemStep('docs', checkPages),
  problemStep('links', markdownProblems),
  problemStep('words', treeWordProblems),
  problemStep('dependencies', dependencyProblems),
];
