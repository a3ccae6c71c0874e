import type { RoleView } from '@quantumvault/api';
import { isPermission, type Permission, permissionsOfRole, type Role, roles } from '../../../kernel/permissions.ts';

export interface CustomRole {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
  readonly createdAt: Date;
  readonly version: number;
}

/** A role that can be given: a built-in one by its name, or a custom one by its id. */
export type HeldRole =
  | { readonly name: Role; readonly customId: null; readonly permissions: readonly Permission[] }
  | { readonly name: string; readonly customId: string; readonly permissions: readonly Permission[] };

// Each is loaded with every grant of it; an organization that needs more has a model and not roles.
export const customRolesMax = 500;

const aboutRole: Readonly<Record<Role, string>> = {
  'platform-admin': 'Everything, in this organization and over the installation',
  'organization-admin': 'Everything in this organization',
  'organization-user': 'Works with assets, and reads what belongs to them',
  auditor: 'Reads everything of the organization, and no secret',
  custodian: 'Holds a share of the recovery key, and is nothing else',
  operator: 'Runs scans, jobs and schedules; may break the glass',
};

export const builtInRoles: readonly RoleView[] = roles.map((name) => ({
  id: null,
  name,
  description: aboutRole[name],
  builtIn: true,
  permissions: [...permissionsOfRole[name]],
  createdAt: null,
  version: 1,
}));

export const roleView = ({ createdAt, permissions, ...role }: CustomRole): RoleView => ({
  ...role,
  builtIn: false,
  permissions: permissions.filter(isPermission),
  createdAt: createdAt.toISOString(),
});
