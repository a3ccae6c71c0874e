import { describe, expect, it } from 'vitest';
import type { RouteContract } from './contract.ts';
import { memberPermissions, permissions, permissionsOfRole, roles } from './permissions.ts';
import { routes } from './routes.ts';

/** Demanded by a use case beside the permission of its route. */
const demandedInside = ['audit.export-all'];

describe('ACC-6: permissions', () => {
  it('ACC-6: each is demanded by something; a name that opens nothing would be a promise', () => {
    const demanded = new Set(
      (Object.values(routes) as RouteContract[]).flatMap((contract) =>
        contract.auth === 'actor' ? [contract.permission as string] : [],
      ),
    );
    expect(permissions.filter((name) => !demanded.has(name) && !demandedInside.includes(name))).toEqual([]);
    expect(demandedInside.filter((name) => demanded.has(name))).toEqual([]);
  });

  it('ACC-6: roles and members hold known permissions, each once', () => {
    for (const held of [memberPermissions, ...roles.map((role) => permissionsOfRole[role])]) {
      expect(new Set(held).size).toBe(held.length);
      expect(held.filter((name) => !permissions.includes(name))).toEqual([]);
    }
  });
});
