/** All reference pages, and their comparison with the code. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSourceTree } from '../../lint/source-tree.ts';
import type { Problem } from '../problem.ts';
import { auditActionsPage } from './audit-actions.ts';
import { errorsPage } from './errors.ts';
import { metricsPage } from './metrics.ts';
import type { ReferencePage } from './page.ts';
import { requirementsPage } from './requirements.ts';
import { settingsExamplePage, settingsPage } from './settings.ts';
import { tlsFindingsPage } from './tls-findings.ts';

export const pages: readonly ReferencePage[] = [
  errorsPage,
  settingsPage,
  settingsExamplePage,
  metricsPage,
  auditActionsPage,
  requirementsPage,
  tlsFindingsPage,
];

export interface BuiltPage {
  readonly page: ReferencePage;
  readonly current: string;
  /** The page as it ought to be, or why it cannot be made. */
  readonly result: { readonly text: string } | { readonly reason: string };
}

export async function buildPages(root: string): Promise<BuiltPage[]> {
  const sources = readSourceTree(root);
  const built: BuiltPage[] = [];
  for (const page of pages) {
    const full = join(root, page.path);
    const current = existsSync(full) ? readFileSync(full, 'utf8') : '';
    try {
      built.push({ page, current, result: { text: await page.build({ root, sources, current }) } });
    } catch (error) {
      built.push({ page, current, result: { reason: error instanceof Error ? error.message : String(error) } });
    }
  }
  return built;
}

/** What stands between a page and the code; empty when they agree. */
export function problemsOf({ page, current, result }: BuiltPage): Problem[] {
  const problem = (message: string): Problem => ({ file: page.path, message });
  if ('reason' in result) return [problem(`cannot be made: ${result.reason}`)];
  if (current === '') return [problem('is missing: run node tools/check/docs/generate.ts')];
  const gaps = (page.gaps?.(result.text) ?? []).map(problem);
  if (current === result.text) return gaps;
  const [now, wanted] = [new Set(current.split('\n')), new Set(result.text.split('\n'))];
  const lacks = [...wanted].find((line) => !now.has(line));
  const extra = [...now].find((line) => !wanted.has(line));
  const detail = lacks === undefined ? `has too much: ${extra ?? 'an empty line'}` : `lacks: ${lacks}`;
  return [problem(`differs from the code (run node tools/check/docs/generate.ts); it ${detail}`), ...gaps];
}

export async function checkPages(root: string): Promise<Problem[]> {
  return (await buildPages(root)).flatMap(problemsOf);
}

/** Writes every page that can be made and returns what still needs a person. */
export async function writePages(root: string): Promise<Problem[]> {
  const left: Problem[] = [];
  for (const { page, result, current } of await buildPages(root)) {
    if ('reason' in result) {
      left.push(...problemsOf({ page, result, current }));
      continue;
    }
    const full = join(root, page.path);
    mkdirSync(dirname(full), { recursive: true });
    if (result.text !== current) writeFileSync(full, result.text);
    left.push(...problemsOf({ page, result, current: result.text }));
  }
  return left;
}
