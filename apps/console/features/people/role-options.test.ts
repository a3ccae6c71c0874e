import { roles as builtInRoles, permissionsOfRole, type RoleView } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { roleOptions } from './role-options.ts';

const role = (name: string, ...permissions: string[]): RoleView => ({
  id: null,
  name,
  description: '',
  builtIn: true,
  permissions,
  createdAt: null,
  version: 1,
});

describe('roles to choose from', () => {
  it('ACC-8: those that only read come first and say so, then the rest by how much they may', () => {
    const roles = [
      role('owner', 'asset.read', 'asset.create'),
      role('reader', 'asset.read'),
      role('cleaner', 'asset.archive'),
      role('viewer', 'asset.read', 'organization.list', 'approval.sign'),
    ];
    expect(roleOptions(roles)).toEqual([
      ['viewer', 'viewer (reads only)'],
      ['reader', 'reader (reads only)'],
      ['cleaner', 'cleaner'],
      ['owner', 'owner'],
    ]);
  });

  it('ACC-8: of the built-in roles, the auditor is the one that a reader is offered first', () => {
    const builtIn = builtInRoles.map((name) => role(name, ...permissionsOfRole[name]));
    expect(roleOptions(builtIn)[0]).toEqual(['auditor', 'auditor (reads only)']);
  });
});
