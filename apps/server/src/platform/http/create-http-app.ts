import type { ServerOptions } from 'node:https';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { readConsole } from './console-files.ts';
import { ContractInterceptor, type RecordMiss } from './contract-interceptor.ts';
import { ProblemFilter, type ProblemFilterOptions } from './problem-filter.ts';
import { installRequestHooks, type RequestHooksOptions } from './request-hooks.ts';
import { assertRouteIsKnown } from './route-table.ts';
import { serveConsole } from './serve-console.ts';

// Half-sent requests hold memory; more than this many connections at once are closed at once.
const connectionsMax = 2_000;

export interface HttpAppOptions extends RequestHooksOptions, ProblemFilterOptions {
  readonly module: Parameters<typeof NestFactory.create>[0];
  readonly bodyBytesMax: number;
  readonly recordMiss: RecordMiss;
  /** Where the built console is; a folder that does not exist means: no console. */
  readonly consoleFolder: string;
  /** Options of `https.createServer`, or null for plain HTTP. */
  readonly tls: ServerOptions | null;
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
  installRequestHooks(fastify as unknown as Parameters<typeof installRequestHooks>[0], options);

  serveConsole(fastify as unknown as Parameters<typeof serveConsole>[0], readConsole(options.consoleFolder));

  const app = await NestFactory.create<NestFastifyApplication>(options.module, adapter, {
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter(options));
  app.useGlobalInterceptors(new ContractInterceptor(options.recordMiss));
  await app.init();
  app.getHttpServer().maxConnections = connectionsMax;
  // JSON is the only body: a form or plain text, which a foreign page may send without asking, is 415.
  fastify.removeContentTypeParser(['text/plain', 'application/x-www-form-urlencoded']);
  return app;
}
