import { type GrantView, routes } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { givenAgain } from './given-again.ts';

const id = (last: number) => `01920000-0000-7000-8000-00000000000${last}`;
const grant: GrantView = {
  id: id(1),
  subjectId: id(2),
  effect: 'allow',
  role: 'auditor',
  place: null,
  notBefore: null,
  expiresAt: null,
  rules: {},
  source: 'direct',
  grantedBy: id(3),
  createdAt: '2026-01-01T00:00:00.000Z',
  revokedAt: null,
};

describe('giving a revoked grant again', () => {
  it.each([
    ['in the whole organization', {}, {}],
    ['a denial', { effect: 'deny' as const }, { effect: 'deny' }],
    [
      'on a service, with all that lies above it known',
      { place: { environmentId: id(4), projectId: id(5), serviceId: id(6) } },
      { place: { serviceId: id(6) } },
    ],
    [
      'on an environment',
      { place: { environmentId: id(4), projectId: null, serviceId: null } },
      { place: { environmentId: id(4) } },
    ],
    [
      'for a time and under conditions',
      {
        notBefore: '2026-01-01T00:00:00.000Z',
        expiresAt: '2026-02-01T00:00:00.000Z',
        rules: { addresses: ['10.0.0.0/8'] },
      },
      {
        notBefore: '2026-01-01T00:00:00.000Z',
        expiresAt: '2026-02-01T00:00:00.000Z',
        rules: { addresses: ['10.0.0.0/8'] },
      },
    ],
  ])('%s', (_how, change, expected) => {
    const body = givenAgain({ ...grant, ...change });
    expect(body).toEqual({ subjectId: id(2), effect: 'allow', role: 'auditor', ...expected });
    expect(routes.createGrant.body.safeParse(body).success).toBe(true);
  });

  it('a condition that is not known is not left out in silence', () => {
    expect(() => givenAgain({ ...grant, rules: { moon: 'full' } })).toThrow();
  });
});
