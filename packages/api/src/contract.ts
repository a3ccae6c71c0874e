import type { z } from 'zod';
import type { Permission } from './permissions.ts';

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

type ObjectSchema = z.ZodObject;

interface RouteFacts {
  /** Stable operation id, the method's name in the SDK. */
  readonly id: string;
  readonly method: HttpMethod;
  /** Path with `{name}` parameters, as OpenAPI writes it. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly tag: string;
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
  /**
   * Offered as a subscription too: the answer whenever it differs, the items of a page that are new, or those that are new or
   * have changed. The last wants a query `order: 'changed'` and items with an `id` and a `changedAt`.
   */
  readonly watch?: 'changes' | 'new-items' | 'changed-items';
  /** What the limits count a request as (ACC-10); `sign-in` guesses at secrets, `costly` makes the server work. */
  readonly rateClass?: 'default' | 'sign-in' | 'costly';
}

/** Who may call: everybody, or an actor with the permission that the use case demands first (ACC-1). */
type RouteAccess =
  | {
      /** Only for health, the interface's own description and what leads to a credential. */
      readonly auth: 'none';
    }
  | {
      readonly auth: 'actor';
      readonly permission: Permission;
      /** A fresh proof of identity is demanded (ACC-5). */
      readonly stepUp?: true;
    };

/**
 * One route of the REST interface. The server registers it, the SDK calls it and OpenAPI describes it: all three
 * read this value, so they cannot drift apart.
 */
export type RouteContract = RouteFacts & RouteAccess;

/** What a route for actors demands; spread into its declaration. */
export const may = <const P extends Permission>(permission: P) => ({ auth: 'actor', permission }) as const;

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
