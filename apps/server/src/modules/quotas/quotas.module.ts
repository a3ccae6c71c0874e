import { Module } from '@nestjs/common';
import type { ServerSettings } from '../../config/load-settings.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { AUTHORIZE, MAY, SETTINGS, UNIT_OF_WORK } from '../../platform/tokens.ts';
import type { May } from '../access/index.ts';
import { PostgresTenancyStore } from '../tenancy/tenancy.module.ts';
import { PostgresQuotaStore } from './adapters/postgres-quota-store.ts';
import { QuotasController } from './api/quotas.controller.ts';
import type { QuotaParts } from './list-of-quotas.ts';
import { ChangeQuotas } from './usecases/change-quotas.ts';
import { GetQuotas } from './usecases/get-quotas.ts';

const partsOf = ({ quotas }: ServerSettings): QuotaParts => ({
  quotas: new PostgresQuotaStore(),
  defaults: quotas,
  tenancy: new PostgresTenancyStore(),
});

@Module({
  controllers: [QuotasController],
  providers: [
    {
      provide: GetQuotas,
      inject: [AUTHORIZE, MAY, UNIT_OF_WORK, SETTINGS],
      useFactory: (authorize: Authorize, may: May, uow: UnitOfWork, settings: ServerSettings) =>
        new GetQuotas({ authorize, may, uow, ...partsOf(settings) }),
    },
    {
      provide: ChangeQuotas,
      inject: [AUTHORIZE, UNIT_OF_WORK, SETTINGS],
      useFactory: (authorize: Authorize, uow: UnitOfWork, settings: ServerSettings) =>
        new ChangeQuotas({ authorize, uow, ...partsOf(settings) }),
    },
  ],
})
export class QuotasModule {}
