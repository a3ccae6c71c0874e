/** Words that have no place in the tree: unfinished work, and traces of the machine it was written on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../../lint/source-tree.ts';
import type { Problem } from '../problem.ts';

interface ForbiddenWord {
  readonly pattern: RegExp;
  readonly why: string;
}

// Put together from halves, so that this file does not contain what it looks for.
const forbiddenWords: readonly ForbiddenWord[] = [
  {
    pattern: new RegExp(`\\b(?:${'TO'}${'DO'}|${'FIX'}${'ME'}|${'XX'}${'X'})\\b`),
    why: 'finish it, or say in the docs what is missing',
  },
  {
    pattern: new RegExp(`(?:coming ${'soon'}|lorem ${'ipsum'}|not ${'yet'} implemented)`, 'i'),
    why: 'promises are not documentation',
  },
  { pattern: new RegExp(`(?<![\\w.])/(?:${'wo'}rk|ro${'ot'})/`), why: 'a path of one machine' },
  { pattern: new RegExp(`registry\\.(?:npm${'js'}|yarn${'pkg'})\\.(?:org|com)`), why: 'a registry address' },
  {
    // The header alone is a constant of every PEM reader; with a body behind it, it is a key.
    pattern: new RegExp(['PRIVATE ', 'KEY-----(?:\\\\n|\\s)*[A-Za-z0-9+/]{24}'].join('')),
    why: 'a private key; generate one where it is needed',
  },
];

const textFiles =
  /(?:^|\/)(?:\.npmrc|\.gitignore|\.swcrc|LICENSE|Dockerfile|run)$|\.(?:ts|tsx|mts|mjs|cjs|js|json|md|sql|sh|ya?ml|css|html|env|txt)$/;
/** Published data keeps the words of its authors. */
const skipped = /^(?:tests\/vectors\/|package-lock\.json$)/;

export function wordProblems(file: string, text: string): Problem[] {
  return forbiddenWords.flatMap(({ pattern, why }) => {
    const match = pattern.exec(text);
    if (match === null) return [];
    const line = text.slice(0, match.index).split('\n').length;
    return [{ file: `${file}:${line}`, message: `"${match[0].slice(0, 40)}": ${why}` }];
  });
}

export function treeWordProblems(root: string): Problem[] {
  return listFiles(root, (path) => textFiles.test(path) && !skipped.test(path)).flatMap((file) =>
    wordProblems(file, readFileSync(join(root, file), 'utf8')),
  );
}
