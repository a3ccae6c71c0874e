import { type DynamicModule, Module } from '@nestjs/common';
import type { ServerSettings } from './config/load-settings.ts';
import type { Composition } from './main.compose.ts';
import { AccessModule } from './modules/access/index.ts';
import { ApprovalParts, ApprovalsModule } from './modules/approvals/index.ts';
import { AuditModule } from './modules/audit/index.ts';
import {
  ClientCertificatesModule,
  CredentialsModule,
  DeviceSignInModule,
  DevicesModule,
  FactorsModule,
  IdentityModule,
  PasswordsModule,
  PeopleModule,
  SessionKeys,
  SignInModule,
} from './modules/identity/index.ts';
import { InventoryModule } from './modules/inventory/index.ts';
import { JobsModule } from './modules/jobs/index.ts';
import { RootKey, RootOfTrust, SubjectKeys, TenantKeys } from './modules/keys/index.ts';
import {
  HEALTH_CHECKS,
  type HealthCheck,
  OperationsModule,
  SERVER_FACTS,
  type ServerFacts,
  STATUS_SOURCE,
  type StatusSource,
} from './modules/operations/index.ts';
import { OverviewModule } from './modules/overview/index.ts';
import { ProtectionModule } from './modules/protection/index.ts';
import { QuotasModule } from './modules/quotas/index.ts';
import { SchedulesModule } from './modules/schedules/index.ts';
import { TenancyModule } from './modules/tenancy/index.ts';
import { GraphqlModule } from './platform/graphql/graphql.module.ts';
import { PlatformModule } from './platform/platform.module.ts';
import {
  ACCESS,
  APPROVAL_OUTLOOKS,
  APPROVALS,
  APPROVED_RUNNERS,
  AUTHORIZE,
  CLOCK,
  COUNT_REFUSAL,
  DATABASES,
  INSTALLATION,
  LOGGER,
  MAY,
  MAY_NOW,
  METRICS,
  NEW_ID,
  PLACES,
  REACH_OF,
  SETTINGS,
  STILL_MAY,
  TIME_CRYPTO,
  UNIT_OF_WORK,
} from './platform/tokens.ts';

export interface AppOptions {
  readonly composition: Composition;
  readonly settings: ServerSettings;
  readonly facts: ServerFacts;
  readonly checks: readonly HealthCheck[];
  readonly statusSource: StatusSource;
}

/** The modules of the server over what main has composed. */
@Module({})
export class AppModule {
  static with(options: AppOptions): DynamicModule {
    const { composition } = options;
    return {
      module: AppModule,
      imports: [
        PlatformModule.with([
          [UNIT_OF_WORK, composition.uow],
          [AUTHORIZE, composition.authorize],
          [ACCESS, composition.access],
          [MAY, composition.may],
          [MAY_NOW, composition.mayNow],
          [ApprovalParts, composition.approvals],
          [APPROVALS, composition.approvals.gate],
          [APPROVAL_OUTLOOKS, composition.approvals.outlooks],
          [APPROVED_RUNNERS, composition.approvals.carryOut],
          [STILL_MAY, composition.stillMay],
          [REACH_OF, composition.reachOf],
          [PLACES, composition.places],
          [CLOCK, composition.clock],
          [NEW_ID, composition.newId],
          [SETTINGS, options.settings],
          [DATABASES, composition.databases],
          [LOGGER, composition.logger],
          [METRICS, composition.metrics],
          [TIME_CRYPTO, composition.metrics.timeCrypto],
          [INSTALLATION, options.facts.installationId],
          [SERVER_FACTS, options.facts],
          [STATUS_SOURCE, options.statusSource],
          [HEALTH_CHECKS, options.checks],
          [COUNT_REFUSAL, composition.countRefusal],
          [SessionKeys, composition.sessionKeys],
          [RootKey, composition.rootKey],
          [RootOfTrust, composition.rootOfTrust],
          [TenantKeys, composition.tenantKeys],
          [SubjectKeys, composition.subjectKeys],
        ]),
        TenancyModule,
        QuotasModule,
        AccessModule,
        IdentityModule,
        SignInModule,
        PasswordsModule,
        DeviceSignInModule,
        FactorsModule,
        PeopleModule,
        CredentialsModule,
        DevicesModule,
        ClientCertificatesModule,
        InventoryModule,
        OverviewModule,
        ProtectionModule,
        JobsModule,
        SchedulesModule,
        AuditModule,
        ApprovalsModule,
        OperationsModule,
        GraphqlModule,
      ],
    };
  }
}
