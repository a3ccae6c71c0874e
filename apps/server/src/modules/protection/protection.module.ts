import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { KeyPool } from '@quantumvault/crypto';
import type { ServerSettings } from '../../config/load-settings.ts';
import type { ApprovalGate } from '../../kernel/approvals.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { type NewId, uuidV7Source } from '../../kernel/ids.ts';
import type { TimeCrypto } from '../../kernel/time-crypto.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { carriesOut } from '../../platform/approved-runner.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';
import {
  APPROVALS,
  AUTHORIZE,
  CLOCK,
  METRICS,
  NEW_ID,
  REACH_OF,
  SETTINGS,
  TIME_CRYPTO,
  UNIT_OF_WORK,
} from '../../platform/tokens.ts';
import type { ReachOf } from '../access/index.ts';
import { ASSET_REPOSITORY, type AssetRepository, InventoryModule } from '../inventory/index.ts';
import { ENQUEUE_JOB, type EnqueueJob, JobsModule } from '../jobs/index.ts';
import { TenantKeys } from '../keys/index.ts';
import { readIssuedCertificate } from './adapters/issued-certificates.ts';
import { PostgresArtifactRepository } from './adapters/postgres-artifact-repository.ts';
import { PostgresPolicyRepository } from './adapters/postgres-policy-repository.ts';
import { createMakeCertificate } from './adapters/x509-certificates.ts';
import { PoliciesController } from './api/policies.controller.ts';
import { ProtectionController } from './api/protection.controller.ts';
import { createPlanProtectionJob } from './plan-protection-job.ts';
import type { ArtifactRepository } from './ports/artifact-repository.ts';
import type { PolicyRepository } from './ports/policy-repository.ts';
import { ProtectAssetJob } from './protect-asset-job.ts';
import { createProtectCertificate } from './protect-certificate.ts';
import { createProtectDataStore } from './protect-data-store.ts';
import { createProtectTokenSigner } from './protect-token-signer.ts';
import { createSeedBuiltInPolicies } from './seed-built-in-policies.ts';
import { ApplyPolicy } from './usecases/apply-policy.ts';
import { CreatePolicy } from './usecases/create-policy.ts';
import { DeletePolicy } from './usecases/delete-policy.ts';
import { GetCertificate } from './usecases/get-certificate.ts';
import { GetDataKey } from './usecases/get-data-key.ts';
import { GetJwks } from './usecases/get-jwks.ts';
import { GetPolicy } from './usecases/get-policy.ts';
import { GetTlsBundle } from './usecases/get-tls-bundle.ts';
import { ImportIssuedCertificate } from './usecases/import-issued-certificate.ts';
import { ListPolicies } from './usecases/list-policies.ts';
import { ListProtections } from './usecases/list-protections.ts';
import { SignToken } from './usecases/sign-token.ts';
import { SimulatePolicy } from './usecases/simulate-policy.ts';
import { UndoProtection } from './usecases/undo-protection.ts';
import { UnwrapDataKey } from './usecases/unwrap-data-key.ts';
import { UpdatePolicy } from './usecases/update-policy.ts';

const POLICY_REPOSITORY = Symbol('PolicyRepository');
const ARTIFACT_REPOSITORY = Symbol('ArtifactRepository');
const KEY_POOL = Symbol('KeyPool');
/** For whoever asks for protection without a request, as schedules do. */
export const PLAN_PROTECTION_JOB = Symbol('PlanProtectionJob');

/** For the bootstrap of an organization: `(tx, createdBy)`, inside the transaction that creates it. */
export const seedBuiltInPolicies = createSeedBuiltInPolicies({
  policies: new PostgresPolicyRepository(),
  newId: uuidV7Source(() => systemClock.now().getTime()),
});

type PolicyDeps = { authorize: Authorize; uow: UnitOfWork; approvals: ApprovalGate; policies: PolicyRepository };
const onPolicies = <T>(useCase: new (deps: PolicyDeps) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, APPROVALS, POLICY_REPOSITORY],
  useFactory: (authorize: Authorize, uow: UnitOfWork, approvals: ApprovalGate, policies: PolicyRepository) =>
    new useCase({ authorize, uow, approvals, policies }),
});

type ArtifactDeps = {
  authorize: Authorize;
  uow: UnitOfWork;
  artifacts: ArtifactRepository;
  tenantKeys: TenantKeys;
  timeCrypto: TimeCrypto;
  clock: Clock;
};
const onArtifacts = <T>(useCase: new (deps: ArtifactDeps) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, ARTIFACT_REPOSITORY, TenantKeys, TIME_CRYPTO, CLOCK],
  useFactory: (
    authorize: Authorize,
    uow: UnitOfWork,
    artifacts: ArtifactRepository,
    tenantKeys: TenantKeys,
    timeCrypto: TimeCrypto,
    clock: Clock,
  ) => new useCase({ authorize, uow, artifacts, tenantKeys, timeCrypto, clock }),
});

@Module({
  imports: [JobsModule, InventoryModule],
  controllers: [PoliciesController, ProtectionController],
  providers: [
    { provide: POLICY_REPOSITORY, useFactory: () => new PostgresPolicyRepository() },
    {
      provide: KEY_POOL,
      inject: [SETTINGS, METRICS],
      useFactory: (settings: Pick<ServerSettings, 'keyPool'>, metrics: Pick<Metrics, 'keyTaken'>) =>
        new KeyPool({ sizes: settings.keyPool, onTake: metrics.keyTaken }),
    },
    { provide: ARTIFACT_REPOSITORY, useFactory: () => new PostgresArtifactRepository() },
    {
      provide: ProtectAssetJob,
      inject: [
        ASSET_REPOSITORY,
        POLICY_REPOSITORY,
        ARTIFACT_REPOSITORY,
        TenantKeys,
        NEW_ID,
        CLOCK,
        TIME_CRYPTO,
        KEY_POOL,
      ],
      useFactory: (
        assets: AssetRepository,
        policies: PolicyRepository,
        artifacts: ArtifactRepository,
        tenantKeys: TenantKeys,
        newId: NewId,
        clock: Clock,
        timeCrypto: TimeCrypto,
        keyPool: KeyPool,
      ) =>
        new ProtectAssetJob({
          assets,
          policies,
          protectDataStore: createProtectDataStore({ artifacts, tenantKeys, newId, timeCrypto }),
          protectCertificate: createProtectCertificate({ artifacts, tenantKeys, newId }),
          protectTokenSigner: createProtectTokenSigner({ artifacts, tenantKeys, newId, makeKeys: keyPool.take }),
          makeCertificate: createMakeCertificate(keyPool.take),
          clock,
        }),
    },
    onPolicies(ListPolicies),
    onPolicies(GetPolicy),
    onPolicies(DeletePolicy),
    carriesOut('policy.delete', DeletePolicy, async (useCase, actor, { policyId }) => {
      await useCase.execute(actor, policyId);
      return null;
    }),
    {
      provide: CreatePolicy,
      inject: [AUTHORIZE, UNIT_OF_WORK, POLICY_REPOSITORY, NEW_ID, CLOCK],
      useFactory: (authorize: Authorize, uow: UnitOfWork, policies: PolicyRepository, newId: NewId, clock: Clock) =>
        new CreatePolicy({ authorize, uow, policies, newId, clock }),
    },
    {
      provide: UpdatePolicy,
      inject: [AUTHORIZE, UNIT_OF_WORK, POLICY_REPOSITORY, CLOCK],
      useFactory: (authorize: Authorize, uow: UnitOfWork, policies: PolicyRepository, clock: Clock) =>
        new UpdatePolicy({ authorize, uow, policies, clock }),
    },
    {
      provide: SimulatePolicy,
      inject: [AUTHORIZE, UNIT_OF_WORK, ASSET_REPOSITORY, REACH_OF, CLOCK],
      useFactory: (authorize: Authorize, uow: UnitOfWork, assets: AssetRepository, reachOf: ReachOf, clock: Clock) =>
        new SimulatePolicy({ authorize, uow, assets, reachOf, clock }),
    },
    {
      provide: ApplyPolicy,
      inject: [AUTHORIZE, UNIT_OF_WORK, ASSET_REPOSITORY, POLICY_REPOSITORY, ENQUEUE_JOB],
      useFactory: (
        authorize: Authorize,
        uow: UnitOfWork,
        assets: AssetRepository,
        policies: PolicyRepository,
        enqueue: EnqueueJob,
      ) => new ApplyPolicy({ authorize, uow, assets, policies, enqueue }),
    },
    {
      provide: PLAN_PROTECTION_JOB,
      inject: [ASSET_REPOSITORY, POLICY_REPOSITORY],
      useFactory: (assets: AssetRepository, policies: PolicyRepository) =>
        createPlanProtectionJob({ assets, policies }),
    },
    {
      provide: ListProtections,
      inject: [AUTHORIZE, UNIT_OF_WORK, ASSET_REPOSITORY, ARTIFACT_REPOSITORY],
      useFactory: (authorize: Authorize, uow: UnitOfWork, assets: AssetRepository, artifacts: ArtifactRepository) =>
        new ListProtections({ authorize, uow, assets, artifacts }),
    },
    onArtifacts(GetDataKey),
    onArtifacts(UnwrapDataKey),
    onArtifacts(GetTlsBundle),
    onArtifacts(GetCertificate),
    {
      provide: ImportIssuedCertificate,
      inject: [AUTHORIZE, UNIT_OF_WORK, ASSET_REPOSITORY, ARTIFACT_REPOSITORY, NEW_ID, CLOCK],
      useFactory: (
        authorize: Authorize,
        uow: UnitOfWork,
        assets: AssetRepository,
        artifacts: ArtifactRepository,
        newId: NewId,
        clock: Clock,
      ) =>
        new ImportIssuedCertificate({
          authorize,
          uow,
          assets,
          artifacts,
          readIssued: readIssuedCertificate,
          newId,
          clock,
        }),
    },
    {
      provide: UndoProtection,
      inject: [AUTHORIZE, UNIT_OF_WORK, APPROVALS, ASSET_REPOSITORY, ARTIFACT_REPOSITORY],
      useFactory: (
        authorize: Authorize,
        uow: UnitOfWork,
        approvals: ApprovalGate,
        assets: AssetRepository,
        artifacts: ArtifactRepository,
      ) => new UndoProtection({ authorize, uow, approvals, assets, artifacts }),
    },
    carriesOut('protection.undo', UndoProtection, async (useCase, actor, { jobId }) => {
      await useCase.execute(actor, jobId);
      return null;
    }),
    onArtifacts(GetJwks),
    onArtifacts(SignToken),
  ],
  exports: [ProtectAssetJob, PLAN_PROTECTION_JOB],
})
export class ProtectionModule implements OnApplicationShutdown {
  readonly #keyPool: KeyPool;
  constructor(@Inject(KEY_POOL) keyPool: KeyPool) {
    this.#keyPool = keyPool;
  }

  /** Keys that nobody took are wiped. */
  onApplicationShutdown(): void {
    this.#keyPool[Symbol.dispose]();
  }
}
