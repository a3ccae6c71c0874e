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
  GRAPHQL_STREAM_NEEDED: {
    kind: 'invalid',
    sentence: 'A subscription is answered as a stream: ask with Accept: text/event-stream.',
  },
  GRAPHQL_STREAMS_MANY: {
    kind: 'rate-limited',
    sentence: 'There are as many streams of yours, or of all, as this process keeps; close one first.',
  },
  GRAPHQL_STREAM_BEHIND: {
    kind: 'unavailable',
    sentence: 'More happened than this stream can tell; read the listing and subscribe again.',
  },
  GRAPHQL_TIMEOUT: {
    kind: 'unavailable',
    sentence: 'The operation was not finished in time; what had begun may still take effect, nothing further begins.',
  },
});
