import { type Access, compileAccess, type Grant } from './access.ts';
import { type Permission, permissionsOfRole, type Role } from './permissions.ts';

const grantOf = (id: string, role: string, permissions: readonly Permission[]): Grant => ({
  id,
  effect: 'allow',
  role,
  permissions: new Set(permissions),
  place: null,
  conditions: {},
});

/** The access of somebody who holds built-in roles in the whole organization. */
export const accessOfRoles = (roles: readonly Role[]): Access =>
  compileAccess(roles.map((role, index) => grantOf(String(index), role, permissionsOfRole[role])));

/** The access of somebody with exactly these permissions in the whole organization. */
export const accessOfPermissions = (permissions: readonly Permission[]): Access =>
  compileAccess([grantOf('0', 'test', permissions)]);
