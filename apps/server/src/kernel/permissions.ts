/** ACC-6: the permissions and built-in roles; they belong to the published contract, so that every client knows them. */
export {
  isPermission,
  isRole,
  memberPermissions,
  type Permission,
  permissions,
  permissionsOfRole,
  type Role,
  roles,
} from '@quantumvault/api';
