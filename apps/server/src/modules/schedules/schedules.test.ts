import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOfRoles } from '../../kernel/access.test-support.ts';
import type { Actor } from '../../kernel/actor.ts';
import { openGate } from '../../kernel/approvals.test-support.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { GrantId } from '../../kernel/ids.ts';
import type { Role } from '../../kernel/permissions.ts';
import { PostgresAccessDirectory } from '../access/access.module.ts';
import { createMayNow } from '../access/index.ts';
import { PostgresIdentityStore } from '../identity/postgres-identity-store.ts';
import { createIsInternalScan } from '../inventory/internal-scan.ts';
import { createPlanTlsScan } from '../inventory/plan-tls-scan.ts';
import { ArchiveAsset } from '../inventory/usecases/archive-asset.ts';
import { userActor } from '../jobs/world.test-support.ts';
import { createPlanProtectionJob } from '../protection/plan-protection-job.ts';
import { createProtectionWorld, type ProtectionWorld } from '../protection/protection.test-support.ts';
import { nextTime } from './adapters/croner-times.ts';
import { PostgresDueSchedules, PostgresScheduleRepository } from './adapters/postgres-schedule-repository.ts';
import { createPlanner } from './planner.ts';
import { type Fired, FireSchedule } from './ticker/fire-schedule.ts';
import { ScheduleTicker } from './ticker/schedule-ticker.ts';
import { CreateSchedule, type CreateScheduleInput } from './usecases/create-schedule.ts';
import { DeleteSchedule } from './usecases/delete-schedule.ts';
import { GetSchedule, ListSchedules } from './usecases/read-schedules.ts';
import { UpdateSchedule } from './usecases/update-schedule.ts';

const identities = new PostgresIdentityStore();
const schedules = new PostgresScheduleRepository();
const scan = {
  kind: 'scan-tls' as const,
  targets: ['shop.example.org:443'],
  sensitivity: 'internal' as const,
  exposure: 'internal' as const,
  dataLifetimeYears: 5,
};

let world: ProtectionWorld;
let deps: ConstructorParameters<typeof CreateSchedule>[0] & ConstructorParameters<typeof UpdateSchedule>[0];
let fire: FireSchedule;
let admin: Actor;
let count = 0;

/** A user whose roles are in the database, as the engine looks them up. */
async function newUser(role: Role): Promise<Actor> {
  const actor = userActor(world.actor.tenantId, { access: accessOfRoles([role]) });
  await world.uow.writeUnaudited({ tenantId: actor.tenantId, reason: 'test data' }, async (tx) => {
    await identities.insertUser(tx, { id: actor.id, email: `${actor.id}@example.org`, passwordHash: '$none' });
    await identities.assignRole(tx, { id: world.newId<GrantId>(), subjectId: actor.id, role });
  });
  return actor;
}

beforeAll(async () => {
  world = await createProtectionWorld();
  const planner = createPlanner({
    planTlsScan: createPlanTlsScan({ ...world, approvals: openGate, isInternalScan: createIsInternalScan([]) }),
    planProtectionJob: createPlanProtectionJob(world),
  });
  deps = { ...world, schedules, planner, nextTime };
  const mayNow = createMayNow({ access: new PostgresAccessDirectory(world), clock: systemClock });
  fire = new FireSchedule({ ...deps, enqueue: world.enqueue, mayNow });
  admin = await newUser('organization-admin');
});
afterAll(() => world.close());

const create = (change: Partial<CreateScheduleInput> = {}, actor: Actor = admin) => {
  count += 1;
  const plain = { name: `Schedule ${count}`, work: scan, cron: '0 3 * * *', timeZone: 'Europe/Berlin' };
  return new CreateSchedule(deps).execute(actor, { ...plain, priority: 0, enabled: true, ...change });
};
const get = (id: string) => new GetSchedule(deps).execute(admin, id);
const update = (id: string, expectedVersion: number, change: object, actor: Actor = admin) =>
  new UpdateSchedule(deps).execute(actor, { id, expectedVersion, change });
const makeDue = (id: string, ago = '1 second') =>
  world.sql('UPDATE job_schedule SET next_run_at = now() - $2::interval WHERE id = $1', [id, ago]);
const jobsOf = (id: string) =>
  world.sql<{ id: string; status: string; due_at: Date; requested_by: string; priority: number }>(
    'SELECT id, status, due_at, requested_by, priority FROM job WHERE schedule_id = $1 ORDER BY due_at',
    [id],
  );
const endJobs = (id: string) =>
  world.sql("UPDATE job SET status = 'cancelled', finished_at = now() WHERE schedule_id = $1 AND status = 'pending'", [
    id,
  ]);
const fireOnce = (id: string): Promise<Fired> => fire.fire({ id, tenantId: admin.tenantId });

describe('INV-9: schedules ask for jobs', () => {
  it('INV-9: a job for the time that was due, on behalf of who created the schedule; the next time lies ahead', async () => {
    const { id, nextRunAt } = await create({ priority: 7 });
    expect(nextRunAt).toMatch(/T0[12]:00:00/);
    expect(await fireOnce(id)).toBe('not-due');
    await makeDue(id);
    expect(await fireOnce(id)).toBe('job');
    const [job] = await jobsOf(id);
    expect(job).toMatchObject({ status: 'pending', requested_by: admin.id, priority: 7 });
    const after = await get(id);
    expect(after).toMatchObject({ lastJobId: job?.id, enabled: true, nextRunAt, version: 1 });
    const events = await world.sql<{ action: string; actor_kind: string }>(
      'SELECT action, actor_kind FROM audit_event WHERE resource_id = $1',
      [job?.id],
    );
    expect(events).toEqual([{ action: 'job.created', actor_kind: 'system' }]);
    expect(await fireOnce(id)).toBe('not-due');
  });

  it('INV-9: eight that look at once, twenty times over: each time has one job', async () => {
    const { id } = await create();
    for (let time = 0; time < 20; time += 1) {
      await makeDue(id);
      const fired = await Promise.all(Array.from({ length: 8 }, () => fireOnce(id)));
      expect(fired.filter((outcome) => outcome === 'job')).toHaveLength(1);
      expect(fired.filter((outcome) => outcome === 'not-due')).toHaveLength(7);
      await endJobs(id);
    }
    expect(await jobsOf(id)).toHaveLength(20);
  });

  it('INV-9: the table itself takes no second job for one time', async () => {
    const { id } = await create();
    await makeDue(id);
    await fireOnce(id);
    const [job] = await jobsOf(id);
    await endJobs(id);
    // As if a worker with an old view of the schedule came late.
    await world.sql('UPDATE job_schedule SET next_run_at = $2 WHERE id = $1', [id, job?.due_at]);
    await expect(fireOnce(id)).rejects.toBeDefined();
    expect(await jobsOf(id)).toHaveLength(1);
  });

  it('INV-9: tickers of two workers fire what is due, each once, and one that fails holds up none', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, () => create()));
    for (const { id } of made) await makeDue(id);
    const ticker = () =>
      new ScheduleTicker({
        due: new PostgresDueSchedules(world.database.databases.worker),
        fire: {
          fire: (due) => (due.id === made[0]?.id ? Promise.reject(new Error('this one alone')) : fire.fire(due)),
        },
        pollIntervalMs: 1000,
        logger: Object.assign(Object.create(null), { warn: () => undefined }),
      });
    await Promise.all([ticker().tick(), ticker().tick()]);
    const jobs = await Promise.all(made.map(({ id }) => jobsOf(id)));
    expect(jobs.map(({ length }) => length)).toEqual([0, ...Array.from({ length: 11 }, () => 1)]);
    await new DeleteSchedule(deps).execute(admin, made[0]?.id ?? '');
  });

  it('INV-9: times that passed while no worker ran are one time', async () => {
    const { id } = await create();
    await makeDue(id, '10 days');
    expect(await fireOnce(id)).toBe('job');
    await endJobs(id);
    expect(await fireOnce(id)).toBe('not-due');
    expect(await jobsOf(id)).toHaveLength(1);
    expect(Date.parse((await get(id)).nextRunAt ?? '')).toBeGreaterThan(Date.now());
  });

  it('INV-9: while the last job has not ended, a time is skipped, and the log says so', async () => {
    const { id } = await create();
    await makeDue(id);
    await fireOnce(id);
    await makeDue(id);
    expect(await fireOnce(id)).toBe('skipped');
    expect(await world.eventsOf(id)).toEqual(['schedule.created', 'schedule.skipped']);
    expect(await jobsOf(id)).toHaveLength(1);
    await endJobs(id);
    await makeDue(id);
    expect(await fireOnce(id)).toBe('job');
  });
});

describe('INV-9: schedules act for somebody', () => {
  it('INV-9: whoever lost the permission, or is suspended, asks for nothing through a schedule', async () => {
    const operator = await newUser('operator');
    const { id } = await create({}, operator);
    await makeDue(id);
    await world.sql("UPDATE subject SET status = 'suspended' WHERE id = $1", [operator.id]);
    expect(await fireOnce(id)).toBe('disabled');
    expect(await get(id)).toMatchObject({
      enabled: false,
      nextRunAt: null,
      disabledReason: 'SCHEDULES_REQUESTER_GONE',
    });
    expect(await jobsOf(id)).toEqual([]);
    expect(await world.eventsOf(id)).toEqual(['schedule.created', 'schedule.disabled']);

    const other = await newUser('operator');
    const { id: second } = await create({}, other);
    await makeDue(second);
    await world.sql("UPDATE access_grant SET role = 'auditor' WHERE subject_id = $1", [other.id]);
    expect(await fireOnce(second)).toBe('disabled');
  });

  it('INV-9: protection is planned anew at each time; an archived asset pauses the schedule until a person resumes it', async () => {
    const asset = await world.create();
    const policy = await world.policy('hybrid-default');
    const work = { kind: 'protect-asset' as const, assetId: asset.id, policyId: policy.id };
    const { id } = await create({ work, cron: '@monthly' });
    await makeDue(id);
    expect(await fireOnce(id)).toBe('job');
    await endJobs(id);
    await new ArchiveAsset(world).execute(world.actor, asset.id);
    await makeDue(id);
    expect(await fireOnce(id)).toBe('disabled');
    const paused = await get(id);
    expect(paused).toMatchObject({ enabled: false, disabledReason: 'INVENTORY_ASSET_ARCHIVED', version: 2 });
    expect(await update(id, 2, { enabled: true })).toMatchObject({ enabled: true, disabledReason: null, version: 3 });
  });

  it('INV-9: nobody schedules, hurries or resumes what it may not ask for; it may pause', async () => {
    const operator = await newUser('operator');
    const asset = await world.create();
    const policy = await world.policy('hybrid-default');
    const work = { kind: 'protect-asset' as const, assetId: asset.id, policyId: policy.id };
    await expect(create({ work }, operator)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    const { id } = await create({ work });
    await expect(update(id, 1, { cron: '* * * * *' }, operator)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(await update(id, 1, { enabled: false }, operator)).toMatchObject({ enabled: false, nextRunAt: null });
    await expect(update(id, 2, { enabled: true }, operator)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(create({}, await newUser('auditor'))).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('attack 1: schedules of another organization are not there', async () => {
    const { id } = await create();
    const { actor: foreign } = await world.newTenant();
    const notFound = { code: 'SCHEDULES_NOT_FOUND' };
    await expect(new GetSchedule(deps).execute(foreign, id)).rejects.toMatchObject(notFound);
    await expect(update(id, 1, { enabled: false }, foreign)).rejects.toMatchObject(notFound);
    await expect(new DeleteSchedule(deps).execute(foreign, id)).rejects.toMatchObject(notFound);
    expect((await new ListSchedules(deps).execute(foreign, { limit: 50 })).items).toEqual([]);
    await makeDue(id);
    expect(await fire.fire({ id, tenantId: foreign.tenantId })).toBe('not-due');
    expect(await get(id)).toMatchObject({ enabled: true, version: 1 });
  });
});

describe('INV-9: schedules are kept', () => {
  it('INV-9: pause, resume and change; a stale version is refused', async () => {
    const { id } = await create({ enabled: false });
    expect(await get(id)).toMatchObject({ enabled: false, nextRunAt: null });
    const resumed = await update(id, 1, { enabled: true, timeZone: 'UTC', cron: '30 4 * * *' });
    expect(resumed.nextRunAt).toMatch(/T04:30:00/);
    await expect(update(id, 1, { name: 'Late' })).rejects.toMatchObject({ code: 'REQUEST_ETAG_MISMATCH' });
    expect(await update(id, 2, { name: `Renamed ${id}` })).toMatchObject({ nextRunAt: resumed.nextRunAt, version: 3 });
    await new DeleteSchedule(deps).execute(admin, id);
    await expect(get(id)).rejects.toMatchObject({ code: 'SCHEDULES_NOT_FOUND' });
    expect(await world.eventsOf(id)).toEqual([
      'schedule.created',
      'schedule.updated',
      'schedule.updated',
      'schedule.deleted',
    ]);
  });

  it('INV-9: what could never run is refused at once', async () => {
    await expect(create({ cron: '0 0 30 2 *' })).rejects.toMatchObject({ code: 'SCHEDULES_CRON_INVALID' });
    await expect(create({ timeZone: 'Mars/Phobos' })).rejects.toMatchObject({ code: 'SCHEDULES_TIME_ZONE_UNKNOWN' });
    const missing = '01920000-0000-7000-8000-000000000000';
    const work = { kind: 'protect-asset' as const, assetId: missing, policyId: missing };
    await expect(create({ work })).rejects.toMatchObject({ code: 'INVENTORY_ASSET_NOT_FOUND' });
    const { name } = await create();
    await expect(create({ name })).rejects.toMatchObject({ code: 'SCHEDULES_EXISTS' });
    const { id } = await create();
    await expect(update(id, 1, { name })).rejects.toMatchObject({ code: 'SCHEDULES_EXISTS' });
  });

  it('INV-9: an organization has at most 1,000 of them', async () => {
    const { actor } = await world.newTenant();
    await world.sql(
      `INSERT INTO job_schedule (id, tenant_id, name, kind, input, cron, time_zone, enabled, created_by)
       SELECT gen_random_uuid(), $1, 'n' || n, 'scan-tls', '{}', '0 3 * * *', 'UTC', false, $2 FROM generate_series(1, 1000) n`,
      [actor.tenantId, actor.id],
    );
    await expect(create({}, actor)).rejects.toMatchObject({ code: 'SCHEDULES_TOO_MANY' });
  });
});
