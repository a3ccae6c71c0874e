import type { ExternalContextCreator, ModulesContainer } from '@nestjs/core';
import type { RouteContract } from '@quantumvault/api';
import { contractKey, plainParameters } from '../http/endpoint.ts';
import type { QvReply, QvRequest } from '../http/request.ts';
import type { ServedRoute } from './schema/build-schema.ts';

/** A handler behind the interceptors that REST has: the same parsing, the same shape of the answer, the same records. */
export type RouteHandler = (request: QvRequest, reply: QvReply) => Promise<unknown>;

export interface HandledRoute extends ServedRoute {
  readonly handle: RouteHandler;
}

/** Where Nest keeps the parameters of a controller's methods; under another name no handler with parameters would be plain. */
const parametersKey = '__routeArguments__';

interface ParameterMetadata {
  readonly factory?: unknown;
}

/** Whether each parameter is one that endpoint.ts derives from the parsed request and the actor. */
function isPlain(controller: object, method: string, count: number): boolean {
  const metadata: Readonly<Record<string, ParameterMetadata>> =
    Reflect.getMetadata(parametersKey, controller.constructor, method) ?? {};
  const parameters = Object.values(metadata);
  return parameters.length === count && parameters.every(({ factory }) => plainParameters.has(factory));
}

/**
 * Every method of every controller that `Endpoint` has bound to a route of the contract, in the order of the modules.
 * Nothing is registered by hand: what REST serves is found here.
 */
export function handledRoutes(modules: ModulesContainer, contexts: ExternalContextCreator): HandledRoute[] {
  const routes: HandledRoute[] = [];
  for (const { controllers } of modules.values()) {
    for (const { instance } of controllers.values()) {
      if (typeof instance !== 'object' || instance === null) continue;
      const prototype: object = Object.getPrototypeOf(instance);
      for (const method of Object.getOwnPropertyNames(prototype)) {
        const callback: unknown = Object.getOwnPropertyDescriptor(prototype, method)?.value;
        if (typeof callback !== 'function') continue;
        const contract: RouteContract | undefined = Reflect.getMetadata(contractKey, callback);
        if (contract === undefined) continue;
        routes.push({
          contract,
          isPlain: isPlain(instance, method, callback.length),
          handle: handlerOf(contexts, instance, method),
        });
      }
    }
  }
  return routes;
}

/** Custom parameters bring their own way to the request; a handler that needs another kind is not plain and never called. */
const noParameters = { exchangeKeyForValue: () => undefined };

function handlerOf(contexts: ExternalContextCreator, instance: object, method: string): RouteHandler {
  const callback: (...args: unknown[]) => unknown = Reflect.get(instance, method);
  const options = { guards: true, interceptors: true, filters: false };
  return contexts.create(
    instance,
    callback,
    method,
    parametersKey,
    noParameters,
    undefined,
    undefined,
    options,
    'http',
  );
}
