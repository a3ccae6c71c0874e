/** What a file imports, and what each specifier means in this repository. */
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { SourceFile } from './source-tree.ts';
import { walk } from './source-tree.ts';

export interface ImportedSpecifier {
  readonly specifier: string;
  readonly offset: number;
  /** `type`: erased when compiled; `static`: loaded with the file; `dynamic`: loaded when reached. */
  readonly kind: 'type' | 'static' | 'dynamic';
}

export type Target =
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'library'; readonly name: string }
  /** A file of this repository; `byPath` tells a relative specifier from a workspace's name. */
  | { readonly kind: 'own'; readonly path: string; readonly byPath: boolean };

/** Every import, re-export, dynamic import with a literal, `import()` type and `require` call of a file. */
export function importsOf(file: SourceFile): ImportedSpecifier[] {
  const found: ImportedSpecifier[] = [];
  walk(file.program, (node) => {
    if (node.type === 'ImportDeclaration') {
      const named = node.specifiers;
      const allTypes = named.length > 0 && named.every((s) => s.type === 'ImportSpecifier' && s.importKind === 'type');
      const kind = node.importKind === 'type' || allTypes ? 'type' : 'static';
      found.push({ specifier: node.source.value, offset: node.start, kind });
    } else if (node.type === 'ExportAllDeclaration') {
      found.push({
        specifier: node.source.value,
        offset: node.start,
        kind: node.exportKind === 'type' ? 'type' : 'static',
      });
    } else if (node.type === 'ExportNamedDeclaration' && node.source !== null) {
      found.push({
        specifier: node.source.value,
        offset: node.start,
        kind: node.exportKind === 'type' ? 'type' : 'static',
      });
    } else if (node.type === 'ImportExpression' && node.source.type === 'Literal') {
      if (typeof node.source.value === 'string') {
        found.push({ specifier: node.source.value, offset: node.start, kind: 'dynamic' });
      }
    } else if (node.type === 'TSImportType') {
      found.push({ specifier: node.source.value, offset: node.start, kind: 'type' });
    } else if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'require') {
      const [argument] = node.arguments;
      if (argument?.type === 'Literal' && typeof argument.value === 'string') {
        found.push({ specifier: argument.value, offset: node.start, kind: 'static' });
      }
    }
  });
  return found;
}

const appNames = new Set(['server', 'cli', 'console', 'witness']);

/** The file a workspace specifier stands for: `@quantumvault/tlog` is `packages/tlog/src/index.ts`. */
function workspacePath(specifier: string): string {
  const [, name = '', ...rest] = specifier.split('/');
  const folder = name === 'providers' ? 'providers' : appNames.has(name) ? `apps/${name}` : `packages/${name}`;
  return posix.join(folder, 'src', ...rest, 'index.ts');
}

/**
 * The file that a package's own `imports` lead to: `#native/aead` in packages/crypto is `packages/crypto/src/native/aead.ts`.
 * What other conditions choose lies beside it and stands in the same place of the architecture.
 */
function subpathImport(from: string, specifier: string): string {
  const workspace = from.split('/').slice(0, from.startsWith('providers/') ? 1 : 2);
  return posix.join(...workspace, 'src', `${specifier.slice(1)}.ts`);
}

export function resolveSpecifier(from: string, specifier: string): Target {
  if (specifier.startsWith('.')) {
    return { kind: 'own', path: posix.join(posix.dirname(from), specifier), byPath: true };
  }
  if (specifier.startsWith('@quantumvault/')) return { kind: 'own', path: workspacePath(specifier), byPath: false };
  if (specifier.startsWith('#')) return { kind: 'own', path: subpathImport(from, specifier), byPath: false };
  if (isBuiltin(specifier)) return { kind: 'builtin', name: specifier.replace(/^node:/, '').split('/')[0] ?? '' };
  const [scope = '', name = ''] = specifier.split('/');
  return { kind: 'library', name: scope.startsWith('@') ? `${scope}/${name}` : scope };
}
