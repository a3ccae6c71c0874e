import type { DocumentNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import { Lexer, Source, TokenKind } from 'graphql';
import { graphqlErrors } from './errors.ts';
import { graphqlLimits as limits } from './limits.ts';

/** Which limit an operation exceeds; the word goes into the answer and into the audit log. */
export type Excess =
  | 'document-characters'
  | 'tokens'
  | 'definitions'
  | 'variables'
  | 'depth'
  | 'fields'
  | 'aliases'
  | 'directives'
  | 'root-fields'
  | 'fragment-cycle'
  | 'cost'
  | 'variable-depth'
  | 'introspection';

export class ExcessError extends Error {
  override readonly name = 'ExcessError';
  readonly excess: Excess;
  constructor(excess: Excess, limit: number | null) {
    super(limit === null ? `${excess} is refused` : `${excess} is more than ${limit}`);
    this.excess = excess;
  }
}

function demand(excess: Excess, value: number, limit: number): void {
  if (value > limit) throw new ExcessError(excess, limit);
}

/** Counts tokens before the parser builds anything of them. A text that has no tokens is refused as not well-formed. */
export function checkTokens(text: string): void {
  demand('document-characters', text.length, limits.documentCharacters);
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  try {
    while (lexer.advance().kind !== TokenKind.EOF) {
      tokens += 1;
      if (tokens > limits.tokens) break;
    }
  } catch (cause) {
    throw graphqlErrors.GRAPHQL_SYNTAX({ cause });
  }
  demand('tokens', tokens, limits.tokens);
}

/** What a set of selections amounts to once every fragment in it is unfolded. */
interface Size {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const nothing: Size = { depth: 0, fields: 0, aliases: 0, directives: 0 };
// Fragments within fragments multiply: numbers stop here, far above every limit.
const most = 1e9;
const sum = (a: number, b: number): number => Math.min(most, a + b);

/**
 * Depth, fields, aliases and directives of an operation, from its syntax alone. Each fragment is measured once, and a
 * fragment that contains itself is refused here, before any rule of the library walks through it.
 */
export class SizeOf {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #measured = new Map<string, Size>();
  readonly #open = new Set<string>();

  constructor(document: DocumentNode) {
    this.#fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === 'FragmentDefinition' ? [[definition.name.value, definition] as const] : [],
      ),
    );
  }

  selections(set: SelectionSetNode | undefined): Size {
    let size = nothing;
    for (const selection of set?.selections ?? []) {
      const directives = selection.directives?.length ?? 0;
      let part: Size;
      if (selection.kind === 'Field') {
        const below = this.selections(selection.selectionSet);
        part = {
          depth: below.depth + 1,
          fields: sum(below.fields, 1),
          aliases: sum(below.aliases, selection.alias === undefined ? 0 : 1),
          directives: sum(below.directives, directives),
        };
      } else {
        const below =
          selection.kind === 'InlineFragment'
            ? this.selections(selection.selectionSet)
            : this.#fragment(selection.name.value);
        part = { ...below, directives: sum(below.directives, directives) };
      }
      size = {
        depth: Math.max(size.depth, part.depth),
        fields: sum(size.fields, part.fields),
        aliases: sum(size.aliases, part.aliases),
        directives: sum(size.directives, part.directives),
      };
    }
    return size;
  }

  #fragment(name: string): Size {
    const known = this.#measured.get(name);
    if (known !== undefined) return known;
    if (this.#open.has(name)) throw new ExcessError('fragment-cycle', null);
    this.#open.add(name);
    const size = this.selections(this.#fragments.get(name)?.selectionSet);
    this.#open.delete(name);
    this.#measured.set(name, size);
    return size;
  }

  /** Names of the fields of the root, fragments unfolded; each alias counts. */
  rootFields(set: SelectionSetNode, seen: ReadonlySet<string> = new Set()): readonly string[] {
    return set.selections.flatMap((selection): readonly string[] => {
      if (selection.kind === 'Field') return [selection.name.value];
      if (selection.kind === 'InlineFragment') return this.rootFields(selection.selectionSet, seen);
      const name = selection.name.value;
      const fragment = this.#fragments.get(name);
      if (fragment === undefined || seen.has(name)) return [];
      return this.rootFields(fragment.selectionSet, new Set([...seen, name]));
    });
  }
}

const isIntrospection = (name: string): boolean => name === '__schema' || name === '__type';

/** Throws `ExcessError` for a document of which any operation is too large, whichever of them is to run. */
export function checkSize(document: DocumentNode, options: { readonly isIntrospectionOn: boolean }): void {
  demand('definitions', document.definitions.length, limits.definitions);
  const sizes = new SizeOf(document);
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') {
      // Also those that nothing uses: the library's rules walk through them too.
      const { depth, fields } = sizes.selections(definition.selectionSet);
      demand('depth', depth, limits.introspectionDepth);
      demand('fields', fields, limits.fields);
      continue;
    }
    if (definition.kind !== 'OperationDefinition') throw new ExcessError('definitions', null);
    demand('variables', definition.variableDefinitions?.length ?? 0, limits.variables);
    const size = sizes.selections(definition.selectionSet);
    demand('fields', size.fields, limits.fields);
    const roots = sizes.rootFields(definition.selectionSet);
    const asked = roots.filter(isIntrospection);
    if (asked.length > 0) {
      if (!options.isIntrospectionOn) throw graphqlErrors.GRAPHQL_INTROSPECTION_OFF();
      // One description at a time, and nothing beside it: its size does not follow from pages.
      demand('introspection', roots.filter((name) => name !== '__typename').length, 1);
    }
    demand('depth', size.depth, asked.length > 0 ? limits.introspectionDepth : limits.depth);
    demand('aliases', size.aliases, asked.length > 0 ? limits.introspectionAliases : limits.aliases);
    demand('directives', sum(size.directives, definition.directives?.length ?? 0), limits.directives);
    demand('root-fields', roots.length, limits.rootFields);
  }
}

/** Levels of a JSON value, found without recursion: the value is hostile. */
export function checkVariableDepth(variables: unknown): void {
  let level: unknown[] = [variables];
  for (let depth = 0; level.length > 0; depth += 1) {
    demand('variable-depth', depth, limits.variableDepth);
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null
        ? Object.values(value).filter((part) => typeof part === 'object' && part !== null)
        : [],
    );
  }
}
