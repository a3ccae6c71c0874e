import { defineErrors } from '../../../kernel/app-error.ts';

export const graphqlErrors = defineErrors({
  GRAPHQL_SYNTAX: { kind: 'invalid', sentence: 'The document is not well-formed GraphQL.' },
  GRAPHQL_INVALID: { kind: 'invalid', sentence: 'The document does not fit the schema.' },
  GRAPHQL_LIMIT: {
    kind: 'invalid',
    sentence: 'The operation is larger than this server executes; ask for less, or in several requests.',
  },
  GRAPHQL_INTROSPECTION_OFF: {
    kind: 'forbidden',
    sentence: 'This server does not describe its schema (QV_GRAPHQL_INTROSPECTION).',
  },
  GRAPHQL_TIMEOUT: {
    kind: 'unavailable',
    sentence: 'The operation was not finished in time; what had begun may still take effect, nothing further begins.',
  },
});
