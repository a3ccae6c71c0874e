/** ACC-6, first form: built-in roles as sets of permissions. Custom roles, conditions and denials build on these names. */
export const permissions = [
  'asset.read',
  'asset.create',
  'asset.classify',
  'asset.archive',
  'asset.scan',
  'finding.accept',
  'asset.protect',
  'data-key.unwrap',
  'tls-bundle.read',
  'token.sign',
  'policy.read',
  'policy.create',
  'policy.update',
  'policy.delete',
  'job.read',
  'job.cancel',
  'schedule.read',
  'schedule.create',
  'schedule.update',
  'schedule.delete',
  'environment.read',
  'audit.read',
  'audit.export-all',
  'status.read',
  'identity.read',
] as const;
export type Permission = (typeof permissions)[number];

export const roles = [
  'platform-admin',
  'organization-admin',
  'organization-user',
  'auditor',
  'custodian',
  'operator',
] as const;
export type Role = (typeof roles)[number];

const reading: readonly Permission[] = [
  'asset.read',
  'policy.read',
  'job.read',
  'schedule.read',
  'environment.read',
  'identity.read',
  'status.read',
];
const administration: readonly Permission[] = [
  ...reading,
  'asset.create',
  'asset.classify',
  'asset.archive',
  'asset.scan',
  'finding.accept',
  'asset.protect',
  'data-key.unwrap',
  'tls-bundle.read',
  'token.sign',
  'policy.create',
  'policy.update',
  'policy.delete',
  'job.cancel',
  'schedule.create',
  'schedule.update',
  'schedule.delete',
  'audit.read',
];

export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  'platform-admin': [...administration, 'audit.export-all'],
  'organization-admin': administration,
  'organization-user': [
    ...reading,
    'asset.create',
    'asset.classify',
    'asset.scan',
    'asset.protect',
    'data-key.unwrap',
    'tls-bundle.read',
    'token.sign',
  ],
  auditor: [...reading, 'audit.read'],
  custodian: ['identity.read'],
  operator: [...reading, 'asset.scan', 'job.cancel', 'schedule.create', 'schedule.update', 'schedule.delete'],
};

export const isRole = (text: string): text is Role => (roles as readonly string[]).includes(text);

export function permissionsOf(held: readonly Role[]): ReadonlySet<Permission> {
  return new Set(held.flatMap((role) => permissionsOfRole[role]));
}
