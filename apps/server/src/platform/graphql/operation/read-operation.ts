import {
  coerceInputValue,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  parse,
  print,
  recommendedRules,
  specifiedRules,
  typeFromAST,
  ValuesOfCorrectTypeRule,
  validate,
  visit,
} from 'graphql';
import { z } from 'zod';
import type { FieldProblem } from '../../../kernel/app-error.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import type { GraphqlInterface } from '../schema/build-schema.ts';
import { graphqlErrors } from './errors.ts';
import { graphqlLimits as limits } from './limits.ts';
import { checkCost } from './operation-cost.ts';
import { checkSize, checkTokens, checkVariableDepth } from './operation-size.ts';

/** The body of a request. One operation: a list of them (a batch) is refused, like every field that is not named here. */
export const graphqlBody = z.strictObject({
  query: z.string().min(1).max(limits.documentCharacters),
  operationName: z.string().min(1).max(100).nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

export interface ReadOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Where in the document, by line and column; the words of the library repeat what was sent, a secret perhaps (IFC-1). */
function placesOf(errors: readonly GraphQLError[], message: string): FieldProblem[] {
  return errors.slice(0, limits.errors).map(({ locations }) => {
    const place = locations?.[0];
    return { path: place === undefined ? 'query' : `query, line ${place.line}, column ${place.column}`, message };
  });
}

function parseDocument(text: string): DocumentNode {
  checkTokens(text);
  try {
    return parse(text, { maxTokens: limits.tokens });
  } catch (cause) {
    throw graphqlErrors.GRAPHQL_SYNTAX({ cause, fields: placesOf([cause as GraphQLError], 'not expected here') });
  }
}

const otherRules = [...specifiedRules, ...recommendedRules].filter((rule) => rule !== ValuesOfCorrectTypeRule);

function validateDocument(schema: GraphQLSchema, document: DocumentNode): void {
  const options = { maxErrors: limits.errors };
  const errors = validate(schema, document, otherRules, options);
  if (errors.length > 0) {
    // These name types, fields and arguments, never values. Suggestions would describe the schema where that is off.
    const fields = errors.slice(0, limits.errors).flatMap((error) => {
      const message = error.message.replace(/ Did you mean .*$/s, '').slice(0, 200);
      return placesOf([error], message);
    });
    throw graphqlErrors.GRAPHQL_INVALID({ fields });
  }
  const values = validate(schema, document, [ValuesOfCorrectTypeRule], options);
  if (values.length > 0)
    throw kernelErrors.REQUEST_INVALID({
      fields: placesOf(values, 'a value or a field that does not fit the type of the schema'),
    });
}

function chooseOperation(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === 'OperationDefinition');
  const chosen = name === null ? operations : operations.filter((operation) => operation.name?.value === name);
  const [operation] = chosen;
  if (operation === undefined || chosen.length > 1)
    throw graphqlErrors.GRAPHQL_INVALID({
      fields: [{ path: 'operationName', message: 'it must name one of the operations of the document' }],
    });
  return operation;
}

/** Judges variables as the library will, but says where and not what. Defaults are filled in by the library later. */
function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const problems: FieldProblem[] = [];
  const definitions = operation.variableDefinitions ?? [];
  const known = new Set(definitions.map(({ variable }) => variable.name.value));
  if (Object.keys(variables).some((name) => !known.has(name)))
    problems.push({ path: 'variables', message: 'holds a variable that the operation does not declare' });
  for (const definition of definitions) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) continue;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined || value === null) {
      const isMissing = isNonNullType(type) && (value === null || definition.defaultValue === undefined);
      if (isMissing) problems.push({ path: `variables.${name}`, message: `${print(definition.type)} is required` });
      continue;
    }
    coerceInputValue(value, type, (path) => {
      const where = ['variables', name, ...path.map(String)].join('.').slice(0, 200);
      problems.push({ path: where, message: 'a value or a field that does not fit the type of the schema' });
    });
  }
  if (problems.length > 0) throw kernelErrors.REQUEST_INVALID({ fields: problems.slice(0, limits.errors) });
}

const poisonous: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Attack case 27: names by which JavaScript objects are changed from outside. Fastify refuses them in bodies. */
function checkNames(document: DocumentNode): void {
  visit(document, {
    Name: (node) => {
      if (!poisonous.has(node.value)) return;
      throw kernelErrors.REQUEST_INVALID({ fields: [{ path: 'query', message: 'a name that is never data' }] });
    },
  });
}

/**
 * Attack case 19: reads an operation and judges all of it before any of it runs, the cheap limits first: characters,
 * tokens, depth, fields, aliases, cycles; then the schema; then variables and cost. Throws `ExcessError` for a limit.
 */
export function readOperation(
  body: unknown,
  api: GraphqlInterface,
  options: { readonly isIntrospectionOn: boolean },
): ReadOperation {
  const parsed = graphqlBody.safeParse(body);
  if (!parsed.success) {
    const fields = parsed.error.issues.slice(0, limits.errors).map(({ code, path, message }) => ({
      path: ['body', ...path.map(String)].join('.').slice(0, 200),
      message: code === 'unrecognized_keys' ? 'holds a field that this route does not know' : message.slice(0, 200),
    }));
    throw kernelErrors.REQUEST_INVALID({ fields });
  }
  const { query, operationName, variables } = parsed.data;
  checkVariableDepth(variables ?? {});
  const document = parseDocument(query);
  checkSize(document, options);
  checkNames(document);
  validateDocument(api.schema, document);
  const operation = chooseOperation(document, operationName ?? null);
  checkVariables(api.schema, operation, variables ?? {});
  const fragments = new Map<string, FragmentDefinitionNode>(
    document.definitions.flatMap((definition) =>
      definition.kind === 'FragmentDefinition' ? [[definition.name.value, definition] as const] : [],
    ),
  );
  checkCost({ schema: api.schema, routes: api.fields, operation, fragments, variables: variables ?? {} });
  return { document, operation, variables: variables ?? {} };
}
