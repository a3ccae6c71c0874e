import { isPermission, memberPermissions, type RoleView } from '@quantumvault/api';

/** What every member may anyway does not count. */
const readsOnly = (role: RoleView): boolean =>
  role.permissions.every(
    (name) => /\.(?:read|list)$/.test(name) || (isPermission(name) && memberPermissions.includes(name)),
  );

/** Roles for a choice: those that only read, the one that reads most first; then the rest, the fewest rights first. */
export function roleOptions(roles: readonly RoleView[]): readonly (readonly [value: string, text: string])[] {
  const readers = roles.filter(readsOnly).toSorted((a, b) => b.permissions.length - a.permissions.length);
  const others = roles
    .filter((role) => !readsOnly(role))
    .toSorted((a, b) => a.permissions.length - b.permissions.length);
  return [
    ...readers.map((role) => [role.name, `${role.name} (reads only)`] as const),
    ...others.map((role) => [role.name, role.name] as const),
  ];
}
