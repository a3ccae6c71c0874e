import {
  GraphQLBoolean,
  GraphQLError,
  GraphQLFloat,
  GraphQLInt,
  GraphQLScalarType,
  GraphQLString,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { ScalarName } from './shape.ts';

const notWhole = (): GraphQLError => new GraphQLError('SafeInt takes a whole number within 2^53 - 1');

const safeInt = (value: unknown): number => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw notWhole();
  return value;
};

const graphqlSafeInt = new GraphQLScalarType<number>({
  name: 'SafeInt',
  description: 'A whole number that JSON keeps exactly, within 2^53 - 1.',
  serialize: safeInt,
  parseValue: safeInt,
  parseLiteral: (node) => {
    if (node.kind !== 'IntValue') throw notWhole();
    return safeInt(Number(node.value));
  },
});

const graphqlJson = new GraphQLScalarType<unknown>({
  name: 'JSON',
  description: 'Any JSON value: where the interface has unions or records, which GraphQL cannot express.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node: ValueNode, variables) => valueFromASTUntyped(node, variables),
});

export const scalars: Readonly<Record<ScalarName, GraphQLScalarType>> = {
  String: GraphQLString,
  Int: GraphQLInt,
  Float: GraphQLFloat,
  Boolean: GraphQLBoolean,
  SafeInt: graphqlSafeInt,
  JSON: graphqlJson,
};
