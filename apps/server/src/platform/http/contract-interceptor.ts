import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { RouteContract } from '@quantumvault/api';
import { catchError, from, map, mergeMap, type Observable, throwError } from 'rxjs';
import type { z } from 'zod';
import type { Actor } from '../../kernel/actor.ts';
import { AppError, type FieldProblem } from '../../kernel/app-error.ts';
import { kernelErrors } from '../../kernel/errors.ts';
import { contractKey } from './endpoint.ts';
import type { QvReply, QvRequest } from './request.ts';

type Part = 'params' | 'query' | 'body';

/** Paths of fields and what was wrong; never the value that was sent (IFC-1). */
function fieldProblems(part: Part, error: z.ZodError): FieldProblem[] {
  return error.issues.slice(0, 20).map((issue) => ({
    path: [part, ...issue.path.map(String)].join('.').slice(0, 200),
    message:
      issue.code === 'unrecognized_keys' ? 'holds a field that this route does not know' : issue.message.slice(0, 200),
  }));
}

function parsePart(part: Part, schema: z.ZodType | undefined, given: unknown): unknown {
  if (schema === undefined) {
    const empty =
      given === undefined || given === null || (typeof given === 'object' && Object.keys(given).length === 0);
    if (!empty) throw kernelErrors.REQUEST_INVALID({ fields: [{ path: part, message: 'this route takes none' }] });
    return undefined;
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw kernelErrors.REQUEST_INVALID({ fields: fieldProblems(part, parsed.error) });
  return parsed.data;
}

const etagOf = (version: number): string => `"${version}"`;

/** RFC 9110 section 13.1.2: a list of tags or `*`, compared weakly. */
function isNoneMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined || header.length > 1000) return false;
  return header.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}

function versionIn(header: string): number {
  const match = /^"([0-9]{1,9})"$/.exec(header.trim());
  if (match?.[1] === undefined) throw kernelErrors.REQUEST_ETAG_MISMATCH();
  return Number(match[1]);
}

/**
 * The one place where requests are parsed and answers are shaped: params, query and body by the contract's schemas
 * (unknown fields are refused), `If-Match`, `ETag` and 304. A route without a contract does not start (route-table.ts).
 */
/** Records that an actor asked for something that is not there, or not its own: durable before the answer (attack case 1). */
export type RecordMiss = (actor: Actor, miss: { readonly route: string; readonly id: string }) => Promise<void>;

@Injectable()
export class ContractInterceptor implements NestInterceptor {
  readonly #reflector = new Reflector();
  readonly #recordMiss: RecordMiss;

  constructor(recordMiss: RecordMiss) {
    this.#recordMiss = recordMiss;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const contract = this.#reflector.get<RouteContract | undefined>(contractKey, context.getHandler());
    if (contract === undefined) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<QvRequest>();
    const reply = http.getResponse<QvReply>();
    request.qv.input = {
      params: parsePart('params', contract.params, request.params),
      query: parsePart('query', contract.query, request.query),
      body: parsePart('body', contract.body, request.body),
    };
    if (contract.ifMatch === true) {
      const header = request.headers['if-match'];
      if (header === undefined) throw kernelErrors.REQUEST_IF_MATCH_REQUIRED();
      request.qv.expectedVersion = versionIn(header);
    }
    return next.handle().pipe(
      map((value: unknown) => this.#answer(contract, value, request, reply)),
      catchError((error: unknown) => {
        const { actor } = request.qv;
        // What the path names is what was asked for, whatever the parameter is called.
        const id = Object.values((request.params ?? {}) as Readonly<Record<string, string>>).at(-1);
        if (!(error instanceof AppError && error.kind === 'not-found') || actor === null || id === undefined) {
          return throwError(() => error);
        }
        return from(this.#recordMiss(actor, { route: contract.id, id })).pipe(mergeMap(() => throwError(() => error)));
      }),
    );
  }

  #answer(contract: RouteContract, value: unknown, request: QvRequest, reply: QvReply): unknown {
    if (contract.success.schema === undefined) return value;
    // A field that the contract does not name would be a leak: the schemas are strict, so this fails instead.
    const answer = contract.success.schema.parse(value);
    if (
      contract.etag === true &&
      typeof answer === 'object' &&
      answer !== null &&
      'version' in answer &&
      typeof answer.version === 'number'
    ) {
      const etag = etagOf(answer.version);
      reply.header('etag', etag);
      if (contract.method === 'GET' && isNoneMatch(request.headers['if-none-match'], etag)) {
        reply.status(304);
        return undefined;
      }
    }
    return answer;
  }
}
