/** Reads constants out of source code without running it. */
import { type Node, type SourceFile, walk } from '../../lint/source-tree.ts';

export type Literal = string | number | boolean | null | readonly Literal[] | { readonly [key: string]: Literal };

/** `as const`, `satisfies T` and parentheses change no value. */
function bare(node: Node): Node {
  if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression') return bare(node.expression);
  return node.type === 'ParenthesizedExpression' ? bare(node.expression) : node;
}

/** The value of a literal expression; undefined for anything that would have to be computed. */
export function literalOf(given: Node): Literal | undefined {
  const node = bare(given);
  switch (node.type) {
    case 'Literal': {
      const { value } = node;
      const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
      return isPlain && !(value instanceof RegExp) && typeof value !== 'bigint' ? value : undefined;
    }
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
    case 'BinaryExpression': {
      const [left, right] = [literalOf(node.left), literalOf(node.right)];
      return node.operator === '+' && typeof left === 'string' && typeof right === 'string' ? left + right : undefined;
    }
    case 'ArrayExpression':
      return node.elements.flatMap((element) => {
        const value = element === null ? undefined : literalOf(element);
        return value === undefined ? [] : [value];
      });
    case 'ObjectExpression':
      return Object.fromEntries(
        propertiesOf(node).flatMap(([key, value]) => {
          const literal = literalOf(value);
          return literal === undefined ? [] : [[key, literal] as const];
        }),
      );
    default:
      return undefined;
  }
}

/** Keys and value expressions of an object literal, in order; spreads and computed keys are left out. */
export function propertiesOf(given: Node): readonly (readonly [string, Node])[] {
  const node = bare(given);
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((property) => {
    if (property.type !== 'Property' || property.computed) return [];
    const { key } = property;
    if (key.type === 'Identifier') return [[key.name, property.value] as const];
    return key.type === 'Literal' ? [[String(key.value), property.value] as const] : [];
  });
}

/** The text of a property of an object literal, when it is a constant string. */
export function textProperty(node: Node, name: string): string | undefined {
  const value = propertiesOf(node).find(([key]) => key === name)?.[1];
  const literal = value === undefined ? undefined : literalOf(value);
  return typeof literal === 'string' ? literal : undefined;
}

/** Every `const NAME = VALUE` of a file, wherever it stands. */
export function constantsOf(file: SourceFile): { readonly name: string; readonly value: Node }[] {
  const found: { name: string; value: Node }[] = [];
  walk(file.program, (node) => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init !== null) {
      found.push({ name: node.id.name, value: bare(node.init) });
    }
  });
  return found;
}
