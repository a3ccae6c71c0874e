/** Habits whose breach is a vulnerability: ciphers outside their package, SQL, and use cases without authorisation. */
import { fileRule, type PlacedFile, type Rule } from '../finding.ts';
import { type Node, walk } from '../source-tree.ts';

const isTool = (file: PlacedFile): boolean => file.isTest || file.path.startsWith('tools/');

/** The last plain name of an expression: `record.tokenHash` gives `tokenHash`. */
function lastName(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression' && 'name' in node.property) return String(node.property.name);
  if (node.type === 'ChainExpression' || node.type === 'TSNonNullExpression') return lastName(node.expression);
  return undefined;
}

const sqlStart =
  /^\s*(?:(?:SELECT|WITH|CREATE|ALTER|DROP|GRANT|REVOKE|TRUNCATE|LISTEN|NOTIFY|COPY|LOCK|SET)\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|UPDATE\s*$|DELETE\s+FROM\s)/;
const anySqlStart =
  /^\s*(?:select|insert|update|delete|create|alter|drop|with|grant|revoke|truncate|copy|listen|notify|set)\b/i;

/** Names under which pg quotes an identifier or a literal; a visible call is the only interpolation allowed. */
const quotingCalls = new Set(['escapeIdentifier', 'escapeLiteral', 'quoteIdentifier', 'quoteLiteral']);

function isQuoted(node: Node): boolean {
  return node.type === 'CallExpression' && quotingCalls.has(lastName(node.callee) ?? '');
}

/** Whether a text is put together from parts that are neither constants nor visibly quoted. */
function splicesValues(node: Node): boolean {
  if (node.type === 'TemplateLiteral') return node.expressions.some((part) => !isQuoted(part));
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return false;
  return [node.left, node.right].some((side) =>
    side.type === 'BinaryExpression' || side.type === 'TemplateLiteral'
      ? splicesValues(side)
      : side.type !== 'Literal' && !isQuoted(side),
  );
}

function firstText(node: Node): string {
  if (node.type === 'TemplateLiteral') return node.quasis[0]?.value.cooked ?? '';
  if (node.type === 'BinaryExpression') return firstText(node.left);
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : '';
}

function isQueryArgument(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'CallExpression') {
    const isCallee: Node = parent.callee;
    return isCallee !== node && ['query', 'raw', 'unsafe', 'execute'].includes(lastName(parent.callee) ?? '');
  }
  return parent?.type === 'Property' && parent.key.type === 'Identifier' && parent.key.name === 'text';
}

/** The call that a statement consists of, seen through `await` and an assignment of its result. */
function calledBy(statement: Node | null | undefined): Node | undefined {
  if (statement === null || statement === undefined) return undefined;
  if (statement.type === 'ExpressionStatement') return calledBy(statement.expression);
  if (statement.type === 'AwaitExpression') return calledBy(statement.argument);
  if (statement.type === 'VariableDeclaration') return calledBy(statement.declarations[0]?.init);
  return statement.type === 'CallExpression' ? statement : undefined;
}

/** `await authorize(actor, 'noun.verb', ...)` or `await this.authorize(...)`, with the actor handed on. */
function isAuthorization(statement: Node | undefined, actor: string): boolean {
  const call = calledBy(statement);
  if (call?.type !== 'CallExpression' || lastName(call.callee) !== 'authorize') return false;
  const [who, action] = call.arguments;
  const named =
    action?.type === 'Literal' && typeof action.value === 'string' && /^[a-z-]+\.[a-z-]+$/.test(action.value);
  return who?.type === 'Identifier' && who.name === actor && named;
}

function isAwaited(statement: Node | undefined): boolean {
  if (statement?.type === 'ExpressionStatement') return statement.expression.type === 'AwaitExpression';
  return statement?.type === 'VariableDeclaration' && statement.declarations[0]?.init?.type === 'AwaitExpression';
}

function judgeUseCase(declaration: Node, report: (offset: number, message: string) => void): void {
  if (declaration.type === 'FunctionDeclaration') {
    report(declaration.start, 'an exported function bypasses execute; put rules into the domain');
    return;
  }
  if (declaration.type !== 'ClassDeclaration') return;
  const publicMethods = declaration.body.body.filter(
    (member) =>
      member.type === 'MethodDefinition' &&
      member.kind === 'method' &&
      member.key.type !== 'PrivateIdentifier' &&
      member.accessibility !== 'private' &&
      member.accessibility !== 'protected',
  );
  const execute = publicMethods.find(
    (member) => member.type === 'MethodDefinition' && member.key.type === 'Identifier' && member.key.name === 'execute',
  );
  if (execute === undefined) {
    report(declaration.start, 'a use case has one public method, execute');
    return;
  }
  for (const other of publicMethods) if (other !== execute) report(other.start, 'a second verb is a second use case');
  if (execute.type !== 'MethodDefinition') return;
  const [actor] = execute.value.params;
  const first = execute.value.body?.body[0];
  if (actor?.type !== 'Identifier' || actor.name !== 'actor') report(execute.start, 'execute takes the actor first');
  else if (!isAuthorization(first, actor.name) || !isAwaited(first)) {
    report(first?.start ?? execute.start, "begin with: await authorize(actor, 'noun.verb', resource)");
  }
}

export const securityRules: readonly Rule[] = [
  fileRule('security/cipher-home', 'Ciphers live in packages/crypto.', (file, report) => {
    if (isTool(file) || file.path.startsWith('packages/crypto/')) return;
    walk(file.program, (node) => {
      if (node.type === 'Identifier' && /^create(?:Cipher|Decipher)iv$/.test(node.name)) {
        report(node.start, 'use seal and unseal of @quantumvault/crypto');
      }
    });
  }),

  fileRule('security/sql-parameters', 'SQL takes values as parameters.', (file, report) => {
    // Clients have no database, and their words for people may well begin with "Update".
    if (isTool(file) || !/^(?:apps\/server|packages|providers)\//.test(file.path)) return;
    walk(file.program, (node, parent) => {
      if (node.type !== 'TemplateLiteral' && node.type !== 'BinaryExpression') return;
      if (parent?.type === 'TaggedTemplateExpression' || parent?.type === 'BinaryExpression') return;
      const text = firstText(node);
      const isSql = sqlStart.test(text) || (isQueryArgument(node, parent) && (anySqlStart.test(text) || text === ''));
      if (isSql && splicesValues(node)) report(node.start, 'pass values as $1, $2; quote names with escapeIdentifier');
    });
  }),

  // ACC-1: isolation starts with authorisation in every use case, so a use case without it does not pass the build.
  fileRule('security/authorize-first', 'A use case authorises first.', (file, report) => {
    if (file.isTest || file.zone.kind !== 'module' || file.zone.layer !== 'usecase') return;
    for (const statement of file.program.body) {
      if (statement.type === 'ExportNamedDeclaration' && statement.declaration !== null) {
        judgeUseCase(statement.declaration, report);
      }
    }
  }),
];
