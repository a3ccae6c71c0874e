/** Habits of every source file: repeatable, typed, small, and named for what they do. */
import { posix } from 'node:path';
import { fileRule, type PlacedFile, type Rule } from '../finding.ts';
import { type Node, walk } from '../source-tree.ts';
import { clockHomes, environmentHomes, maximumLines } from '../vocabulary.ts';

/** Tools, tests and the entry scripts under bin/ talk to the machine directly; product code does not. */
function isFreeOfHomes(file: PlacedFile): boolean {
  return file.isTest || file.path.startsWith('tools/') || /(?:^|\/)bin\//.test(file.path);
}

/** Files whose shape another tool dictates. */
const isConfigFile = (path: string): boolean => /\.config\.[mc]?[jt]s$|(?:^|\/)global-setup\.ts$/.test(path);

/** The console's routing: pages, layouts and error pages, one default export each. */
const isRouteFile = (path: string): boolean =>
  /^apps\/console\/app\/(?:.+\/)?(?:page|layout|error|global-error|not-found)\.tsx$/.test(path);

/** `a.b` written out, for plain names without computed parts; otherwise undefined. */
function dotted(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier' || node.computed) return undefined;
  const object = dotted(node.object);
  return object === undefined ? undefined : `${object}.${node.property.name}`.replace(/^globalThis\./, '');
}

export const sourceRules: readonly Rule[] = [
  fileRule('source/clock', 'Time comes from the Clock.', (file, report) => {
    if (isFreeOfHomes(file) || clockHomes.includes(file.path)) return;
    walk(file.program, (node) => {
      if (node.type === 'MemberExpression' && dotted(node) === 'Date.now') report(node.start, 'Date.now: take a Clock');
      if (node.type === 'NewExpression' && dotted(node.callee) === 'Date' && node.arguments.length === 0) {
        report(node.start, 'new Date(): take a Clock');
      }
      if (node.type === 'CallExpression' && dotted(node.callee) === 'Date') report(node.start, 'Date(): take a Clock');
    });
  }),

  fileRule('source/random', 'Randomness comes from packages/crypto.', (file, report) => {
    if (file.isTest || file.path.startsWith('tools/')) return;
    walk(file.program, (node) => {
      if (node.type === 'MemberExpression' && dotted(node) === 'Math.random') {
        report(node.start, 'Math.random is predictable; use randomBytes of @quantumvault/crypto');
      }
    });
  }),

  fileRule('source/environment', 'The environment is read in one place.', (file, report) => {
    if (isFreeOfHomes(file) || isConfigFile(file.path) || environmentHomes.some((home) => home.test(file.path))) return;
    walk(file.program, (node) => {
      const readsProcess = node.type === 'MemberExpression' && dotted(node) === 'process.env';
      const importsEnv =
        node.type === 'ImportSpecifier' && node.imported.type === 'Identifier' && node.imported.name === 'env';
      if (readsProcess || importsEnv) report(node.start, 'take a setting; entry points alone read process.env');
    });
  }),

  fileRule('source/no-fetch', 'Packages reach the network only through a port.', (file, report) => {
    if (file.zone.kind !== 'package' || file.isTest) return;
    walk(file.program, (node) => {
      const called = node.type === 'CallExpression' || node.type === 'NewExpression' ? dotted(node.callee) : undefined;
      if (called !== undefined && /^(?:fetch|WebSocket|EventSource|XMLHttpRequest)$/.test(called)) {
        report(node.start, `${called} opens a connection; take an HttpClient`);
      }
    });
  }),

  fileRule('source/no-any', 'Nothing is any.', (file, report) => {
    walk(file.program, (node) => {
      if (node.type === 'TSAnyKeyword') report(node.start, 'say what it is, or unknown and parse it');
    });
  }),

  fileRule('source/no-default-export', 'Exports have names.', (file, report) => {
    // Next finds a route by the default export of its file.
    if (isConfigFile(file.path) || isRouteFile(file.path)) return;
    walk(file.program, (node) => {
      const renamed =
        node.type === 'ExportSpecifier' && node.exported.type === 'Identifier' && node.exported.name === 'default';
      if (node.type === 'ExportDefaultDeclaration' || renamed) report(node.start, 'give the export a name');
    });
  }),

  fileRule('source/erasable-syntax', 'Types can be stripped without a compiler.', (file, report) => {
    walk(file.program, (node) => {
      if (node.type === 'TSEnumDeclaration') report(node.start, 'use a union or a const object instead of an enum');
      if (node.type === 'TSParameterProperty') report(node.start, 'declare the field and assign it');
      if (node.type === 'TSModuleDeclaration' && !node.declare) report(node.start, 'use a module, not a namespace');
    });
  }),

  fileRule('source/no-suppression', 'Warnings are fixed, not silenced.', (file, report) => {
    for (const comment of file.comments) {
      const silences = /^\s*\*?\s*(?:@ts-ignore|@ts-nocheck|biome-ignore|eslint-disable|oxlint-disable)/.test(
        comment.value,
      );
      const expectsError = /^\s*\*?\s*@ts-expect-error/.test(comment.value);
      if (silences || (expectsError && !file.isTest)) report(comment.start, 'fix the cause instead');
    }
  }),

  fileRule('source/telling-name', 'Folders and files say what is in them.', (file, report) => {
    const parts = file.path.split('/').map((part) => part.replace(/\..*$/, ''));
    const empty = parts.find((part) => /^(?:utils?|helpers?|common|misc)$/.test(part));
    if (empty !== undefined) report(0, `"${empty}" says nothing; name the concept`);
  }),

  fileRule('source/kebab-case', 'File names are kebab-case.', (file, report) => {
    const name = posix.basename(file.path).replace(/\.[a-z]+$/, '');
    if (!/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name)) report(0, 'write the file name in kebab-case');
  }),

  fileRule('source/file-length', `Files end before line ${maximumLines}.`, (file, report) => {
    if (file.lineCount > maximumLines)
      report(file.text.length - 1, `${file.lineCount} lines: split it by responsibility`);
  }),
];
