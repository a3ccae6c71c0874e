import { type Access, compileAccess, type Grant } from './access.ts';
import { type Credential, noCredential } from './actor.ts';
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

/**
 * Of somebody who has just signed in with a password: what demands a fresh proof (ACC-5) lets it pass. It never grows old,
 * whatever a test does to its clock.
 */
export const freshSession = (authenticatedAt = new Date('2999-01-01T00:00:00Z')): Credential => ({
  ...noCredential,
  kind: 'session',
  id: '01920000-0000-7000-8000-00000000f5e5',
  authenticatedAt,
});

/** The access of somebody with exactly these permissions in the whole organization. */
export const accessOfPermissions = (permissions: readonly Permission[]): Access =>
  compileAccess([grantOf('0', 'test', permissions)]);
