import type { FastifyInstance } from 'fastify';
import { type Actor, internalRequest } from '../../kernel/actor.ts';
import { kernelErrors } from '../../kernel/errors.ts';
import type { NewId } from '../../kernel/ids.ts';
import { idempotencyFor, idempotencyKey } from './idempotency.ts';
import { type PresentedCredentials, presentedBy } from './presented-credentials.ts';
import type { QvReply, QvRequest } from './request.ts';
import { contractOf, uncontracted } from './route-table.ts';

/** Builds the actor from a request's credentials, or throws `IDENTITY_UNAUTHENTICATED`; the identity module provides it. */
export interface Authenticator {
  authenticate(presented: PresentedCredentials, request: Actor['request']): Promise<Actor>;
}

/** Counts a request against its address and throws `REQUEST_RATE_LIMITED` when there were too many (ACC-10). */
export type TakeRate = (request: QvRequest, reply: QvReply) => Promise<void>;

export interface RequestHooksOptions {
  readonly takeRate: TakeRate;
  readonly newId: NewId;
  readonly monotonicMs: () => number;
  readonly authenticator: Authenticator;
  readonly isStopping: () => boolean;
  /** The listener speaks TLS. */
  readonly isSecure: boolean;
  /** The listener is bound to this host alone. */
  readonly isLoopbackOnly: boolean;
  readonly onResponse: (facts: { endpoint: string; method: string; status: number; durationMs: number }) => void;
}

const loopback = /^(127\.|::1$|::ffff:127\.)/;

const loopbackHost = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?$/i;

/** A page from elsewhere may point its own name at this host (DNS rebinding): on a loopback listener only our names answer. */
function isHostAllowed(request: QvRequest, isLoopbackOnly: boolean): boolean {
  const hosts = request.raw.rawHeaders.filter(
    (value, index) => index % 2 === 0 && value.toLowerCase() === 'host',
  ).length;
  return hosts === 1 && (!isLoopbackOnly || loopbackHost.test(request.headers.host ?? ''));
}

/** `Idempotency-Key` with the hash of what it stands for; the body is added after it has been read. */
function idempotencyOf(request: QvRequest): Actor['request']['idempotency'] {
  const key = request.headers['idempotency-key'];
  if (key === undefined || request.qv.contract?.idempotent !== true) return null;
  return { key: idempotencyKey(key), requestHash: new Uint8Array(32) };
}

/** Hooks in the order in which a request meets them: identity of the request, rate limit, then authentication, before any byte of the body is parsed. */
export function installRequestHooks(fastify: FastifyInstance, options: RequestHooksOptions): void {
  fastify.addHook('onRequest', async (rawRequest, reply) => {
    const request = rawRequest as QvRequest;
    const id = options.newId<string>();
    request.qv = {
      id,
      facts: { ...internalRequest(id), sourceAddress: request.ip },
      startedAt: options.monotonicMs(),
      contract: null,
      actor: null,
      renewActor: null,
      input: undefined,
      expectedVersion: null,
    };
    reply.header('x-request-id', request.qv.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-store');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    if (options.isSecure) reply.header('strict-transport-security', 'max-age=31536000');
    if (!isHostAllowed(request, options.isLoopbackOnly)) throw kernelErrors.REQUEST_HOST_REFUSED();
    await options.takeRate(request, reply);
    if (options.isStopping() && request.routeOptions.url !== '/health/live') throw kernelErrors.SERVER_STOPPING();
  });

  fastify.addHook('onRequest', async (rawRequest) => {
    const request = rawRequest as QvRequest;
    const url = request.routeOptions.url;
    // Unknown paths reach the not-found handler; they have nothing to protect.
    if (url === undefined) return;
    const contract = contractOf(request.method, url);
    request.qv.contract = contract;
    if (contract === null) {
      const exemption = uncontracted[`${request.method === 'HEAD' ? 'GET' : request.method} ${url}`];
      if (exemption === undefined) throw kernelErrors.REQUEST_NOT_FOUND();
      if (exemption.auth === 'none' || (exemption.auth === 'loopback-or-key' && loopback.test(request.ip))) return;
    } else if (contract.auth === 'none') return;
    const { facts } = request.qv;
    const authenticate = () => options.authenticator.authenticate(presentedBy(request), facts);
    const actor = await authenticate();
    request.qv.renewActor = authenticate;
    request.qv.actor = { ...actor, request: { ...facts, idempotency: idempotencyOf(request) } };
  });

  // The hash covers method, path and the body as parsed, so that a key cannot be reused for another request.
  fastify.addHook('preValidation', async (rawRequest) => {
    const request = rawRequest as QvRequest;
    const actor = request.qv.actor;
    if (actor?.request.idempotency == null) return;
    const { key } = actor.request.idempotency;
    const idempotency = idempotencyFor(key, { method: request.method, target: request.url, body: request.body });
    request.qv.actor = { ...actor, request: { ...actor.request, idempotency } };
  });

  fastify.addHook('onResponse', async (rawRequest, reply: QvReply) => {
    const request = rawRequest as QvRequest;
    options.onResponse({
      endpoint: request.routeOptions.url ?? 'unknown',
      method: request.method,
      status: reply.statusCode,
      durationMs: options.monotonicMs() - (request.qv?.startedAt ?? options.monotonicMs()),
    });
  });
}
