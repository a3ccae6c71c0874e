/** The words after `npm test --`. */
import { isAbsolute, relative } from 'node:path';

export interface TestArguments {
  readonly part: 'unit' | 'integration' | 'all';
  /** Paths from the root; a test file runs when its path contains one of them. Empty means all. */
  readonly paths: readonly string[];
}

/** Throws a sentence for the user on an unknown option. */
export function parseArguments(words: readonly string[], root: string, folder: string): TestArguments {
  const options = words.filter((word) => word.startsWith('-'));
  const unknown = options.find((option) => option !== '--integration' && option !== '--all');
  if (unknown !== undefined) throw new Error(`unknown option ${unknown}; there are --integration and --all`);
  const part = options.includes('--all') ? 'all' : options.includes('--integration') ? 'integration' : 'unit';
  const paths = words
    .filter((word) => !word.startsWith('-'))
    .map((word) => (isAbsolute(word) ? relative(folder, word) : word).replace(/^\.\//, '').replaceAll('\\', '/'))
    .map((path) => (path === '' || path === '.' ? '' : path))
    .filter((path) => path !== '' && path !== relative(folder, root));
  return { part, paths };
}
