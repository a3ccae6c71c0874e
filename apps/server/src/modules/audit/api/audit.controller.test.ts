import { Module } from '@nestjs/common';
import { auditProofSchema, chainVerificationSchema } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../../kernel/actor.ts';
import { openGate } from '../../../kernel/approvals.test-support.ts';
import { systemClock } from '../../../kernel/clock.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { noTrustedProxies } from '../../../platform/http/client-address.ts';
import { createHttpApp } from '../../../platform/http/create-http-app.ts';
import { unlimited } from '../../../platform/limits/rate-limiter.test-support.ts';
import { PlatformModule } from '../../../platform/platform.module.ts';
import {
  APPROVALS,
  AUTHORIZE,
  DATABASES,
  INSTALLATION,
  METRICS,
  SETTINGS,
  STILL_MAY,
  UNIT_OF_WORK,
} from '../../../platform/tokens.ts';
import { createAuthorize } from '../../access/index.ts';
import { SubjectKeys } from '../../keys/index.ts';
import { AuditModule } from '../audit.module.ts';
import { AuditBench } from '../audit.test-support.ts';

let bench: AuditBench;
let tenant: TenantId;
let admin: Actor;
let assetId = '';
let app: Awaited<ReturnType<typeof createHttpApp>>;

@Module({})
class TestModule {}

beforeAll(async () => {
  bench = await AuditBench.open();
  tenant = await bench.tenant();
  admin = bench.user(tenant);
  assetId = bench.newId();
  for (let at = 0; at < 5; at += 1) await bench.record(admin);
  await bench.record(admin, { resource: { type: 'asset', id: assetId } });
  await bench.recordMany(tenant, 1_500);
  await bench.publishAll();
  const { uow } = bench;
  app = await createHttpApp({
    module: {
      module: TestModule,
      imports: [
        PlatformModule.with([
          [UNIT_OF_WORK, uow],
          [AUTHORIZE, createAuthorize({ uow, clock: systemClock })],
          [APPROVALS, openGate],
          [STILL_MAY, () => async () => {}],
          [SETTINGS, { checkpointDir: bench.checkpointsDir }],
          [DATABASES, bench.database.databases],
          [METRICS, { auditChainValid: () => {} }],
          [INSTALLATION, bench.installationId],
          [SubjectKeys, bench.subjectKeys],
        ]),
        AuditModule,
      ],
    } as never,
    recordMiss: async () => {},
    consoleFolder: 'none',
    tls: null,
    isSecure: false,
    isLoopbackOnly: true,
    bodyBytesMax: 1_000,
    limiter: unlimited(),
    trustedProxies: noTrustedProxies,
    logger: bench.logger,
    countRefusal: () => {},
    newId: bench.newId,
    monotonicMs: () => performance.now(),
    authenticator: { authenticate: async () => admin },
    isStopping: () => false,
    onResponse: () => {},
  });
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(async () => {
  await app.close();
  await bench.close();
});

const get = (url: string) => app.inject({ method: 'GET', url });

describe('AuditController', () => {
  it('IFC-1: lists, verifies and proves in the shapes of the contract', async () => {
    const page = await get(`/api/audit?limit=2&resourceId=${assetId}`);
    expect(page.statusCode).toBe(200);
    const [event] = page.json().items;
    expect(event).toMatchObject({ resource: { type: 'asset', id: assetId }, source: '192.0.2.7' });
    const verdict = await get('/api/audit/chain/verify');
    expect(chainVerificationSchema.parse(verdict.json())).toMatchObject({ valid: true });
    const proof = await get(`/api/audit/events/${event.id}/proof`);
    expect(auditProofSchema.parse(proof.json())).toMatchObject({ eventId: event.id, logIndex: event.logIndex });
  });

  it('AUD-6: streams an export that verifies offline', async () => {
    const sequencer = await bench.sequencer();
    sequencer.start();
    for (const scope of ['tenant', 'all']) {
      const answer = await get(`/api/audit/export?scope=${scope}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toMatch(/^application\/jsonl/);
      expect(await bench.verify(answer.body)).toMatchObject({ valid: true, reason: null });
    }
    await sequencer.stop();
  });

  it('refuses what the contract does not know, with its code', async () => {
    for (const url of [
      '/api/audit?limit=0',
      '/api/audit?cursor=e30',
      '/api/audit/export?scope=none',
      '/api/audit/events/1/proof',
    ])
      expect((await get(url)).statusCode).toBe(400);
    const missing = await get(`/api/audit/events/${bench.newId()}/proof`);
    expect([missing.statusCode, missing.json().code]).toEqual([404, 'AUDIT_EVENT_NOT_FOUND']);
  });
});
