import type { Authorize } from './kernel/authorize.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import { type NewId, type TenantId, uuidV7Source } from './kernel/ids.ts';
import type { UnitOfWork } from './kernel/unit-of-work.ts';
import {
  PostgresAccessDirectory,
  PostgresExpiredGrants,
  PostgresHierarchy,
  PostgresTemporaryRepository,
} from './modules/access/access.module.ts';
import {
  type AccessDirectory,
  createAuthorize,
  createMay,
  createMayNow,
  createReachOf,
  createStillMay,
  ExpiryNotices,
  type May,
  type MayNow,
  type PlaceDirectory,
  PlaceRegistry,
  type ReachOf,
  type StillMay,
  TemporaryUse,
} from './modules/access/index.ts';
import { ApprovalExpiry, ApprovalParts, PostgresExpiredRequests } from './modules/approvals/index.ts';
import {
  AuthRefusals,
  createSequencer,
  PlatformAudit,
  PostgresAuditAppender,
  type Sequencer,
} from './modules/audit/index.ts';
import { PostgresApiKeyRepository } from './modules/identity/api-keys/credentials.module.ts';
import { PostgresCertificateDirectory } from './modules/identity/client-certificates/client-certificates.module.ts';
import { PostgresDeviceDirectory } from './modules/identity/devices/devices.module.ts';
import { PostgresApiKeyDirectory, PostgresCredentialCheck } from './modules/identity/identity.module.ts';
import {
  ApiKeyAuthenticator,
  CertificateAuthenticator,
  type CountRefusal,
  DeviceAuthenticator,
  RequestAuthenticator,
  SessionAuthenticator,
  SessionKeys,
  StoredKeyLimits,
  type TokenAlgorithm,
} from './modules/identity/index.ts';
import { PostgresSessionDirectory, PostgresSessionKeyStore } from './modules/identity/sessions/sessions.module.ts';
import { PostgresInventoryPlaces } from './modules/inventory/inventory.module.ts';
import { RootKey, RootOfTrust, SubjectKeys, TenantKeys } from './modules/keys/index.ts';
import { PostgresKeyStore } from './modules/keys/keys.module.ts';
import type { Logger } from './platform/logging/logger.ts';
import { createMetrics, type Metrics } from './platform/metrics/metrics.ts';
import type { Databases } from './platform/postgres/databases.ts';
import { PostgresUnitOfWork } from './platform/postgres/unit-of-work.ts';

export interface ComposeOptions {
  readonly databases: Databases;
  readonly checkpointDir: string;
  readonly keyFile: string;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly sessionAlgorithm?: TokenAlgorithm;
}

/** Everything that exists once per process, built in the order of its needs; no framework in it, so tests build it too. */
export interface Composition {
  readonly databases: Databases;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly uow: UnitOfWork;
  readonly authorize: Authorize;
  readonly access: AccessDirectory;
  readonly may: May;
  readonly mayNow: MayNow;
  readonly approvals: ApprovalParts;
  readonly approvalExpiry: ApprovalExpiry;
  readonly stillMay: StillMay;
  readonly reachOf: ReachOf;
  readonly places: PlaceDirectory;
  readonly expiryNotices: ExpiryNotices;
  /** Roles taken in emergencies of an organization that nobody has reviewed (ACC-8). */
  readonly unreviewedEmergencies: (tenantId: TenantId) => Promise<{ unreviewed: number; overdue: number }>;
  readonly metrics: Metrics;
  readonly rootKey: RootKey;
  readonly rootOfTrust: RootOfTrust;
  readonly tenantKeys: TenantKeys;
  readonly subjectKeys: SubjectKeys;
  readonly apiKeys: PostgresApiKeyDirectory;
  readonly sessionKeys: SessionKeys;
  readonly sessions: PostgresSessionDirectory;
  readonly countRefusal: CountRefusal;
  readonly authenticator: RequestAuthenticator;
  readonly refusals: AuthRefusals;
  readonly platformAudit: PlatformAudit;
  /** Opens the root of trust; nothing that needs a key works before. */
  unseal(): Promise<{ readonly installationId: string; readonly created: boolean }>;
  /** The log's one writer; for worker processes, after `unseal`. */
  createSequencer(installationId: string): Promise<Sequencer>;
}

export function compose(options: ComposeOptions): Composition {
  const { databases, logger } = options;
  const clock = options.clock ?? systemClock;
  const newId = uuidV7Source(() => clock.now().getTime());
  const metrics = createMetrics({
    jobsPending: async () => {
      const row = await databases.worker
        .selectFrom('job')
        .select((build) => build.fn.count<bigint>('id').as('count'))
        .where('status', '=', 'pending')
        .executeTakeFirst();
      return Number(row?.count ?? 0n);
    },
  });

  const rootKey = new RootKey();
  const store = new PostgresKeyStore();
  const tenantKeys = new TenantKeys({ root: rootKey, store, timeCrypto: metrics.timeCrypto });
  // The unit of work writes events, events need the subject's key, and making that key needs the unit of work.
  const appender = new PostgresAuditAppender({ subjectKeys: () => subjectKeys, clock, newId });
  const uow = new PostgresUnitOfWork({ db: databases.app, appender, newId });
  const subjectKeys: SubjectKeys = new SubjectKeys({ uow, store, tenantKeys, newId });
  const rootOfTrust = new RootOfTrust({ db: databases.app, root: rootKey, keyFile: options.keyFile, newId });
  const platformAudit = new PlatformAudit({ db: databases.audit, clock, newId });
  const refusals = new AuthRefusals({ db: databases.audit, subjectKeys: () => subjectKeys, clock, newId, logger });
  const access = new PostgresAccessDirectory({ uow });
  const places = new PlaceRegistry({ uow, sources: [new PostgresHierarchy(), new PostgresInventoryPlaces()] });
  const temporary = new PostgresTemporaryRepository({ newId });
  const approvals = new ApprovalParts({ uow, access, newId });
  const countRefusal: CountRefusal = (address) => refusals.count(address);
  const apiKeys = new PostgresApiKeyDirectory({ db: databases.auth });
  const sessions = new PostgresSessionDirectory({ db: databases.auth });
  const sessionKeys = new SessionKeys({
    store: new PostgresSessionKeyStore({ db: databases.app }),
    root: rootKey,
    clock,
    newId,
    algorithm: options.sessionAlgorithm ?? 'Ed25519',
  });

  return {
    databases,
    logger,
    clock,
    newId,
    uow,
    authorize: createAuthorize({ uow, clock, places, temporaryUse: new TemporaryUse({ uow, temporary }) }),
    expiryNotices: new ExpiryNotices({
      uow,
      temporary,
      expired: new PostgresExpiredGrants({ db: databases.worker }),
    }),
    access,
    may: createMay({ clock }),
    mayNow: createMayNow({ access, clock, places }),
    stillMay: createStillMay({
      uow,
      clock,
      access,
      places,
      credentials: new PostgresCredentialCheck(),
      monotonicMs: () => performance.now(),
    }),
    unreviewedEmergencies: (tenantId) => uow.read(tenantId, (tx) => temporary.countUnreviewed(tx)),
    approvals,
    approvalExpiry: new ApprovalExpiry({
      uow,
      repository: approvals.repository,
      expired: new PostgresExpiredRequests({ db: databases.worker }),
    }),
    reachOf: createReachOf({ clock }),
    places,
    metrics,
    rootKey,
    rootOfTrust,
    tenantKeys,
    subjectKeys,
    apiKeys,
    sessionKeys,
    sessions,
    countRefusal,
    authenticator: new RequestAuthenticator({
      apiKeys: new ApiKeyAuthenticator({
        directory: apiKeys,
        access,
        limits: new StoredKeyLimits({ uow, keys: new PostgresApiKeyRepository(), places }),
        countRefusal,
      }),
      certificates: new CertificateAuthenticator({
        directory: new PostgresCertificateDirectory({ db: databases.auth }),
        access,
        clock,
        countRefusal,
      }),
      devices: new DeviceAuthenticator({
        directory: new PostgresDeviceDirectory({ db: databases.auth }),
        access,
        countRefusal,
      }),
      sessions: new SessionAuthenticator({ keys: sessionKeys, directory: sessions, access, countRefusal }),
    }),
    refusals,
    platformAudit,
    unseal: async () => {
      const opened = await rootOfTrust.open();
      await sessionKeys.refresh(opened.installationId);
      return opened;
    },
    createSequencer: async (installationId) =>
      createSequencer({
        databases,
        keys: await rootOfTrust.logKeys(installationId),
        installationId,
        checkpointsDir: options.checkpointDir,
        clock,
        newId,
        logger,
        metrics,
      }),
  };
}
