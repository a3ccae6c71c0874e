import { expect, it } from 'vitest';
import { type Asking, CompiledAccess, type Grant, missingToHandOn, type Place } from './index.ts';

const production: Place = { environmentId: 'production', projectId: null, serviceId: null };
const shop: Place = { environmentId: 'production', projectId: 'shop', serviceId: null };

const grant = (changes: Partial<Grant>): Grant => ({
  id: 'g',
  effect: 'allow',
  role: 'made',
  permissions: new Set(['asset.read']),
  place: null,
  conditions: {},
  ...changes,
});

const asking = (grants: readonly Grant[], restriction: Asking['restriction'] = null): Asking => ({
  isMember: true,
  access: new CompiledAccess(grants),
  restriction,
});

it.each<[string, readonly Grant[], Place | null, readonly string[]]>([
  ['held on the organization', [grant({})], shop, []],
  ['held above', [grant({ place: production })], shop, []],
  ['held only below', [grant({ place: { ...shop, environmentId: null } })], production, ['asset.read']],
  [
    'held elsewhere',
    [grant({ place: { environmentId: 'staging', projectId: null, serviceId: null } })],
    shop,
    ['asset.read'],
  ],
  ['held until a time', [grant({ conditions: { expiresAt: new Date('2100-01-01') } })], null, ['asset.read']],
  ['held in the office', [grant({ conditions: { rules: { addresses: ['10.0.0.0/8'] } } })], null, ['asset.read']],
  ['not held', [], null, ['asset.read']],
  ['denied further down', [grant({}), grant({ effect: 'deny', place: shop })], null, ['asset.read']],
  [
    'denied under a condition',
    [grant({}), grant({ effect: 'deny', conditions: { rules: { countries: ['XA'] } } })],
    null,
    ['asset.read'],
  ],
])('ACC-6: a permission that is %s: what is missing to hand it on', (_, grants, place, missing) => {
  expect(missingToHandOn(asking(grants), { permissions: ['asset.read'], place })).toEqual(missing);
});

it('ACC-6: a key hands on no more than its scope, and membership itself counts', () => {
  const permissions = ['asset.read', 'identity.read'];
  expect(missingToHandOn(asking([grant({})], new Set(['grant.create'])), { permissions, place: null })).toEqual(
    permissions,
  );
  expect(missingToHandOn(asking([grant({})]), { permissions, place: null })).toEqual([]);
});
