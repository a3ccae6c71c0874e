import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { openGate } from '../../kernel/approvals.test-support.ts';
import { systemClock } from '../../kernel/clock.ts';
import { untimed } from '../../kernel/time-crypto.ts';
import { PlatformModule } from '../../platform/platform.module.ts';
import {
  APPROVALS,
  APPROVED_RUNNERS,
  AUTHORIZE,
  CLOCK,
  DATABASES,
  METRICS,
  NEW_ID,
  REACH_OF,
  SETTINGS,
  TIME_CRYPTO,
  UNIT_OF_WORK,
} from '../../platform/tokens.ts';
import { AssetsController, DiscoveryController } from '../inventory/api/assets.controller.ts';
import { InventoryModule, ScanTlsJob } from '../inventory/index.ts';
import { JobsController } from '../jobs/api/jobs.controller.ts';
import { createJobWorkers, JobsModule } from '../jobs/index.ts';
import { TenantKeys } from '../keys/index.ts';
import { PoliciesController } from './api/policies.controller.ts';
import { ProtectionController } from './api/protection.controller.ts';
import { ProtectAssetJob, ProtectionModule } from './index.ts';

// Nothing is called here, so what the platform gives need only be there.
const given = PlatformModule.with([
  [UNIT_OF_WORK, {}],
  [AUTHORIZE, async () => undefined],
  [APPROVALS, openGate],
  [APPROVED_RUNNERS, { register: () => {} }],
  [REACH_OF, () => null],
  [CLOCK, systemClock],
  [TIME_CRYPTO, untimed],
  [NEW_ID, () => ''],
  [SETTINGS, { scanAllow: ['10.0.0.0/8'], keyPool: new Map() }],
  [METRICS, { keyTaken: () => {} }],
  [DATABASES, {}],
  [TenantKeys, {}],
]);

@Module({ imports: [given, JobsModule, InventoryModule, ProtectionModule] })
class AppUnderTest {}

describe('wiring of jobs, inventory and protection', () => {
  it('every controller and handler is made from the platform tokens alone', async () => {
    const app = await NestFactory.createApplicationContext(AppUnderTest, { logger: false, abortOnError: false });
    for (const token of [
      AssetsController,
      DiscoveryController,
      JobsController,
      PoliciesController,
      ProtectionController,
    ])
      expect(app.get(token, { strict: false })).toBeInstanceOf(token);
    const handlers = [app.get(ScanTlsJob, { strict: false }), app.get(ProtectAssetJob, { strict: false })];
    expect(handlers.map((handler) => handler.kind)).toEqual(['scan-tls', 'protect-asset']);
    await app.close();
  });

  it('INV-9: two handlers for one kind of job stop the start', () => {
    const handler = { kind: 'scan-tls', run: async () => expect.fail() } as const;
    const parts = { databases: { worker: {} }, handlers: [handler, handler] };
    expect(() => createJobWorkers(parts as unknown as Parameters<typeof createJobWorkers>[0])).toThrow(/two handlers/);
  });
});
