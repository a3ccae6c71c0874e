import type { Server } from 'node:https';
import path from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { runSelfTests } from '@quantumvault/crypto';
import { AppModule } from './app.module.ts';
import type { ServerSettings } from './config/load-settings.ts';
import { AppError } from './kernel/app-error.ts';
import { systemActor } from './kernel/system-actor.ts';
import { type Composition, compose } from './main.compose.ts';
import { openCountries } from './main.country.ts';
import { firstKeyHealth, storedFirstKey, warnOfFirstKey } from './main.first-key.ts';
import { startHousekeeping } from './main.housekeeping.ts';
import { createRateLimiter, sessionQuotas } from './main.limits.ts';
import { listenerHealth, openListener, type TlsListener } from './main.listener.ts';
import { startWorker, type Worker } from './main.worker.ts';
import { PostgresIdentityStore } from './modules/identity/identity.module.ts';
import { assertBreachedFile, LockNotices, PRUNE_SIGN_IN } from './modules/identity/index.ts';
import { ScanTlsJob } from './modules/inventory/index.ts';
import { type HealthCheck, readRunFile } from './modules/operations/index.ts';
import { postgresStatusSource } from './modules/operations/operations.module.ts';
import { ProtectAssetJob, seedBuiltInPolicies } from './modules/protection/index.ts';
import { FireSchedule } from './modules/schedules/index.ts';
import { FirstOrganization, publishSignIn, settlePendingSignIn, writePendingSignIn } from './modules/tenancy/index.ts';
import { PostgresTenancyStore } from './modules/tenancy/tenancy.module.ts';
import { createHttpApp } from './platform/http/create-http-app.ts';
import type { Logger } from './platform/logging/logger.ts';
import { parseConnectionFacts, readRolePasswords, rolesFile } from './platform/postgres/connection.ts';
import { openDatabases } from './platform/postgres/databases.ts';
import { migrationsFolder } from './platform/postgres/migrate-database.ts';
import { readMigrations } from './platform/postgres/migrations.ts';
import { StartRefusal } from './start-refusal.ts';
import { version } from './version.ts';

export interface StartOptions {
  readonly settings: ServerSettings;
  readonly logger: Logger;
  /** Called once in the life of an installation, with the file that holds the first credentials. */
  readonly onSignIn: (file: string) => void;
}

export interface RunningServer {
  readonly url: string;
  stop(reason: string): Promise<void>;
}

/** Brings one process up in order: self-tests, database, root key, first boot, worker, then the listener. */
export async function startServer({ settings, logger, onSignIn }: StartOptions): Promise<RunningServer> {
  const selfTests = await runSelfTests();
  if (!selfTests.ok)
    throw new StartRefusal(
      'A cryptographic self-test failed: this runtime computes wrong results and must not be used.',
      { isFinal: true },
    );

  const composition = compose({
    databases: openServerDatabases(settings, logger),
    checkpointDir: settings.checkpointDir,
    keyFile: settings.keyFile,
    logger,
    sessionAlgorithm: settings.sessionAlgorithm,
  });
  await assertMigrated(composition);
  const { installationId, created } = await unseal(composition);
  const listener = openListener({ settings, composition, installationId });
  const url = `${listener === null ? 'http' : 'https'}://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${settings.port}`;
  await composition.platformAudit.record({
    action: created ? 'installation.created' : 'root-key.unsealed',
    resource: { type: 'installation', id: installationId },
  });
  await assertBreachedPasswords(settings.breachedPasswordsFile);
  await firstBoot(composition, settings, { url, onSignIn });
  await warnOfFirstKey(composition);

  let worker: Worker | null = null;
  const app = await createApp({ composition, settings, installationId, listener, worker: () => worker });
  worker =
    settings.role === 'web'
      ? null
      : await startWorker({
          composition,
          settings,
          installationId,
          fireSchedule: app.context.get(FireSchedule),
          handlers: [app.context.get(ProtectAssetJob), app.context.get(ScanTlsJob)],
        });
  const housekeeping = startHousekeeping({
    composition,
    installationId,
    lockNotices: app.context.get(LockNotices),
    pruneSignIn: app.context.get(PRUNE_SIGN_IN),
  });
  composition.refusals.start();
  await app.listen();
  await composition.platformAudit.record({
    action: 'server.started',
    resource: { type: 'installation', id: installationId },
    details: { role: settings.role, version },
  });
  logger.info({ url, role: settings.role, installationId, selfTestMs: Math.round(selfTests.durationMs) }, 'ready');

  return {
    url,
    stop: async (reason) => {
      logger.info({ reason }, 'stopping');
      await app.stop();
      await housekeeping.stop();
      await worker?.stopJobs();
      await composition.refusals.stop();
      await composition.platformAudit.record({
        action: 'server.stopped',
        resource: { type: 'installation', id: installationId },
        details: { role: settings.role },
      });
      await worker?.stopSequencer();
      composition.sessionKeys.clear();
      composition.subjectKeys.clear();
      composition.tenantKeys.clear();
      composition.rootKey.seal();
      await composition.databases.close();
      logger.info({}, 'stopped');
    },
  };
}

function openServerDatabases(settings: ServerSettings, logger: Logger) {
  if (settings.database === null)
    throw new StartRefusal('QV_DATABASE is not set: start the server with npm start, which prepares the database.', {
      isFinal: true,
    });
  try {
    return openDatabases({
      facts: parseConnectionFacts(settings.database),
      passwords: readRolePasswords(rolesFile(settings.dataDir)),
      appPoolMax: settings.databasePoolMax,
      statementTimeoutMs: settings.databaseStatementTimeoutMs,
      sessionNumbers: sessionQuotas(settings.quotas),
      onIdleError: (role, error) =>
        logger.warn({ role, reason: error.message }, 'an idle database connection was lost'),
    });
  } catch (cause) {
    throw new StartRefusal(`The database roles in ${rolesFile(settings.dataDir)} cannot be read.`, {
      isFinal: true,
      cause,
    });
  }
}

/** The migrate process ran before; a schema that is older or newer than this code is not served. */
async function assertMigrated({ databases }: Composition): Promise<void> {
  const expected = readMigrations(migrationsFolder()).length;
  const row = await databases.app
    .selectFrom('schema_migration')
    .select((build) => build.fn.max('version').as('version'))
    .executeTakeFirst();
  if (row?.version !== expected) {
    throw new StartRefusal(
      `The database has schema version ${row?.version ?? 0}, this release needs ${expected}: run the migrate process (npm start does).`,
      { isFinal: true },
    );
  }
}

async function assertBreachedPasswords(file: string | null): Promise<void> {
  if (file === null) return;
  try {
    await assertBreachedFile(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new StartRefusal(`QV_BREACHED_PASSWORDS_FILE: ${reason}.`, { isFinal: true, cause });
  }
}

async function unseal(composition: Composition) {
  try {
    return await composition.unseal();
  } catch (error) {
    if (error instanceof AppError)
      throw new StartRefusal(`${error.code}: ${error.message}`, { isFinal: true, cause: error });
    throw error;
  }
}

async function firstBoot(
  composition: Composition,
  settings: ServerSettings,
  options: { url: string; onSignIn: (file: string) => void },
): Promise<void> {
  const firstOrganizationId = async (): Promise<string | null> => {
    const row = await composition.databases.app
      .selectFrom('installation')
      .select('first_organization_id')
      .executeTakeFirst();
    return row?.first_organization_id ?? null;
  };
  const settled = settlePendingSignIn(settings.dataDir, await firstOrganizationId());
  if (settled !== null) options.onSignIn(settled);
  if ((await firstOrganizationId()) !== null) return;
  const first = new FirstOrganization({
    uow: composition.uow,
    tenancy: new PostgresTenancyStore(),
    identity: new PostgresIdentityStore(),
    tenantKeys: composition.tenantKeys,
    seedPolicies: seedBuiltInPolicies,
    newId: composition.newId,
    givenKey: storedFirstKey(settings.firstApiKey),
  });
  const { signIn, commit } = await first.prepare();
  writePendingSignIn(settings.dataDir, signIn, options.url);
  try {
    await commit(systemActor);
  } catch (error) {
    // Anything else may have happened after the commit: then the next start finds out and settles the file.
    if (!(error instanceof AppError && error.code === 'TENANCY_ALREADY_BOOTSTRAPPED')) throw error;
    // Another process was first: its organization is this installation's.
    settlePendingSignIn(settings.dataDir, null);
    return;
  }
  options.onSignIn(publishSignIn(settings.dataDir));
}

interface AppOptions {
  readonly composition: Composition;
  readonly settings: ServerSettings;
  readonly installationId: string;
  readonly listener: TlsListener | null;
  readonly worker: () => Worker | null;
}

interface App {
  readonly context: Pick<INestApplicationContext, 'get'>;
  listen(): Promise<void>;
  stop(): Promise<void>;
}

/** The modules, with a listener around them unless this process is a worker only. */
async function createApp({ composition, settings, installationId, listener, worker }: AppOptions): Promise<App> {
  const { databases, metrics, logger, clock } = composition;
  const module = AppModule.with({
    composition,
    settings,
    facts: {
      version,
      installationId,
      role: settings.role,
      startedAt: clock.now(),
      isDatabaseEmbedded: readRunFile(settings.dataDir).postgresPid !== null,
    },
    checks: healthChecks(composition, worker, listener),
    statusSource: postgresStatusSource({
      databases,
      dataDir: settings.dataDir,
      chainValid: () => worker()?.chainValid() ?? null,
      emergencies: composition.unreviewedEmergencies,
    }),
  });
  if (settings.role === 'worker') {
    const context = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    return { context, listen: async () => {}, stop: () => context.close() };
  }
  let isStopping = false;
  const limits = createRateLimiter(settings, composition);
  const app = await createHttpApp({
    module,
    bodyBytesMax: settings.bodyBytesMax,
    limiter: limits.limiter,
    trustedProxies: settings.trustedProxies,
    countryOf: await openCountries(settings.geoipFile),
    logger,
    countRefusal: composition.countRefusal,
    newId: composition.newId,
    monotonicMs: () => performance.now(),
    authenticator: composition.authenticator,
    recordMiss: async (actor, { route, id }) => {
      await composition.uow.write({ ...actor, request: { ...actor.request, idempotency: null } }, (tx) =>
        tx.audit({
          action: 'access.refused',
          resource: { type: 'unknown', id },
          outcome: 'refused',
          reason: { code: 'NOT_FOUND' },
          details: { route },
        }),
      );
    },
    consoleFolder: path.join(import.meta.dirname, '../../console/dist'),
    isStopping: () => isStopping,
    tls: listener?.serverOptions ?? null,
    isSecure: listener !== null,
    isLoopbackOnly: /^(127\.|::1$|localhost$)/.test(settings.host),
    onResponse: (facts) => metrics.apiRequest(facts),
  });
  let unfollow = (): void => {};
  return {
    context: app,
    listen: async () => {
      if (listener !== null) unfollow = listener.attach(app.getHttpServer() as unknown as Server);
      await limits.start();
      await listen(app, settings);
    },
    stop: async () => {
      isStopping = true;
      unfollow();
      await Promise.race([
        app.close(),
        new Promise((resolve) => setTimeout(resolve, settings.shutdownTimeoutMs).unref()),
      ]);
      await limits.stop();
    },
  };
}

async function listen(app: NestFastifyApplication, settings: ServerSettings): Promise<void> {
  try {
    await app.listen(settings.port, settings.host);
  } catch (cause) {
    const code = Reflect.get(Object(cause), 'code');
    if (code === 'EADDRINUSE')
      throw new StartRefusal(
        `Port ${settings.port} on ${settings.host} is in use by another program: stop it or set QV_PORT.`,
        { isFinal: true, cause },
      );
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw new StartRefusal(`This process may not listen on ${settings.host}:${settings.port} (${code}).`, {
        isFinal: true,
        cause,
      });
    throw cause;
  }
}

function healthChecks(
  composition: Composition,
  worker: () => Worker | null,
  listener: TlsListener | null,
): readonly HealthCheck[] {
  const { databases, rootKey, clock } = composition;
  const tls: HealthCheck[] = listener === null ? [] : [listenerHealth(listener, () => clock.now().getTime())];
  return [
    ...tls,
    firstKeyHealth(composition),
    {
      name: 'database',
      isRequired: true,
      check: async () => {
        await databases.app.selectFrom('installation').select('id').executeTakeFirst();
        return { status: 'ok', message: 'answers' };
      },
    },
    {
      name: 'seal',
      isRequired: true,
      check: async () =>
        rootKey.isUnsealed ? { status: 'ok', message: 'unsealed' } : { status: 'unavailable', message: 'sealed' },
    },
    {
      name: 'audit-log',
      isRequired: true,
      check: async () => worker()?.auditHealth() ?? { status: 'ok', message: 'another process writes it' },
    },
  ];
}
