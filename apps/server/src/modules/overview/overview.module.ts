import { Module } from '@nestjs/common';
import type { Authorize } from '../../kernel/authorize.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { AUTHORIZE, CLOCK, MAY, REACH_OF, UNIT_OF_WORK } from '../../platform/tokens.ts';
import { PostgresEndingGrants } from '../access/access.module.ts';
import type { May, ReachOf } from '../access/index.ts';
import { PostgresEndingApiKeys } from '../identity/api-keys/credentials.module.ts';
import { PostgresAssetTally, PostgresEndingCertificates } from '../inventory/inventory.module.ts';
import { OverviewController } from './api/overview.controller.ts';
import { GetOverview } from './usecases/get-overview.ts';

@Module({
  controllers: [OverviewController],
  providers: [
    {
      provide: GetOverview,
      inject: [AUTHORIZE, MAY, REACH_OF, UNIT_OF_WORK, CLOCK],
      useFactory: (authorize: Authorize, may: May, reachOf: ReachOf, uow: UnitOfWork, clock: Clock) =>
        new GetOverview({
          ...{ authorize, may, reachOf, uow, clock },
          tally: new PostgresAssetTally(),
          certificates: new PostgresEndingCertificates(),
          apiKeys: new PostgresEndingApiKeys(),
          grants: new PostgresEndingGrants(),
        }),
    },
  ],
})
export class OverviewModule {}
