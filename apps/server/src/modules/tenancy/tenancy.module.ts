import { Module } from '@nestjs/common';
import type { Authorize } from '../../kernel/authorize.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { AUTHORIZE, UNIT_OF_WORK } from '../../platform/tokens.ts';
import { ListEnvironments } from './list-environments.ts';
import { PostgresTenancyStore } from './postgres-tenancy-store.ts';
import { TenancyController } from './tenancy.controller.ts';

@Module({
  controllers: [TenancyController],
  providers: [
    {
      provide: ListEnvironments,
      inject: [AUTHORIZE, UNIT_OF_WORK],
      useFactory: (authorize: Authorize, uow: UnitOfWork) =>
        new ListEnvironments({ authorize, uow, store: new PostgresTenancyStore() }),
    },
  ],
})
export class TenancyModule {}
export { PostgresTenancyStore } from './postgres-tenancy-store.ts';
