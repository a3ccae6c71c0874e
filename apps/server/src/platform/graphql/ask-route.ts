import { kernelErrors } from '../../kernel/errors.ts';
import { idempotencyFor } from '../http/idempotency.ts';
import type { QvReply, QvRequest } from '../http/request.ts';
import type { AskRoute } from './operation/run-operation.ts';
import type { HandledRoute } from './route-handlers.ts';
import { targetOf } from './schema/route-arguments.ts';

/** Takes the headers and the status that REST would send; an answer of GraphQL has neither. */
const silentReply = {
  header: () => silentReply,
  status: () => silentReply,
} as unknown as QvReply;

/**
 * Asks a route in the name of a request to /graphql: a request of that route is put together from the arguments, and goes
 * through the same interceptors and the same controller. What the actor may do is decided where it always is.
 */
export function createAskRoute(routes: readonly HandledRoute[], request: QvRequest): AskRoute {
  const handlers = new Map(routes.map((route) => [route.contract.id, route.handle]));
  return async (contract, actor, parts) => {
    const handle = handlers.get(contract.id);
    if (handle === undefined) throw kernelErrors.REQUEST_NOT_FOUND();
    const target = targetOf(contract, parts);
    const idempotency =
      parts.idempotencyKey === null
        ? null
        : idempotencyFor(parts.idempotencyKey, { method: contract.method, target, body: parts.body });
    const asked = {
      qv: {
        ...request.qv,
        contract,
        actor: { ...actor, request: { ...actor.request, idempotency } },
        input: undefined,
        expectedVersion: null,
      },
      id: request.id,
      ip: request.ip,
      method: contract.method,
      url: target,
      params: parts.params,
      query: parts.query,
      body: parts.body,
      headers: parts.ifMatch === null ? {} : { 'if-match': `"${parts.ifMatch}"` },
    };
    return handle(asked as unknown as QvRequest, silentReply);
  };
}
