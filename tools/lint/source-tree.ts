/**
 * Reads every source file of a tree and parses it once.
 *
 * The walk looks at the disk and not at git, so the lint also works in an unpacked archive.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type Comment, type EcmaScriptModule, type Node, type Program, parseSync, visitorKeys } from 'oxc-parser';

export type { Node } from 'oxc-parser';

export interface SourceFile {
  /** Path from the root of the tree, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lineCount: number;
  readonly program: Program;
  readonly module: EcmaScriptModule;
  readonly comments: readonly Comment[];
  /** 1-based line of a character offset. */
  lineOf(offset: number): number;
}

const skippedFolders = new Set([
  'node_modules',
  'dist',
  '.git',
  '.quantumvault',
  '.cache',
  '.next',
  '.export',
  'coverage',
]);
const sourceEndings = /\.(?:ts|tsx|mts|cts|js|jsx|mjs|cjs)$/;

/** The fixtures break every rule on purpose; they are linted apart, as a root of their own. */
const fixtureFolder = 'tools/lint/fixtures';

/** All files below `root` whose name passes `wanted`, as sorted forward-slash paths relative to `root`. */
export function listFiles(root: string, wanted: (path: string) => boolean): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = join(folder, entry.name);
      const path = relative(root, full).split(sep).join('/');
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name) && path !== fixtureFolder) visit(full);
      } else if (entry.isFile() && wanted(path)) {
        found.push(path);
      }
    }
  };
  visit(root);
  return found.sort();
}

/** Parses one source text. Throws with the file's name when it is not valid TypeScript. */
export function parseSource(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text, { sourceType: 'module', preserveParens: false });
  const problem = parsed.errors.find((error) => error.severity === 'Error');
  if (problem !== undefined) throw new Error(`${path}: cannot be parsed: ${problem.message}`);
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
  const lineCount = text.endsWith('\n') ? starts.length - 1 : starts.length;
  return { path, text, lineCount, program: parsed.program, module: parsed.module, comments: parsed.comments, lineOf };
}

export function readSourceTree(root: string): SourceFile[] {
  return listFiles(root, (path) => sourceEndings.test(path)).map((path) =>
    parseSource(path, readFileSync(join(root, path), 'utf8')),
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The direct children of a node, in source order of its fields. */
export function childrenOf(node: Node): Node[] {
  const fields = new Map<string, unknown>(Object.entries(node));
  const children: Node[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    const value = fields.get(key);
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  }
  return children;
}

/** Calls `visit` for a node and everything below it; `parent` is undefined for the first. */
export function walk(node: Node, visit: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  visit(node, parent);
  for (const child of childrenOf(node)) walk(child, visit, node);
}
