import { Module } from '@nestjs/common';
import { parseCidr, type ScanGuard } from '@quantumvault/inventory';
import { ConnectionLimiter, scanTls } from '@quantumvault/providers/discovery/tls';
import type { ServerSettings } from '../../config/load-settings.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { AUTHORIZE, CLOCK, NEW_ID, SETTINGS, UNIT_OF_WORK } from '../../platform/tokens.ts';
import { ENQUEUE_JOB, type EnqueueJob, JobsModule } from '../jobs/index.ts';
import { PostgresAssetRepository } from './adapters/postgres-asset-repository.ts';
import { AssetsController, DiscoveryController } from './api/assets.controller.ts';
import { createPlanTlsScan } from './plan-tls-scan.ts';
import type { AssetRepository } from './ports/asset-repository.ts';
import type { TlsScanner } from './ports/tls-scanner.ts';
import { createRecordTlsScans, type RecordTlsScans } from './record-tls-scans.ts';
import { ScanTlsJob } from './scan-tls-job.ts';
import { ASSET_REPOSITORY, PLAN_TLS_SCAN, RECORD_TLS_SCANS, TLS_SCANNER } from './tokens.ts';
import { ArchiveAsset } from './usecases/archive-asset.ts';
import { ClassifyAsset } from './usecases/classify-asset.ts';
import { CreateAsset } from './usecases/create-asset.ts';
import { DiscoverTls } from './usecases/discover-tls.ts';
import { GetAsset } from './usecases/get-asset.ts';
import { ImportTls } from './usecases/import-tls.ts';
import { ListAssets } from './usecases/list-assets.ts';

/**
 * INV-7: from the server only public addresses and the networks that the operator allowed; the limits on connections
 * hold for all scans of this process together. Throws when a network of the list is not one.
 */
export function createTlsScanner(options: { scanAllow: readonly string[]; clock: Clock }): TlsScanner {
  const guard: ScanGuard = { mode: 'server', allow: options.scanAllow.map(parseCidr) };
  const limiter = new ConnectionLimiter();
  return {
    scan: (targets, { signal, onOutcome }) =>
      scanTls(targets, { guard, limiter, signal, onOutcome, now: () => options.clock.now() }),
  };
}

type Deps = { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository };
const onAssets = <T>(useCase: new (deps: Deps) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, ASSET_REPOSITORY],
  useFactory: (authorize: Authorize, uow: UnitOfWork, assets: AssetRepository) =>
    new useCase({ authorize, uow, assets }),
});

@Module({
  imports: [JobsModule],
  controllers: [AssetsController, DiscoveryController],
  providers: [
    { provide: ASSET_REPOSITORY, useFactory: () => new PostgresAssetRepository() },
    {
      provide: TLS_SCANNER,
      inject: [SETTINGS, CLOCK],
      useFactory: (settings: ServerSettings, clock: Clock) =>
        createTlsScanner({ scanAllow: settings.scanAllow, clock }),
    },
    {
      provide: RECORD_TLS_SCANS,
      inject: [ASSET_REPOSITORY, NEW_ID],
      useFactory: (assets: AssetRepository, newId: NewId) => createRecordTlsScans({ assets, newId }),
    },
    {
      provide: ScanTlsJob,
      inject: [TLS_SCANNER, RECORD_TLS_SCANS, CLOCK],
      useFactory: (scanner: TlsScanner, record: RecordTlsScans, clock: Clock) =>
        new ScanTlsJob({ scanner, record, clock }),
    },
    {
      provide: CreateAsset,
      inject: [AUTHORIZE, UNIT_OF_WORK, ASSET_REPOSITORY, NEW_ID],
      useFactory: (authorize: Authorize, uow: UnitOfWork, assets: AssetRepository, newId: NewId) =>
        new CreateAsset({ authorize, uow, assets, newId }),
    },
    onAssets(ListAssets),
    onAssets(GetAsset),
    onAssets(ClassifyAsset),
    onAssets(ArchiveAsset),
    {
      provide: PLAN_TLS_SCAN,
      inject: [ASSET_REPOSITORY],
      useFactory: (assets: AssetRepository) => createPlanTlsScan({ assets }),
    },
    {
      provide: DiscoverTls,
      inject: [AUTHORIZE, UNIT_OF_WORK, ASSET_REPOSITORY, ENQUEUE_JOB],
      useFactory: (authorize: Authorize, uow: UnitOfWork, assets: AssetRepository, enqueue: EnqueueJob) =>
        new DiscoverTls({ authorize, uow, assets, enqueue }),
    },
    {
      provide: ImportTls,
      inject: [AUTHORIZE, UNIT_OF_WORK, ASSET_REPOSITORY, RECORD_TLS_SCANS, CLOCK],
      useFactory: (
        authorize: Authorize,
        uow: UnitOfWork,
        assets: AssetRepository,
        record: RecordTlsScans,
        clock: Clock,
      ) => new ImportTls({ authorize, uow, assets, record, clock }),
    },
  ],
  exports: [ASSET_REPOSITORY, PLAN_TLS_SCAN, ScanTlsJob],
})
export class InventoryModule {}
