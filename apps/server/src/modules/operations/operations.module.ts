import { Module } from '@nestjs/common';
import type { Authorize } from '../../kernel/authorize.ts';
import { AUTHORIZE } from '../../platform/tokens.ts';
import { GetStatus, type StatusSource } from './get-status.ts';
import type { HealthCheck } from './health.ts';
import { OperationsController } from './operations.controller.ts';
import { HEALTH_CHECKS, SERVER_FACTS, STATUS_SOURCE } from './operations.tokens.ts';
import type { ServerFacts } from './server-facts.ts';

@Module({
  controllers: [OperationsController],
  providers: [
    {
      provide: GetStatus,
      inject: [AUTHORIZE, SERVER_FACTS, STATUS_SOURCE, HEALTH_CHECKS],
      useFactory: (authorize: Authorize, facts: ServerFacts, source: StatusSource, checks: readonly HealthCheck[]) =>
        new GetStatus({ authorize, facts, source, checks }),
    },
  ],
})
export class OperationsModule {}
export { postgresStatusSource } from './postgres-status-source.ts';
