/** docs/reference/errors.md: every code that anything here can throw, with its HTTP status and its sentence. */
import { type Node, type SourceFile, walk } from '../../lint/source-tree.ts';
import { isTestPath } from '../../lint/zones.ts';
import { constantsOf, literalOf, propertiesOf, textProperty } from './literals.ts';
import { generatedNote, isProduct, MissingSource, type ReferencePage, rowsOf, table } from './page.ts';

export interface ErrorCode {
  readonly code: string;
  readonly file: string;
  /** Kind of the transport mapping; undefined for codes that stay inside a library. */
  readonly kind?: string;
  readonly sentence?: string;
  /** Whether the file declares the code, or only throws it. */
  readonly declared: boolean;
}

const codeShape = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
const shippedTools = /^tools\/(?:launcher|build)\//;

/** The doc comment right before a union member, which is where a library says what a code means. */
function commentBefore(file: SourceFile, offset: number): string | undefined {
  const comment = file.comments.findLast(
    ({ value, end }) => end <= offset && value.startsWith('*') && /^[\s|]*$/.test(file.text.slice(end, offset)),
  );
  return comment?.value
    .replace(/^\*+|\n\s*\*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Codes of one file: `defineErrors({...})`, `xxxErrorCodes = [...]`, `type XxxErrorCode = ...`, `new XxxError('CODE')`. */
export function errorCodesOf(file: SourceFile): ErrorCode[] {
  const found: ErrorCode[] = [];
  const add = (code: unknown, more: { kind?: string; sentence?: string; declared?: boolean } = {}): void => {
    if (typeof code === 'string' && codeShape.test(code))
      found.push({ code, file: file.path, declared: true, ...more });
  };
  const addLiterals = (type: Node): void =>
    walk(type, (inner) => {
      if (inner.type !== 'TSLiteralType' || inner.literal.type !== 'Literal') return;
      const sentence = commentBefore(file, inner.start);
      add(inner.literal.value, sentence === undefined ? {} : { sentence });
    });
  walk(file.program, (node) => {
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'defineErrors') {
      const [definitions] = node.arguments;
      for (const [code, definition] of definitions === undefined ? [] : propertiesOf(definitions)) {
        const kind = textProperty(definition, 'kind');
        const sentence = textProperty(definition, 'sentence');
        add(code, { ...(kind === undefined ? {} : { kind }), ...(sentence === undefined ? {} : { sentence }) });
      }
    } else if (node.type === 'TSTypeAliasDeclaration' && /ErrorCode$/.test(node.id.name)) {
      addLiterals(node.typeAnnotation);
    } else if (node.type === 'ClassDeclaration' && /Error$/.test(node.id?.name ?? '')) {
      for (const member of node.body.body) {
        const isCode =
          member.type === 'PropertyDefinition' && member.key.type === 'Identifier' && member.key.name === 'code';
        if (isCode && member.typeAnnotation) addLiterals(member.typeAnnotation);
      }
    } else if (node.type === 'NewExpression' && node.callee.type === 'Identifier' && /Error$/.test(node.callee.name)) {
      const [first] = node.arguments;
      if (first?.type === 'Literal' && typeof first.value === 'string' && first.value.includes('_')) {
        add(first.value, { declared: false });
      }
    }
  });
  for (const { name, value } of constantsOf(file)) {
    if (!/ErrorCodes$/.test(name)) continue;
    const codes = literalOf(value);
    if (Array.isArray(codes)) for (const code of codes) add(code);
  }
  return found;
}

/** The one mapping of error kinds to HTTP statuses: the object literal that has `not-found: 404` and the others. */
export function statusOfKinds(sources: readonly SourceFile[]): ReadonlyMap<string, number> {
  for (const file of sources) {
    if (!isProduct(file.path)) continue;
    let found: [string, number][] | undefined;
    walk(file.program, (node) => {
      if (node.type !== 'ObjectExpression') return;
      const entries = propertiesOf(node).map(([key, value]) => [key, statusIn(literalOf(value))] as const);
      const statuses = entries.filter((entry): entry is readonly [string, number] => entry[1] !== undefined);
      if (statuses.some(([key, status]) => key === 'not-found' && status === 404)) {
        found = statuses.map(([key, status]) => [key, status]);
      }
    });
    if (found !== undefined) return new Map(found);
  }
  throw new MissingSource("no mapping of error kinds to statuses ({ 'not-found': 404, ... }) was found");
}

function statusIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const isMapped = typeof value === 'object' && value !== null && 'status' in value;
  return isMapped && typeof value.status === 'number' ? value.status : undefined;
}

/** One entry per code; where it is declared wins over where it is thrown. */
export function collectErrorCodes(sources: readonly SourceFile[]): ErrorCode[] {
  const byCode = new Map<string, ErrorCode>();
  for (const file of sources) {
    if (!isProduct(file.path) && !(shippedTools.test(file.path) && !isTestPath(file.path))) continue;
    for (const entry of errorCodesOf(file)) {
      const known = byCode.get(entry.code);
      if (known === undefined || (!known.declared && entry.declared)) {
        byCode.set(entry.code, entry);
      }
    }
  }
  return [...byCode.values()].sort((a, b) => a.code.localeCompare(b.code, 'en'));
}

export const errorsPage: ReferencePage = {
  path: 'docs/reference/errors.md',
  build: ({ sources, current }) => {
    const codes = collectErrorCodes(sources);
    const written = rowsOf(current);
    const statuses = codes.some(({ kind }) => kind !== undefined) ? statusOfKinds(sources) : new Map<string, number>();
    const rows = codes.map(({ code, kind, sentence, file }) => {
      const status = kind === undefined ? '-' : String(statuses.get(kind) ?? 'unmapped');
      return [`\`${code}\``, status, sentence ?? written.get(code)?.[2] ?? '', `\`${file}\``];
    });
    return [
      '# Error codes',
      '',
      'A code never changes its meaning and is never used again. Over HTTP it is the `code` of a problem document',
      '(RFC 9457); codes without a status stay inside a library or the command line, and reach HTTP as `INTERNAL`',
      'unless a use case turns them into one of its own.',
      '',
      `${generatedNote} Sentences of codes without a status are written here by hand and kept.`,
      '',
      table(['code', 'status', 'meaning', 'defined in'], rows),
      '',
    ].join('\n');
  },
  gaps: (page) =>
    [...rowsOf(page)].flatMap(([code, [, status = '', sentence = '']]) => {
      if (sentence === '') return [`${code} has no sentence: write one into the page`];
      return status === 'unmapped' ? [`${code} has a kind without a status`] : [];
    }),
};
