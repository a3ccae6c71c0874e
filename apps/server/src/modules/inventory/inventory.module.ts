import { Module } from '@nestjs/common';
import { parseCidr, type ScanGuard } from '@quantumvault/inventory';
import { ConnectionLimiter, scanTls } from '@quantumvault/providers/discovery/tls';
import type { ServerSettings } from '../../config/load-settings.ts';
import type { ApprovalGate, ApprovedRunners } from '../../kernel/approvals.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { carriesOut } from '../../platform/approved-runner.ts';
import {
  APPROVALS,
  APPROVED_RUNNERS,
  AUTHORIZE,
  CLOCK,
  NEW_ID,
  REACH_OF,
  SETTINGS,
  UNIT_OF_WORK,
} from '../../platform/tokens.ts';
import type { ReachOf } from '../access/index.ts';
import { ENQUEUE_JOB, type EnqueueJob, JobsModule } from '../jobs/index.ts';
import { PostgresAssetRepository } from './adapters/postgres-asset-repository.ts';
import { PostgresFindingRepository } from './adapters/postgres-finding-repository.ts';
import { PostgresScanRepository } from './adapters/postgres-scan-repository.ts';
import { AssetEndsController, AssetsController, DiscoveryController } from './api/assets.controller.ts';
import { FindingsController } from './api/findings.controller.ts';
import { ScansController } from './api/scans.controller.ts';
import { createIsInternalScan, type IsInternalScan } from './internal-scan.ts';
import { createKeepScanOutcomes } from './keep-scan-outcomes.ts';
import { createPlanTlsScan } from './plan-tls-scan.ts';
import type { AssetRepository } from './ports/asset-repository.ts';
import type { FindingRepository } from './ports/finding-repository.ts';
import type { ScanRepository } from './ports/scan-repository.ts';
import type { TlsScanner } from './ports/tls-scanner.ts';
import { createRecordTlsScans, type RecordTlsScans } from './record-tls-scans.ts';
import { ScanTlsJob } from './scan-tls-job.ts';
import {
  ASSET_REPOSITORY,
  FINDING_REPOSITORY,
  IS_INTERNAL_SCAN,
  PLAN_TLS_SCAN,
  RECORD_TLS_SCANS,
  SCAN_REPOSITORY,
  TLS_SCANNER,
} from './tokens.ts';
import { AcceptFinding } from './usecases/accept-finding.ts';
import { ArchiveAsset } from './usecases/archive-asset.ts';
import { ClassifyAsset } from './usecases/classify-asset.ts';
import { CreateAsset } from './usecases/create-asset.ts';
import { DiscoverTls, type DiscoverTlsOptions } from './usecases/discover-tls.ts';
import { GetAsset } from './usecases/get-asset.ts';
import { GetScan } from './usecases/get-scan.ts';
import { ImportCertificates } from './usecases/import-certificates.ts';
import { ImportTls } from './usecases/import-tls.ts';
import { ListAssetScans } from './usecases/list-asset-scans.ts';
import { ListAssets } from './usecases/list-assets.ts';
import { ListFindings } from './usecases/list-findings.ts';
import { ListScanTargets } from './usecases/list-scan-targets.ts';
import { MergeAsset } from './usecases/merge-asset.ts';
import { ResumeScan, type ResumeScanOptions } from './usecases/resume-scan.ts';
import { ListScans } from './usecases/scans/list-scans.ts';
import { PreviewTlsScan } from './usecases/scans/preview-tls-scan.ts';
import { UnacceptFinding } from './usecases/unaccept-finding.ts';
import { WithdrawAsset } from './usecases/withdraw-asset.ts';

export { PostgresAssetTally } from './adapters/postgres-asset-tally.ts';
export { PostgresEndingCertificates } from './adapters/postgres-ending-certificates.ts';
export { PostgresInventoryPlaces } from './adapters/postgres-inventory-places.ts';

/** INV-7: from the server only public addresses and the networks that the operator allowed. Throws when one is none. */
export const serverScanGuard = (scanAllow: readonly string[]): ScanGuard => ({
  mode: 'server',
  allow: scanAllow.map(parseCidr),
});

/** The limits on connections hold for all scans of this process together. Throws as `serverScanGuard` does. */
export function createTlsScanner(options: { scanAllow: readonly string[]; clock: Clock }): TlsScanner {
  const opened = serverScanGuard(options.scanAllow);
  const guards: Readonly<Record<'opened' | 'public', ScanGuard>> = {
    opened,
    public: { mode: 'server', allow: [], closed: opened.allow },
  };
  const limiter = new ConnectionLimiter();
  return {
    scan: async (targets, { profile, reach, signal, onOutcome }) => {
      const guard = guards[reach];
      const now = () => options.clock.now();
      await scanTls(targets, { guard, limiter, profile, signal, onOutcome, now, keepOutcomes: false });
    },
  };
}

type Deps = {
  authorize: Authorize;
  uow: UnitOfWork;
  approvals: ApprovalGate;
  assets: AssetRepository;
  reachOf: ReachOf;
};
type DepList = [Authorize, UnitOfWork, ApprovalGate, AssetRepository, ReachOf];
const onAssets = <T>(useCase: new (deps: Deps) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, APPROVALS, ASSET_REPOSITORY, REACH_OF],
  useFactory: (...[authorize, uow, approvals, assets, reachOf]: DepList) =>
    new useCase({ authorize, uow, approvals, assets, reachOf }),
});

type FindingDeps = {
  authorize: Authorize;
  uow: UnitOfWork;
  findings: FindingRepository;
  clock: Clock;
  reachOf: ReachOf;
};
type FindingList = [Authorize, UnitOfWork, FindingRepository, Clock, ReachOf];
const onFindings = <T>(useCase: new (deps: FindingDeps) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, FINDING_REPOSITORY, CLOCK, REACH_OF],
  useFactory: (...[authorize, uow, findings, clock, reachOf]: FindingList) =>
    new useCase({ authorize, uow, findings, clock, reachOf }),
});

type PreviewList = [Authorize, UnitOfWork, ApprovalGate, IsInternalScan, Pick<ServerSettings, 'scanAllow'>];
type GatedScanList = [Authorize, UnitOfWork, ApprovalGate, AssetRepository, ScanRepository, IsInternalScan, EnqueueJob];
const onGatedScans = <T>(useCase: new (deps: DiscoverTlsOptions & ResumeScanOptions) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, APPROVALS, ASSET_REPOSITORY, SCAN_REPOSITORY, IS_INTERNAL_SCAN, ENQUEUE_JOB],
  useFactory: (...[authorize, uow, approvals, assets, scans, isInternalScan, enqueue]: GatedScanList) =>
    new useCase({ authorize, uow, approvals, assets, scans, isInternalScan, enqueue }),
});

type ScanDeps = { authorize: Authorize; uow: UnitOfWork; scans: ScanRepository };
const onScans = <T>(useCase: new (deps: ScanDeps) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, SCAN_REPOSITORY],
  useFactory: (authorize: Authorize, uow: UnitOfWork, scans: ScanRepository) => new useCase({ authorize, uow, scans }),
});

@Module({
  imports: [JobsModule],
  controllers: [AssetsController, AssetEndsController, FindingsController, ScansController, DiscoveryController],
  providers: [
    { provide: ASSET_REPOSITORY, useFactory: () => new PostgresAssetRepository() },
    {
      provide: FINDING_REPOSITORY,
      inject: [NEW_ID],
      useFactory: (newId: NewId) => new PostgresFindingRepository({ newId }),
    },
    {
      provide: TLS_SCANNER,
      inject: [SETTINGS, CLOCK],
      useFactory: (settings: ServerSettings, clock: Clock) =>
        createTlsScanner({ scanAllow: settings.scanAllow, clock }),
    },
    {
      provide: ImportCertificates,
      inject: [AUTHORIZE, UNIT_OF_WORK, ASSET_REPOSITORY, NEW_ID, CLOCK],
      useFactory: (authorize: Authorize, uow: UnitOfWork, assets: AssetRepository, newId: NewId, clock: Clock) =>
        new ImportCertificates({ authorize, uow, assets, newId, clock }),
    },
    {
      provide: RECORD_TLS_SCANS,
      inject: [ASSET_REPOSITORY, FINDING_REPOSITORY, NEW_ID],
      useFactory: (assets: AssetRepository, findings: FindingRepository, newId: NewId) =>
        createRecordTlsScans({ assets, findings, newId }),
    },
    { provide: SCAN_REPOSITORY, useFactory: () => new PostgresScanRepository() },
    {
      provide: ScanTlsJob,
      inject: [TLS_SCANNER, SCAN_REPOSITORY, ASSET_REPOSITORY, RECORD_TLS_SCANS, APPROVALS, CLOCK],
      useFactory: (
        scanner: TlsScanner,
        scans: ScanRepository,
        assets: AssetRepository,
        record: RecordTlsScans,
        approvals: ApprovalGate,
        clock: Clock,
      ) =>
        new ScanTlsJob({ scanner, scans, keep: createKeepScanOutcomes({ assets, scans, record }), approvals, clock }),
    },
    {
      provide: ListAssetScans,
      inject: [AUTHORIZE, UNIT_OF_WORK, ASSET_REPOSITORY, SCAN_REPOSITORY],
      useFactory: (authorize: Authorize, uow: UnitOfWork, assets: AssetRepository, scans: ScanRepository) =>
        new ListAssetScans({ authorize, uow, assets, scans }),
    },
    onScans(GetScan),
    onScans(ListScanTargets),
    {
      provide: ListScans,
      inject: [AUTHORIZE, UNIT_OF_WORK, SCAN_REPOSITORY, REACH_OF],
      useFactory: (authorize: Authorize, uow: UnitOfWork, scans: ScanRepository, reachOf: ReachOf) =>
        new ListScans({ authorize, uow, scans, reachOf }),
    },
    {
      provide: PreviewTlsScan,
      inject: [AUTHORIZE, UNIT_OF_WORK, APPROVALS, IS_INTERNAL_SCAN, SETTINGS],
      useFactory: (...[authorize, uow, approvals, isInternalScan, settings]: PreviewList) =>
        new PreviewTlsScan({ authorize, uow, approvals, isInternalScan, guard: serverScanGuard(settings.scanAllow) }),
    },
    {
      provide: IS_INTERNAL_SCAN,
      inject: [SETTINGS],
      useFactory: (settings: ServerSettings) => createIsInternalScan(settings.scanAllow.map(parseCidr)),
    },
    onGatedScans(DiscoverTls),
    onGatedScans(ResumeScan),
    {
      provide: Symbol('carries out scan.internal'),
      inject: [APPROVED_RUNNERS, DiscoverTls, ResumeScan],
      useFactory: (runners: ApprovedRunners, discover: DiscoverTls, resume: ResumeScan) => {
        runners.register('scan.internal', async (actor, { scanId, name, ...request }) => {
          if (scanId !== null) return (await resume.execute(actor, scanId)).id;
          return (await discover.execute(actor, { ...request, ...(name === null ? {} : { name }) })).id;
        });
        return 'scan.internal';
      },
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
    onAssets(MergeAsset),
    onAssets(WithdrawAsset),
    carriesOut('asset.archive', ArchiveAsset, async (useCase, actor, { assetId }) => {
      await useCase.execute(actor, assetId);
      return null;
    }),
    carriesOut('asset.merge', MergeAsset, async (useCase, actor, { assetId: id, intoId, reason }) => {
      await useCase.execute(actor, { id, intoId, reason });
      return null;
    }),
    carriesOut('asset.withdraw', WithdrawAsset, async (useCase, actor, { assetId: id, reason }) => {
      await useCase.execute(actor, { id, reason });
      return null;
    }),
    onFindings(ListFindings),
    onFindings(AcceptFinding),
    onFindings(UnacceptFinding),
    {
      provide: PLAN_TLS_SCAN,
      inject: [ASSET_REPOSITORY, APPROVALS, IS_INTERNAL_SCAN],
      useFactory: (assets: AssetRepository, approvals: ApprovalGate, isInternalScan: IsInternalScan) =>
        createPlanTlsScan({ assets, approvals, isInternalScan }),
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
