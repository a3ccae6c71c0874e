import { Module } from '@nestjs/common';
import type { CheckpointStore } from '@quantumvault/ports';
import { FileCheckpointStore } from '@quantumvault/providers/storage/filesystem';
import type { ServerSettings } from '../../config/load-settings.ts';
import type { ApprovalGate } from '../../kernel/approvals.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';
import type { Databases } from '../../platform/postgres/databases.ts';
import {
  APPROVALS,
  AUTHORIZE,
  DATABASES,
  INSTALLATION,
  METRICS,
  SETTINGS,
  STILL_MAY,
  UNIT_OF_WORK,
} from '../../platform/tokens.ts';
import type { StillMay } from '../access/index.ts';
import { SubjectKeys } from '../keys/index.ts';
import { PostgresTenantLogReader, PostgresWholeLogReader } from './adapters/postgres-log-reader.ts';
import { readLogKeys, StorePublishedLog } from './adapters/store-published-log.ts';
import { AuditController } from './api/audit.controller.ts';
import type { TenantLogReader, WholeLogReader } from './ports/log-reader.ts';
import type { PublishedLog } from './ports/published-log.ts';
import { logOrigin, Sequencer, type SequencerOptions } from './sequencer/sequencer.ts';
import { ExportAudit } from './usecases/export-audit.ts';
import { GetAuditEvent } from './usecases/get-audit-event.ts';
import { GetLogKeys } from './usecases/get-log-keys.ts';
import { ListAudit } from './usecases/list-audit.ts';
import { ProveAuditEvent } from './usecases/prove-audit-event.ts';
import { VerifyAuditChain } from './usecases/verify-audit-chain.ts';

/** Opens the folder when it is first needed, and again after a failure: a full disk must not keep the server down. */
function lazyStore(folder: string): () => Promise<CheckpointStore> {
  let opened: Promise<FileCheckpointStore> | null = null;
  return () => {
    opened ??= FileCheckpointStore.open(folder).catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };
}

/** The log's one writer over the file store, for worker processes. `start` it once the root key is unsealed. */
export function createSequencer(
  options: Omit<SequencerOptions, 'reader' | 'openStore'> & { readonly checkpointsDir: string },
): Sequencer {
  const { checkpointsDir, ...rest } = options;
  const reader = new PostgresWholeLogReader(options.databases.sequencer);
  return new Sequencer({ ...rest, reader, openStore: lazyStore(checkpointsDir) });
}

export interface AuditReading {
  readonly published: PublishedLog;
  readonly reader: TenantLogReader;
  readonly whole: WholeLogReader;
}

/** What the reading side needs: tables, and the outside log as the file store holds it. */
export function createAuditReading(options: {
  readonly databases: Databases;
  readonly installationId: string;
  readonly checkpointsDir: string;
}): AuditReading {
  const { databases, installationId, checkpointsDir } = options;
  return {
    published: new StorePublishedLog({
      openStore: lazyStore(checkpointsDir),
      keys: () => readLogKeys(databases.app, logOrigin(installationId)),
    }),
    reader: new PostgresTenantLogReader(),
    whole: new PostgresWholeLogReader(databases.sequencer),
  };
}

type ExportParts = [Authorize, UnitOfWork, ApprovalGate, AuditReading, StillMay];
const AUDIT_READING = Symbol('AuditReading');

@Module({
  controllers: [AuditController],
  providers: [
    {
      provide: AUDIT_READING,
      inject: [DATABASES, INSTALLATION, SETTINGS],
      useFactory: (databases: Databases, installationId: string, settings: ServerSettings) =>
        createAuditReading({ databases, installationId, checkpointsDir: settings.checkpointDir }),
    },
    {
      provide: ListAudit,
      inject: [AUTHORIZE, UNIT_OF_WORK, AUDIT_READING, SubjectKeys],
      useFactory: (authorize: Authorize, uow: UnitOfWork, { reader }: AuditReading, subjectKeys: SubjectKeys) =>
        new ListAudit({ authorize, uow, reader, subjectKeys }),
    },
    {
      provide: GetAuditEvent,
      inject: [AUTHORIZE, UNIT_OF_WORK, AUDIT_READING, SubjectKeys],
      useFactory: (authorize: Authorize, uow: UnitOfWork, { reader }: AuditReading, subjectKeys: SubjectKeys) =>
        new GetAuditEvent({ authorize, uow, reader, subjectKeys }),
    },
    {
      provide: GetLogKeys,
      inject: [AUTHORIZE, DATABASES, INSTALLATION],
      useFactory: (authorize: Authorize, { app }: Databases, installationId: string) => {
        const origin = logOrigin(installationId);
        return new GetLogKeys({ authorize, origin, keys: () => readLogKeys(app, origin) });
      },
    },
    {
      provide: VerifyAuditChain,
      inject: [AUTHORIZE, UNIT_OF_WORK, AUDIT_READING, METRICS],
      useFactory: (authorize: Authorize, uow: UnitOfWork, reading: AuditReading, metrics: Metrics) =>
        new VerifyAuditChain({ authorize, uow, ...reading, onResult: (valid) => metrics.auditChainValid(valid) }),
    },
    {
      provide: ExportAudit,
      inject: [AUTHORIZE, UNIT_OF_WORK, APPROVALS, AUDIT_READING, STILL_MAY],
      useFactory: (...[authorize, uow, approvals, reading, stillMay]: ExportParts) =>
        new ExportAudit({ authorize, uow, approvals, stillMay, ...reading }),
    },
    {
      provide: ProveAuditEvent,
      inject: [AUTHORIZE, UNIT_OF_WORK, AUDIT_READING],
      useFactory: (authorize: Authorize, uow: UnitOfWork, { reader, published }: AuditReading) =>
        new ProveAuditEvent({ authorize, uow, reader, published }),
    },
  ],
})
export class AuditModule {}
