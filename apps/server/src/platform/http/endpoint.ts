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
import { type Actor, internalRequest, type RequestFacts } from '../../kernel/actor.ts';
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

/** The parsed request: `@Input() input: RouteInput<typeof routes.getAsset>`. */
export const Input = createParamDecorator(
  (_: unknown, context: ExecutionContext): RouteInput<RouteContract> =>
    requestOf(context).qv.input as RouteInput<RouteContract>,
);

/** The actor that the authentication hook built. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = requestOf(context).qv;
  if (actor === null) throw kernelErrors.INTERNAL({ detail: 'a route without authentication asked for its actor' });
  return actor;
});

/** What is known of a request for which there is no actor, such as one that leads to a credential. */
export const CurrentRequest = createParamDecorator((_: unknown, context: ExecutionContext): RequestFacts => {
  const request = requestOf(context);
  return { ...internalRequest(request.qv.id), sourceAddress: request.ip };
});

/** The version in `If-Match`; only on routes whose contract requires the header. */
export const ExpectedVersion = createParamDecorator((_: unknown, context: ExecutionContext): number => {
  const { expectedVersion } = requestOf(context).qv;
  if (expectedVersion === null) throw kernelErrors.REQUEST_IF_MATCH_REQUIRED();
  return expectedVersion;
});
