import type { ExternalContextCreator, ModulesContainer } from '@nestjs/core';
import type { QvRequest } from '../http/request.ts';
import { createAskRoute } from './ask-route.ts';
import type { AskRoute } from './operation/run-operation.ts';
import { type HandledRoute, handledRoutes } from './route-handlers.ts';
import { buildGraphqlInterface, type GraphqlInterface } from './schema/build-schema.ts';
import { StreamSlots } from './streams/stream-slots.ts';

/** What the process offers by GraphQL, found once all controllers exist; a schema that cannot be built stops the boot. */
export class GraphqlRoutes {
  readonly isIntrospectionOn: boolean;
  readonly slots = new StreamSlots();
  readonly #modules: ModulesContainer;
  readonly #contexts: ExternalContextCreator;
  #routes: readonly HandledRoute[] = [];
  #api: GraphqlInterface | null = null;

  constructor(options: {
    modules: ModulesContainer;
    contexts: ExternalContextCreator;
    isIntrospectionOn: boolean;
  }) {
    this.#modules = options.modules;
    this.#contexts = options.contexts;
    this.isIntrospectionOn = options.isIntrospectionOn;
  }

  onApplicationBootstrap(): void {
    this.#routes = handledRoutes(this.#modules, this.#contexts);
    this.#api = buildGraphqlInterface(this.#routes);
  }

  /** Before the listener closes, which waits for open answers. */
  onModuleDestroy(): void {
    this.slots.endAll();
  }

  get api(): GraphqlInterface {
    if (this.#api === null) throw new Error('GraphQL was asked before the application was complete');
    return this.#api;
  }

  asker(request: QvRequest): AskRoute {
    return createAskRoute(this.#routes, request);
  }
}
