// Grants and requests of a small world, in which they meet: few places, permissions and facts, so that every kind of
// outcome is frequent.
import fc from 'fast-check';
import type { AccessFacts, Conditions, Grant, Place } from '../src/index.ts';
import type { OracleAsk } from './oracle.ts';

const id = (number: number): string => `01920000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const permissions = ['asset.read', 'asset.scan', 'grant.request', 'user.suspend'];
const macs = ['02:00:5e:10:00:01', '02:00:5e:10:00:02'];

/** Environments 1 and 2, projects 11 to 22, services 111 to 222: each id begins with that of its parent. */
const place: fc.Arbitrary<Place> = fc
  .record({
    environment: fc.integer({ min: 1, max: 2 }),
    project: fc.integer({ min: 1, max: 2 }),
    depth: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ environment, project, depth }) => ({
    environmentId: id(environment),
    projectId: depth > 1 ? id(environment * 10 + project) : null,
    serviceId: depth > 2 ? id(environment * 100 + project * 10 + 1) : null,
  }));
const orOrganization = (arbitrary: fc.Arbitrary<Place>) => fc.option(arbitrary, { freq: 2, nil: null });

/** As the database holds it: the lowest level alone. */
const lowestOnly = ({ environmentId, projectId, serviceId }: Place): Place => ({
  environmentId: projectId === null && serviceId === null ? environmentId : null,
  projectId: serviceId === null ? projectId : null,
  serviceId,
});

const networks = [
  '10.0.0.0/8',
  '10.1.0.0/16',
  '::ffff:10.2.0.0/112',
  '192.0.2.7',
  '0.0.0.0/0',
  '2001:db8::/32',
  '2001:db8:0:1::/64',
  '::/0',
  '::ffff:192.0.2.0/120',
];
const addresses = [
  '10.0.0.1',
  '10.1.2.3',
  '10.2.0.9',
  '::ffff:10.2.0.9',
  '::ffff:192.0.2.7',
  '192.0.2.7',
  '192.0.2.8',
  '2001:db8::1',
  '2001:db8:0:1::5',
  '::1',
  'fe80::1%eth0',
  '010.0.0.1',
];
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'UTC',
  'Pacific/Kiritimati',
];

const clock = fc
  .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.constantFrom(0, 1, 30, 59) })
  .map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const hours = fc.record({
  timeZone: fc.constantFrom(...zones),
  windows: fc.array(
    fc.record({
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
      from: clock,
      to: fc.oneof({ weight: 4, arbitrary: clock }, { weight: 1, arbitrary: fc.constant('24:00') }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});
const some = <T>(...entries: T[]) => fc.uniqueArray(fc.constantFrom(...entries), { minLength: 1, maxLength: 3 });

// Around the nights in which clocks change in Berlin and New York, and elsewhere.
const instants = [
  Date.UTC(2026, 2, 29),
  Date.UTC(2026, 9, 25),
  Date.UTC(2026, 2, 8),
  Date.UTC(2026, 10, 1),
  Date.UTC(2026, 6, 15),
];
const instant = fc
  .record({
    day: fc.constantFrom(...instants),
    offset: fc.integer({ min: -36 * 60, max: 36 * 60 }),
    ms: fc.constantFrom(0, 1, 59_999),
  })
  .map(({ day, offset, ms }) => new Date(day + offset * 60_000 + ms));

const rules = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 6,
    arbitrary: fc.record(
      {
        addresses: some(...networks),
        countries: some('DE', 'FR', 'US'),
        devices: some(id(901), id(902)),
        macAddresses: some(...macs),
        mfaMaxAgeSeconds: fc.constantFrom(30, 300, 86_400),
        purposes: some('backup', 'incident-response'),
        hours,
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom({ moonPhase: 'full' }, { moonPhase: ['full'], countries: ['DE'] }) },
);

const conditions: fc.Arbitrary<Conditions> = fc
  .record({
    notBefore: fc.option(instant, { freq: 3, nil: null }),
    expiresAt: fc.option(instant, { freq: 3, nil: null }),
    rules,
  })
  .map((given) => ({
    ...(given.notBefore === null ? {} : { notBefore: given.notBefore }),
    ...(given.expiresAt === null ? {} : { expiresAt: given.expiresAt }),
    rules: given.rules,
  }));

const grant: fc.Arbitrary<Grant> = fc
  .record({
    effect: fc.constantFrom('allow' as const, 'allow' as const, 'allow' as const, 'deny' as const),
    permissions: some(...permissions).map((names) => new Set(names)),
    place: orOrganization(place.map(lowestOnly)),
    conditions,
    number: fc.integer({ min: 0, max: 999_999 }),
  })
  .map(({ number, ...rest }) => ({ ...rest, id: id(number), role: 'made' }));

const facts: fc.Arbitrary<AccessFacts> = instant.chain((now) =>
  fc.record({
    now: fc.constant(now),
    address: fc.option(fc.constantFrom(...addresses), { freq: 8, nil: null }),
    country: fc.option(fc.constantFrom('DE', 'US', 'XX'), { freq: 3, nil: null }),
    deviceId: fc.option(fc.constantFrom(id(901), id(903)), { freq: 3, nil: null }),
    macAddresses: fc.subarray([...macs, '02:00:5e:10:00:03']),
    mfaAt: fc.option(
      fc.constantFrom(0, 30_000, 30_001, 400_000, 90_000_000).map((age) => new Date(now.valueOf() - age)),
      { freq: 3, nil: null },
    ),
    purpose: fc.option(fc.constantFrom('backup', 'curiosity'), { freq: 3, nil: null }),
  }),
);

const ask: fc.Arbitrary<OracleAsk> = fc.record({
  isMember: fc.boolean(),
  restriction: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: some(...permissions).map((names) => new Set(names)) },
  ),
  permission: fc.constantFrom(...permissions),
  place: orOrganization(place),
  facts,
});

export const asksPerWorld = 10;
export const world = fc.record({
  grants: fc.array(grant, { maxLength: 12 }),
  asks: fc.array(ask, { minLength: asksPerWorld, maxLength: asksPerWorld }),
});
