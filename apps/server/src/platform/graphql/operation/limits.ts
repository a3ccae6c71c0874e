/**
 * IFC-2, attack case 19: what a GraphQL operation may be, judged before anything of it is resolved. The numbers leave room
 * for the widest screen of the console several times over; a client that needs more asks twice.
 */
export const graphqlLimits = {
  /** Characters of a document; its variables are bounded by the body of the request. */
  documentCharacters: 20_000,
  /** Tokens: bounds the work of parser and validator, which see hostile text first. */
  tokens: 2_000,
  /** Operations and fragments in one document. */
  definitions: 20,
  variables: 30,
  /** Levels of selections, fragments unfolded. The deepest answer of the interface has about seven. */
  depth: 12,
  /** An introspection query of the common tools nests the wrappers of types this deep. */
  introspectionDepth: 18,
  /** Fields after fragments have been unfolded, before lists are multiplied. */
  fields: 1_000,
  /** Names given to fields by the caller: the way to ask for one thing many times. */
  aliases: 15,
  introspectionAliases: 5,
  directives: 20,
  /** Fields of the root: each is one use case, counted against the rate like one request. */
  rootFields: 10,
  /** Cost of one operation, see operation-cost.ts. */
  cost: 20_000,
  /** Levels of objects and lists within a variable. */
  variableDepth: 32,
  /** Errors that an answer names; more say nothing new. */
  errors: 20,
  /** Use cases of one query that run at the same time: one caller does not hold every connection to the database. */
  parallel: 4,
  /** Time after which an operation is answered as not finished, and no further field of it begins. */
  timeoutMs: 30_000,
  /** Streams that a process keeps, and those of one actor among them. */
  streams: 200,
  streamsPerActor: 5,
  /** Life of a stream; who still listens then subscribes again, with a credential that is looked at from the start. */
  streamMs: 3_600_000,
  /** A quiet stream says every so often that it is there, before anything on the way takes it for dead. */
  streamKeepAliveMs: 15_000,
  streamMessageCharacters: 1_000_000,
} as const;
