import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileCheckpointStore, FileTileReader } from '@quantumvault/providers/storage/filesystem';
import { type ExportVerdict, type LogKey, parseLogKeys, verifyExport } from '@quantumvault/tlog';
import type pg from 'pg';
import { cloneDatabase, type TestDatabase } from '../../../../../tests/harness/database.ts';
import { accessOfRoles } from '../../kernel/access.test-support.ts';
import { type Actor, internalRequest, noCredential } from '../../kernel/actor.ts';
import { openGate } from '../../kernel/approvals.test-support.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { type ActorId, type NewId, type TenantId, uuidV7Source } from '../../kernel/ids.ts';
import { systemActor } from '../../kernel/system-actor.ts';
import type { AuditEntry, UnitOfWork } from '../../kernel/unit-of-work.ts';
import { createLogger, type Logger } from '../../platform/logging/logger.ts';
import { PostgresUnitOfWork } from '../../platform/postgres/unit-of-work.ts';
import { createAuthorize, type StillMay } from '../access/index.ts';
import { RootKey, RootOfTrust, SubjectKeys, TenantKeys } from '../keys/index.ts';
import { PostgresKeyStore } from '../keys/keys.module.ts';
import { PostgresWholeLogReader } from './adapters/postgres-log-reader.ts';
import { type AuditReading, createAuditReading } from './audit.module.ts';
import { PostgresAuditAppender } from './recording/audit-appender.ts';
import { Sequencer, type SequencerOptions, type SequencerTiming } from './sequencer/sequencer.ts';
import { ExportAudit } from './usecases/export-audit.ts';

/** A quick sequencer: the tests wait for it. */
export const quickTiming: Partial<SequencerTiming> = {
  pollMs: 20,
  lockRetryMs: 50,
  failureRetryMs: 100,
  haltedRetryMs: 200,
  headCheckMs: 20,
  patrolMs: 600_000,
};

/** An installation of its own: database, root of trust, outside store and the audit module over them. */
export class AuditBench {
  readonly database: TestDatabase;
  readonly folder: string;
  readonly clock: Clock = systemClock;
  readonly newId: NewId = uuidV7Source(() => systemClock.now().getTime());
  readonly logger: Logger = createLogger('silent');
  readonly chainValid: boolean[] = [];
  readonly appender: PostgresAuditAppender;
  readonly uow: UnitOfWork;
  readonly subjectKeys: SubjectKeys;
  readonly tenantKeys: TenantKeys;
  readonly rootOfTrust: RootOfTrust;
  installationId = '';
  readonly #sequencers: Sequencer[] = [];

  private constructor(database: TestDatabase) {
    this.database = database;
    this.folder = mkdtempSync(path.join(tmpdir(), 'qv-audit-'));
    const { clock, newId } = this;
    const root = new RootKey();
    const store = new PostgresKeyStore();
    this.tenantKeys = new TenantKeys({ root, store });
    this.appender = new PostgresAuditAppender({ subjectKeys: () => this.subjectKeys, clock, newId });
    this.uow = new PostgresUnitOfWork({ db: database.databases.app, appender: this.appender, newId });
    this.subjectKeys = new SubjectKeys({ uow: this.uow, store, tenantKeys: this.tenantKeys, newId });
    const keyFile = path.join(this.folder, 'seal.key');
    this.rootOfTrust = new RootOfTrust({ db: database.databases.app, root, keyFile, newId });
  }

  static async open(): Promise<AuditBench> {
    const bench = new AuditBench(await cloneDatabase());
    bench.installationId = (await bench.rootOfTrust.open()).installationId;
    return bench;
  }

  get checkpointsDir(): string {
    return path.join(this.folder, 'checkpoints');
  }

  async close(): Promise<void> {
    for (const sequencer of this.#sequencers) await sequencer.stop();
    await this.database.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async tenant(): Promise<TenantId> {
    const tenantId = this.newId<TenantId>();
    await this.asSuperuser((client) =>
      client.query("INSERT INTO organization (id, name) VALUES ($1, 'Test organization')", [tenantId]),
    );
    await this.uow.writeUnaudited({ tenantId, reason: 'test' }, (tx) => this.tenantKeys.create(tx));
    return tenantId;
  }

  user(tenantId: TenantId, role: 'platform-admin' | 'organization-user' = 'platform-admin'): Actor {
    return {
      kind: 'user',
      id: this.newId<ActorId>(),
      tenantId,
      access: accessOfRoles([role]),
      credential: noCredential,
      approval: null,
      request: { ...internalRequest(this.newId()), sourceAddress: '192.0.2.7' },
    };
  }

  record(actor: Actor, entry: Partial<AuditEntry> = {}): Promise<string> {
    return this.uow.write(actor, (tx) =>
      tx.audit({ action: 'asset.created', resource: { type: 'asset', id: this.newId() }, ...entry }),
    );
  }

  /** `count` events of a tenant, by the installation itself, in one transaction. */
  async recordMany(tenantId: TenantId, count: number): Promise<void> {
    await this.uow.write(systemActor(tenantId), async (tx) => {
      for (let at = 0; at < count; at += 1)
        await tx.audit({
          action: 'asset.observed',
          resource: { type: 'asset', id: this.newId() },
          details: { attempt: at },
        });
    });
  }

  async sequencer(options: Partial<SequencerOptions> = {}): Promise<Sequencer> {
    const sequencer = new Sequencer({
      databases: this.database.databases,
      reader: new PostgresWholeLogReader(this.database.databases.sequencer),
      openStore: () => FileCheckpointStore.open(this.checkpointsDir),
      keys: await this.rootOfTrust.logKeys(this.installationId),
      installationId: this.installationId,
      clock: this.clock,
      newId: this.newId,
      logger: this.logger,
      metrics: { auditChainValid: (valid) => this.chainValid.push(valid) },
      timing: quickTiming,
      ...options,
    });
    this.#sequencers.push(sequencer);
    return sequencer;
  }

  /** Runs a sequencer until everything recorded so far is published, and stops it. */
  async publishAll(): Promise<bigint> {
    const sequencer = await this.sequencer();
    sequencer.start();
    // Leading means: what was left behind is published, and every tenant's head is stated.
    for (let attempt = 0; attempt < 750 && sequencer.state.name !== 'leading'; attempt += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const size = await sequencer.waitForPublished('all', 15_000);
    await sequencer.stop();
    return size;
  }

  reading(): AuditReading {
    const { databases } = this.database;
    return createAuditReading({
      databases,
      installationId: this.installationId,
      checkpointsDir: this.checkpointsDir,
    });
  }

  /** The pieces of an export. Its user is nobody in the tables, so that only tests of the recheck bring one. */
  async exportPieces(
    actor: Actor,
    options: { scope?: 'tenant' | 'all'; settleWaitMs?: number; stillMay?: StillMay } = {},
  ): Promise<AsyncIterable<string>> {
    const { scope = 'all', settleWaitMs = 0, stillMay = () => async () => {} } = options;
    const authorize = createAuthorize({ uow: this.uow, clock: this.clock });
    const usecase = new ExportAudit({
      authorize,
      uow: this.uow,
      approvals: openGate,
      ...this.reading(),
      stillMay,
      settleWaitMs,
    });
    return (await usecase.execute(actor, { scope })).pieces;
  }

  async export(actor: Actor, scope: 'tenant' | 'all' = 'all', settleWaitMs = 0): Promise<string> {
    let text = '';
    for await (const piece of await this.exportPieces(actor, { scope, settleWaitMs })) text += piece;
    return text;
  }

  async keys(): Promise<readonly LogKey[]> {
    const store = await FileCheckpointStore.open(this.checkpointsDir);
    return parseLogKeys((await store.readKeys()) ?? '');
  }

  async latest(): Promise<string> {
    const store = await FileCheckpointStore.open(this.checkpointsDir);
    return (await store.readLatest())?.text ?? '';
  }

  /** As an outsider verifies: with the pinned keys, the outside checkpoint and the outside tiles, and no server. */
  async verify(text: string): Promise<ExportVerdict> {
    return verifyExport([text], {
      keys: await this.keys(),
      checkpoint: await this.latest(),
      tiles: new FileTileReader(path.join(this.checkpointsDir, 'tiles')),
    });
  }

  async asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await this.database.superuser();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** What a database superuser does to the log: triggers and foreign keys do not stop it. */
  tamper(...statements: string[]): Promise<void> {
    return this.asSuperuser(async (client) => {
      await client.query('SET session_replication_role = replica');
      for (const statement of statements) await client.query(statement);
    });
  }
}
