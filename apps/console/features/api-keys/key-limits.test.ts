import { routes } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { limitsOf } from './key-limits.ts';

const id = '01920000-0000-7000-8000-000000000000';

function form(fields: Readonly<Record<string, string>>, permissions: readonly string[] = []): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  for (const permission of permissions) data.append('permission', permission);
  return data;
}

describe('the limits of a new key', () => {
  it('ACC-2: every limit of the form is in the request, and the contract takes it', () => {
    const body = limitsOf(
      form(
        { name: ' ci ', scope: 'some', place: `project:${id}`, networks: '192.0.2.0/24, 2001:db8::/32', days: '90' },
        ['asset.read', 'no.such'],
      ),
    );
    expect(body).toEqual({
      name: 'ci',
      permissions: ['asset.read'],
      projectId: id,
      allowedNetworks: ['192.0.2.0/24', '2001:db8::/32'],
      expiresInDays: 90,
    });
    expect(routes.createOwnApiKey.body.parse(body)).toMatchObject(body);
  });

  it('what is left empty is not sent', () => {
    expect(limitsOf(form({ name: 'ci', scope: 'all', place: '', networks: ' ', days: '' }, ['asset.read']))).toEqual({
      name: 'ci',
      allowedNetworks: [],
    });
  });

  it('no rights chosen is refused by the contract, and is not a key for everything', () => {
    const body = limitsOf(form({ name: 'ci', scope: 'some' }));
    expect(body.permissions).toEqual([]);
    expect(routes.createOwnApiKey.body.safeParse(body).success).toBe(false);
  });

  it('a place that is none is no field of the request', () => {
    expect(limitsOf(form({ name: 'ci', place: `__proto__:${id}` }))).toEqual({ name: 'ci', allowedNetworks: [] });
  });
});
