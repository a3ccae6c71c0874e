import type { z } from 'zod';

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

type ObjectSchema = z.ZodObject;

/**
 * One route of the REST interface. The server registers it, the SDK calls it and OpenAPI describes it: all three
 * read this value, so they cannot drift apart.
 */
export interface RouteContract {
  /** Stable operation id, the method's name in the SDK. */
  readonly id: string;
  readonly method: HttpMethod;
  /** Path with `{name}` parameters, as OpenAPI writes it. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly tag: string;
  /** `none` only for health and the interface's own description; everything else needs an API key. */
  readonly auth: 'api-key' | 'none';
  readonly params?: ObjectSchema;
  readonly query?: ObjectSchema;
  readonly body?: z.ZodType;
  /** Optional `Idempotency-Key` header is honoured (POST that changes state). */
  readonly idempotent?: boolean;
  /** `If-Match` is required (428 without it) and the answer carries an `ETag`. */
  readonly ifMatch?: boolean;
  /** The answer carries an `ETag`, and `If-None-Match` may draw a 304. */
  readonly etag?: boolean;
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    readonly schema?: z.ZodType;
    /** For answers that are not JSON documents, e.g. `application/jsonl`. */
    readonly mediaType?: string;
  };
}

/** Declares a route and keeps its literal types. */
export function route<const R extends RouteContract>(contract: R): R {
  return contract;
}

type Inferred<S> = S extends z.ZodType ? z.output<S> : undefined;
type Given<S> = S extends z.ZodType ? z.input<S> : undefined;
type Part<Name extends string, T> = T extends undefined ? unknown : { readonly [K in Name]: T };

/** What a handler receives: the parsed parts of the request. */
export type RouteInput<R extends RouteContract> = Part<'params', Inferred<R['params']>> &
  Part<'query', Inferred<R['query']>> &
  Part<'body', Inferred<R['body']>>;

/** What a caller gives: the same parts before defaults are filled in; a query is optional when all of it is. */
export type RouteCall<R extends RouteContract> = Part<'params', Given<R['params']>> &
  (Given<R['query']> extends undefined ? unknown : { readonly query?: Given<R['query']> }) &
  Part<'body', Given<R['body']>>;

/** The parsed JSON of a successful answer. */
export type RouteOutput<R extends RouteContract> = R['success'] extends { schema: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;
