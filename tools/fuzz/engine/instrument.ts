/**
 * Counts branches: gives each way that a program can take a counter of its own. Works on TypeScript text, because Node
 * strips types after the hook that calls this; text is only inserted, never moved, so line numbers stay.
 *
 * A counter sits at every function's start, at both sides of every `if` (a missing `else` is written), at loop bodies,
 * switch cases, catch clauses, and at the parts of `? :`, `&&`, `||` and `??` that may not run. Together they are the
 * edges of the control flow that matter to a parser.
 */
import { childrenOf, type Node, parseSource } from '../../lint/source-tree.ts';

export interface Instrumented {
  readonly text: string;
  /** Counters in this text, numbered from `firstCounter` on. */
  readonly counters: number;
  /** Texts and numbers that the source compares with or looks for: words for the mutator. */
  readonly literals: readonly (string | number)[];
}

/** The name under which instrumented modules find the counters; set before the first of them runs. */
export const mapName = '__fuzzCounters';

interface Insertion {
  readonly at: number;
  readonly text: string;
  /** At one place, what closes an inner node comes before what closes an outer one, and openings the other way round. */
  readonly rank: number;
}

class Instrumenter {
  readonly insertions: Insertion[] = [];
  readonly literals = new Set<string | number>();
  #next: number;
  #rank = 0;

  constructor(first: number) {
    this.#next = first;
  }

  get next(): number {
    return this.#next;
  }

  visit(node: Node): void {
    this.#rank += 1;
    this.#instrument(node);
    if (node.type.startsWith('Import')) return;
    for (const child of childrenOf(node)) if (!child.type.startsWith('TS') || runs(child)) this.visit(child);
  }

  #count(): string {
    const counter = `${mapName}[${this.#next}]++`;
    this.#next += 1;
    return counter;
  }

  #open(at: number, text: string): void {
    this.insertions.push({ at, text, rank: this.#rank });
  }

  #close(at: number, text: string): void {
    this.insertions.push({ at, text, rank: -this.#rank });
  }

  /** A statement that may not run: a block gets a counter inside, anything else a block around it. */
  #statement(node: Node): void {
    if (node.type === 'BlockStatement') this.#open(node.start + 1, `${this.#count()};`);
    else {
      this.#open(node.start, `{${this.#count()};`);
      this.#close(node.end, '}');
    }
  }

  #expression(node: Node): void {
    this.#open(node.start, `(${this.#count()},`);
    this.#close(node.end, ')');
  }

  #instrument(node: Node): void {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        if (node.body !== null) this.#statement(node.body);
        return;
      case 'ArrowFunctionExpression':
        if (node.body.type === 'BlockStatement') this.#statement(node.body);
        else this.#expression(node.body);
        return;
      case 'IfStatement':
        this.#statement(node.consequent);
        if (node.alternate === null) this.#close(node.end, ` else {${this.#count()};}`);
        else this.#statement(node.alternate);
        return;
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.#statement(node.body);
        return;
      case 'CatchClause':
        this.#statement(node.body);
        return;
      case 'SwitchCase': {
        const [first] = node.consequent;
        if (first !== undefined) this.#open(first.start, `${this.#count()};`);
        return;
      }
      case 'ConditionalExpression':
        this.#expression(node.consequent);
        this.#expression(node.alternate);
        return;
      case 'LogicalExpression':
        this.#expression(node.right);
        return;
      case 'Literal':
        if (typeof node.value === 'string' || typeof node.value === 'number') this.literals.add(node.value);
        return;
      case 'TemplateElement':
        this.literals.add(node.value.cooked ?? '');
        return;
      default:
    }
  }
}

/** Of the nodes that only TypeScript has, those that hold code that runs. */
function runs({ type }: Node): boolean {
  return ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion'].includes(type);
}

/** Throws when `text` is no TypeScript. */
export function instrument(path: string, text: string, firstCounter: number): Instrumented {
  const instrumenter = new Instrumenter(firstCounter);
  instrumenter.visit(parseSource(path, text).program);
  const inOrder = instrumenter.insertions.sort((a, b) => a.at - b.at || a.rank - b.rank);
  const parts: string[] = [`const ${mapName}=globalThis.${mapName};`];
  let from = 0;
  for (const { at, text: inserted } of inOrder) {
    parts.push(text.slice(from, at), inserted);
    from = at;
  }
  parts.push(text.slice(from));
  return {
    text: parts.join(''),
    counters: instrumenter.next - firstCounter,
    literals: [...instrumenter.literals],
  };
}
