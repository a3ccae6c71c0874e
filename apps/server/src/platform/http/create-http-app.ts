import type { ServerOptions } from 'node:https';
import rateLimit from '@fastify/rate-limit';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { kernelErrors } from '../../kernel/errors.ts';
import type { Logger } from '../logging/logger.ts';
import { ContractInterceptor, type RecordMiss } from './contract-interceptor.ts';
import { ProblemFilter } from './problem-filter.ts';
import { installRequestHooks, type RequestHooksOptions, type TakeRate } from './request-hooks.ts';
import { assertRouteIsKnown } from './route-table.ts';

// Half-sent requests hold memory; more than this many connections at once are closed at once.
const connectionsMax = 2_000;

export interface HttpAppOptions extends Omit<RequestHooksOptions, 'takeRate'> {
  readonly module: Parameters<typeof NestFactory.create>[0];
  readonly bodyBytesMax: number;
  readonly rateLimitPerMinute: number;
  readonly logger: Logger;
  readonly recordMiss: RecordMiss;
  /** Options of `https.createServer`, or null for plain HTTP. */
  readonly tls: ServerOptions | null;
}

/** An IPv6 client holds at least a /64: limits count the network, not the address. */
export function rateLimitKey(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  // The first half of the address, written out: `::` may stand anywhere in the compressed text.
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? front : [...front, ...Array(8 - front.length - back.length).fill('0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

function listenerOf(tls: ServerOptions | null) {
  const limits = { headersTimeout: 20_000, maxHeaderSize: 16_384 };
  return tls === null ? { http: limits } : { https: { ...tls, ...limits } };
}

/** Builds the Fastify server with our hooks around Nest's controllers. It does not listen yet. */
export async function createHttpApp(options: HttpAppOptions): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: options.bodyBytesMax,
    trustProxy: false,
    requestTimeout: 60_000,
    connectionTimeout: 120_000,
    keepAliveTimeout: 10_000,
    forceCloseConnections: 'idle',
    ...listenerOf(options.tls),
    routerOptions: { maxParamLength: 200 },
    exposeHeadRoutes: false,
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) assertRouteIsKnown(method, route.url);
  });
  await fastify.register(rateLimit, { global: false });
  const checkRate = fastify.createRateLimit({
    max: options.rateLimitPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => rateLimitKey(request.ip),
  });
  const takeRate: TakeRate = async (request, reply) => {
    const rate = await checkRate(request as never);
    if (rate.isAllowed) return;
    reply.header('ratelimit', `limit=${rate.max}, remaining=${rate.remaining}, reset=${rate.ttlInSeconds}`);
    if (rate.isExceeded) throw kernelErrors.REQUEST_RATE_LIMITED({ retryAfterSeconds: rate.ttlInSeconds });
  };
  installRequestHooks(fastify as unknown as Parameters<typeof installRequestHooks>[0], { ...options, takeRate });

  const app = await NestFactory.create<NestFastifyApplication>(options.module, adapter, {
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter(options.logger));
  app.useGlobalInterceptors(new ContractInterceptor(options.recordMiss));
  await app.init();
  app.getHttpServer().maxConnections = connectionsMax;
  // JSON is the only body: a form or plain text, which a foreign page may send without asking, is 415.
  fastify.removeContentTypeParser(['text/plain', 'application/x-www-form-urlencoded']);
  return app;
}
