import { describe, expect, it } from 'vitest';
import { isLimited, isWithin, type KeyLimits, needNetworks, resourceOf } from './key-limits.ts';

const unlimited: KeyLimits = {
  permissions: null,
  environmentId: null,
  projectId: null,
  serviceId: null,
  allowedNetworks: [],
  expiresAt: null,
};

describe('ACC-2: limits of a key', () => {
  it.each([
    [{ permissions: ['asset.read'] }],
    [{ environmentId: 'e' }],
    [{ projectId: 'p' }],
    [{ serviceId: 's' }],
    [{ allowedNetworks: ['192.0.2.0/24'] }],
    [{ expiresAt: new Date(0) }],
  ])('ACC-2: a key with %j is less than its owner', (limit) => {
    expect(isLimited(unlimited)).toBe(false);
    expect(isLimited({ ...unlimited, ...limit })).toBe(true);
  });

  it('ACC-2: the lowest place is the one that a key is for', () => {
    expect(resourceOf({ environmentId: 'e', projectId: null, serviceId: null })).toEqual({
      type: 'environment',
      id: 'e',
    });
    expect(resourceOf({ environmentId: 'e', projectId: 'p', serviceId: 's' })).toEqual({ type: 'service', id: 's' });
    expect(resourceOf(unlimited)).toBeNull();
  });

  it('ACC-2: text that is no address is in no network, and a network with bits behind its prefix is none', () => {
    expect(isWithin(['0.0.0.0/0', '::/0'], 'nobody')).toBe(false);
    expect(isWithin(['fe80::/10'], 'fe80::1%eth0')).toBe(true);
    expect(() => needNetworks(['192.0.2.0/33'])).toThrow(/allowedNetworks\.0/);
    expect(() => needNetworks(['192.0.2.0/24'])).not.toThrow();
  });
});
