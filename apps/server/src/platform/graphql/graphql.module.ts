import { Module } from '@nestjs/common';
import { ExternalContextCreator, ModulesContainer } from '@nestjs/core';
import type { ServerSettings } from '../../config/load-settings.ts';
import { SETTINGS } from '../tokens.ts';
import { GraphqlController } from './graphql.controller.ts';
import { GraphqlRoutes } from './graphql-routes.ts';

@Module({
  controllers: [GraphqlController],
  providers: [
    {
      provide: GraphqlRoutes,
      inject: [ModulesContainer, ExternalContextCreator, SETTINGS],
      useFactory: (modules: ModulesContainer, contexts: ExternalContextCreator, settings: ServerSettings) =>
        new GraphqlRoutes({ modules, contexts, isIntrospectionOn: settings.graphqlIntrospection === 'on' }),
    },
  ],
})
export class GraphqlModule {}
