/** ACC-6, QUA-9: the authorization decision of a subject with 10,000 grants; the 99th percentile counts. */
import { type Ask, type Asking, CompiledAccess, decide, type Grant } from '@quantumvault/access';
import type { Bench, Measurement } from '../bench.ts';

const grantsOfSubject = 10_000;
const decisions = 20_000;
const permissions = new Set(['asset.read', 'asset.scan', 'asset.protect', 'policy.read', 'job.read', 'audit.read']);
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC'];

const grantOf = (number: number, changes: Partial<Grant>): Grant => ({
  id: String(number),
  effect: 'allow',
  role: 'made',
  permissions,
  place: null,
  conditions: {},
  ...changes,
});
const many = (make: (number: number) => Partial<Grant>): Grant[] =>
  Array.from({ length: grantsOfSubject }, (_, number) => grantOf(number, make(number)));

const network = (number: number): string => `10.${number >> 8}.${number & 255}.0/24`;
const office = (number: number) => ({
  timeZone: zones[number % zones.length] ?? 'UTC',
  windows: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: `18:${String(number % 60).padStart(2, '0')}` }],
});

/** What an organization looks like: grants on many services, each with conditions, one in ten a denial. */
const spread = many((number) => ({
  effect: number % 10 === 0 ? 'deny' : 'allow',
  place: { environmentId: null, projectId: null, serviceId: `service-${number % 2_500}` },
  conditions: { rules: { addresses: [network(number)], hours: office(number) } },
}));

/** The worst: all of them on one place and about one permission, and none applies, so that all are looked at. */
const heaped = many((number) => ({
  effect: number % 2 === 0 ? 'deny' : 'allow',
  conditions: { rules: { addresses: [network(number)], hours: office(number) } },
}));

const askOf = (number: number): Ask => ({
  permission: 'asset.read',
  place: { environmentId: 'production', projectId: 'shop', serviceId: `service-${number % 2_500}` },
  facts: {
    now: new Date(Date.UTC(2026, 10, 26, 10, 0, number % 60)),
    address: `192.0.2.${number % 250}`,
    country: null,
    deviceId: null,
    macAddresses: [],
    mfaAt: null,
    purpose: null,
  },
});

/** The 99th percentile of single decisions in milliseconds; a busy machine shows here, for the clock is the wall's. */
function p99Of(grants: readonly Grant[]): number {
  const asking: Asking = { isMember: true, restriction: null, access: new CompiledAccess(grants) };
  const times = new Float64Array(decisions);
  for (let number = 0; number < decisions; number += 1) {
    const ask = askOf(number);
    const start = performance.now();
    decide(asking, ask);
    times[number] = performance.now() - start;
  }
  return times.sort()[Math.floor(decisions * 0.99)] ?? Number.NaN;
}

const measure = (grants: readonly Grant[]): Measurement => ({
  value: p99Of(grants),
  // The same question to somebody with one grant.
  baseline: p99Of(grants.slice(0, 1)),
});

export const benches: readonly Bench[] = [
  {
    id: 'access.decide.spread',
    name: 'decision, 10,000 grants on 2,500 places, p99',
    unit: 'ms',
    target: { atMost: 1 },
    run: () => measure(spread),
  },
  {
    id: 'access.decide.heaped',
    name: 'decision, 10,000 grants that all fail, p99',
    unit: 'ms',
    target: { atMost: 1 },
    run: () => measure(heaped),
  },
];
