/** ACC-6: every permission there is, `noun.verb`. Roles, grants, conditions and denials are made of these names. */
export const permissions = [
  // What every active member of an organization may, without any role.
  'identity.read',
  'identity.self',
  'identity.secure',
  'api-key.create-own',
  'grant.request',
  'approval.read',
  'approval.sign',

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
  'audit.read',
  'audit.export-all',
  'status.read',

  'organization.read',
  'organization.update',
  'organization.list',
  'organization.create',
  'organization.suspend',
  'quota.read',
  'quota.update',
  'environment.read',
  'environment.create',
  'environment.update',
  'environment.delete',
  'project.read',
  'project.create',
  'project.update',
  'project.delete',
  'service.read',
  'service.create',
  'service.update',
  'service.delete',

  'user.read',
  'user.invite',
  'user.suspend',
  'user.offboard',
  'session.read',
  'session.revoke',
  'credential.reset',
  'api-key.read',
  'api-key.create',
  'api-key.revoke',
  'service-account.read',
  'service-account.create',
  'service-account.update',
  'service-account.delete',
  'device.read',
  'device.enroll',
  'device.revoke',
  'client-certificate.read',
  'client-certificate.bind',
  'client-certificate.unbind',
  'security.read',
  'security.update',

  'role.read',
  'role.create',
  'role.update',
  'role.delete',
  'grant.read',
  'grant.create',
  'grant.revoke',
  'access.decide',
  'access.break-glass',
  'access.review',
  'approval.decide',
  'approval-policy.read',
  'approval-policy.update',
] as const;
export type Permission = (typeof permissions)[number];

/** Held by every active subject of an organization; a denial takes none of them away, so that one can always see why. */
export const memberPermissions: readonly Permission[] = [
  'identity.read',
  'identity.self',
  // The own second factors: a fresh proof is demanded, of the factor that is there or else of the password (ACC-5).
  'identity.secure',
  // Keys for oneself: a fresh proof is demanded, since a key lives longer than the session that makes it.
  'api-key.create-own',
  'grant.request',
  'approval.read',
  'approval.sign',
];

export const roles = [
  'platform-admin',
  'organization-admin',
  'organization-user',
  'auditor',
  'custodian',
  'operator',
] as const;
export type Role = (typeof roles)[number];

/** Of the installation, not of one organization. */
const platformOnly: ReadonlySet<Permission> = new Set([
  'audit.export-all',
  'organization.list',
  'organization.create',
  'organization.suspend',
  'quota.update',
]);

const reading: readonly Permission[] = [
  'identity.read',
  'asset.read',
  'policy.read',
  'job.read',
  'schedule.read',
  'status.read',
  'organization.read',
  'environment.read',
  'project.read',
  'service.read',
];
/** An auditor reads everything of the organization; none of these hands out a secret. */
const readsEverything = permissions.filter(
  (permission) => permission.endsWith('.read') && permission !== 'tls-bundle.read',
);

export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  'platform-admin': permissions,
  'organization-admin': permissions.filter((permission) => !platformOnly.has(permission)),
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
  auditor: readsEverything,
  custodian: ['identity.read'],
  operator: [
    ...reading,
    'asset.scan',
    'job.cancel',
    'schedule.create',
    'schedule.update',
    'schedule.delete',
    'access.break-glass',
  ],
};

export const isPermission = (text: string): text is Permission => (permissions as readonly string[]).includes(text);
export const isRole = (text: string): text is Role => (roles as readonly string[]).includes(text);
