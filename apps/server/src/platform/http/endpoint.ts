import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import type { RouteContract, RouteInput } from '@quantumvault/api';
import type { Actor, RequestFacts } from '../../kernel/actor.ts';
import { kernelErrors } from '../../kernel/errors.ts';
import type { QvRequest } from './request.ts';

export const contractKey = 'quantumvault:contract';

/** Binds a controller's method to a route of the contract; parsing, status, ETag and the answer's shape follow from it. */
export const Endpoint = (contract: RouteContract): MethodDecorator =>
  applyDecorators(
    RequestMapping({ method: RequestMethod[contract.method], path: contract.path.replaceAll(/\{(\w+)\}/g, ':$1') }),
    HttpCode(contract.success.status),
    SetMetadata(contractKey, contract),
  );

const requestOf = (context: ExecutionContext): QvRequest => context.switchToHttp().getRequest<QvRequest>();

const inputOf = (_: unknown, context: ExecutionContext): RouteInput<RouteContract> =>
  requestOf(context).qv.input as RouteInput<RouteContract>;

const actorOf = (_: unknown, context: ExecutionContext): Actor => {
  const { actor } = requestOf(context).qv;
  if (actor === null) throw kernelErrors.INTERNAL({ detail: 'a route without authentication asked for its actor' });
  return actor;
};

/** What is known of a request for which there is no actor, such as one that leads to a credential. */
export const CurrentRequest = createParamDecorator((_: unknown, context: ExecutionContext): RequestFacts => {
  return requestOf(context).qv.facts;
});

const expectedVersionOf = (_: unknown, context: ExecutionContext): number => {
  const { expectedVersion } = requestOf(context).qv;
  if (expectedVersion === null) throw kernelErrors.REQUEST_IF_MATCH_REQUIRED();
  return expectedVersion;
};

/** The parsed request: `@Input() input: RouteInput<typeof routes.getAsset>`. */
export const Input = createParamDecorator(inputOf);

/** The actor that the authentication hook built. */
export const CurrentActor = createParamDecorator(actorOf);

/** The version in `If-Match`; only on routes whose contract requires the header. */
export const ExpectedVersion = createParamDecorator(expectedVersionOf);

/** What a handler may take and still be asked by another transport than HTTP (platform/graphql). */
export const plainParameters: ReadonlySet<unknown> = new Set([inputOf, actorOf, expectedVersionOf]);
