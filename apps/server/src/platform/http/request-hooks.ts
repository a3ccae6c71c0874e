import { sha256 } from '@quantumvault/crypto';
import type { FastifyInstance } from 'fastify';
import { type Actor, internalRequest } from '../../kernel/actor.ts';
import { kernelErrors } from '../../kernel/errors.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { clientAddress, type TrustedProxies } from './client-address.ts';
import { noteVerdict } from './limit-headers.ts';
import { type PresentedCredentials, presentedBy } from './presented-credentials.ts';
import type { QvReply, QvRequest } from './request.ts';
import { contractOf, uncontracted } from './route-table.ts';

/** Builds the actor from a request's credentials, or throws `IDENTITY_UNAUTHENTICATED`; the identity module provides it. */
export interface Authenticator {
  authenticate(presented: PresentedCredentials, request: Actor['request']): Promise<Actor>;
}

export interface RequestHooksOptions {
  readonly limiter: Pick<RateLimiter, 'takeAddress' | 'takeIdentity'>;
  readonly trustedProxies: TrustedProxies;
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

const loopback = /^(127\.|::1$)/;

const loopbackHost = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?$/i;

/** A page from elsewhere may point its own name at this host (DNS rebinding): on a loopback listener only our names answer. */
function isHostAllowed(request: QvRequest, isLoopbackOnly: boolean): boolean {
  const hosts = request.raw.rawHeaders.filter(
    (value, index) => index % 2 === 0 && value.toLowerCase() === 'host',
  ).length;
  return hosts === 1 && (!isLoopbackOnly || loopbackHost.test(request.headers.host ?? ''));
}

/** Whose request it is (attack case 24): the other end of the socket, or what trusted proxies say. */
function addressOf(request: QvRequest, trusted: TrustedProxies): string | null {
  const header = request.headers[trusted.header];
  return clientAddress(
    { peer: request.raw.socket.remoteAddress, header: Array.isArray(header) ? header.join(',') : header },
    trusted,
  );
}

/** A proxy on this host is no proof that the request began here, whether or not it is trusted. */
const isFromThisHost = ({ qv, headers }: QvRequest): boolean =>
  qv.facts.sourceAddress !== null &&
  loopback.test(qv.facts.sourceAddress) &&
  [headers['x-forwarded-for'], headers.forwarded, headers.via].every((header) => header === undefined);

/** `Idempotency-Key` with the hash of what it stands for; the body is added after it has been read. */
function idempotencyOf(request: QvRequest): Actor['request']['idempotency'] {
  const key = request.headers['idempotency-key'];
  if (key === undefined || request.qv.contract?.idempotent !== true) return null;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw kernelErrors.IDEMPOTENCY_KEY_INVALID();
  return { key, requestHash: new Uint8Array(32) };
}

/** Hooks in the order in which a request meets them: identity of the request, rate limit, then authentication, before any byte of the body is parsed. */
export function installRequestHooks(fastify: FastifyInstance, options: RequestHooksOptions): void {
  fastify.addHook('onRequest', async (rawRequest, reply) => {
    const request = rawRequest as QvRequest;
    const id = options.newId<string>();
    const url = request.routeOptions.url;
    request.qv = {
      id,
      facts: internalRequest(id),
      startedAt: options.monotonicMs(),
      limits: null,
      contract: url === undefined ? null : contractOf(request.method, url),
      actor: null,
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
    const { qv } = request;
    const sourceAddress = addressOf(request, options.trustedProxies);
    qv.facts = { ...qv.facts, sourceAddress };
    noteVerdict(request, reply, options.limiter.takeAddress(sourceAddress, qv.contract?.rateClass ?? 'default'));
    if (options.isStopping() && url !== '/health/live') throw kernelErrors.SERVER_STOPPING();
  });

  fastify.addHook('onRequest', async (rawRequest, reply) => {
    const request = rawRequest as QvRequest;
    const url = request.routeOptions.url;
    // Unknown paths reach the not-found handler; they have nothing to protect.
    if (url === undefined) return;
    const { contract } = request.qv;
    if (contract === null) {
      const exemption = uncontracted[`${request.method === 'HEAD' ? 'GET' : request.method} ${url}`];
      if (exemption === undefined) throw kernelErrors.REQUEST_NOT_FOUND();
      if (exemption.auth === 'none' || isFromThisHost(request)) return;
    } else if (contract.auth === 'none') return;
    const { facts } = request.qv;
    const actor = await options.authenticator.authenticate(presentedBy(request), facts);
    noteVerdict(request, reply, options.limiter.takeIdentity(actor, contract?.rateClass ?? 'default'));
    request.qv.actor = { ...actor, request: { ...facts, idempotency: idempotencyOf(request) } };
  });

  // The hash covers method, path and the body as parsed, so that a key cannot be reused for another request.
  fastify.addHook('preValidation', async (rawRequest) => {
    const request = rawRequest as QvRequest;
    const actor = request.qv.actor;
    if (actor?.request.idempotency == null) return;
    const requestHash = sha256(
      Buffer.from(JSON.stringify([request.method, request.url, request.body ?? null]), 'utf8'),
    );
    request.qv.actor = {
      ...actor,
      request: { ...actor.request, idempotency: { key: actor.request.idempotency.key, requestHash } },
    };
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
