import type { Permission } from '@quantumvault/api';
import type { IconName } from '../../design/icon.tsx';
import { roomOf } from '../shell/rooms.ts';

/** Something that is done on a page, found by what people call it. */
export interface PageAction {
  readonly label: string;
  readonly words: string;
  readonly icon: IconName;
  readonly path: string;
  /** null: everybody who is signed in. */
  readonly permission: Permission | null;
}

const actions: readonly PageAction[] = [
  {
    label: 'Invite a person',
    words: 'add user colleague new',
    icon: 'people',
    path: '/people',
    permission: 'user.invite',
  },
  {
    label: 'Make a role',
    words: 'new create permissions',
    icon: 'roles',
    path: '/roles',
    permission: 'role.create',
  },
  {
    label: 'Scan for TLS servers',
    words: 'discover new import endpoints',
    icon: 'search',
    path: '/scans/new',
    permission: 'asset.scan',
  },
  {
    label: 'Write a policy',
    words: 'new create protection',
    icon: 'policy',
    path: '/policies/new',
    permission: 'policy.create',
  },
  {
    label: 'Ask for a role for a time',
    words: 'request temporary access break-glass emergency',
    icon: 'key',
    path: '/access',
    permission: 'grant.request',
  },
  {
    label: 'Change my password',
    words: 'own account sign-in',
    icon: 'account',
    path: '/account?part=sign-in',
    permission: null,
  },
  {
    label: 'Add a passkey',
    words: 'second factor mfa totp authenticator recovery codes',
    icon: 'account',
    path: '/account?part=sign-in',
    permission: null,
  },
  {
    label: 'Where am I signed in?',
    words: 'own sessions devices end',
    icon: 'account',
    path: '/account?part=sessions',
    permission: null,
  },
  {
    label: 'Make an API key for myself',
    words: 'new own token',
    icon: 'key',
    path: '/account?part=keys',
    permission: 'api-key.create-own',
  },
  {
    label: 'Why may I, or why not?',
    words: 'explain own roles permissions access',
    icon: 'account',
    path: '/account?part=access',
    permission: null,
  },
  {
    label: 'Password and session rules',
    words: 'security settings mfa second factor lockout policy',
    icon: 'settings',
    path: '/settings?part=security',
    permission: 'security.read',
  },
  {
    label: 'What needs approval',
    words: 'approval policies quorum settings four eyes',
    icon: 'settings',
    path: '/settings?part=approvals',
    permission: 'approval-policy.read',
  },
  {
    label: 'Version and health of the server',
    words: 'status memory settings',
    icon: 'heart',
    path: '/settings?part=server',
    permission: 'security.read',
  },
  {
    label: 'Prove what happened last week',
    words: 'audit verify log inclusion proof events',
    icon: 'audit',
    path: '/audit?last=7',
    permission: 'audit.read',
  },
];

const pageOf = (path: string): string => path.split('?')[0] ?? path;

/** What the present user may do, on pages that there are. */
export function actionsOf(may: (permission: string) => boolean): readonly PageAction[] {
  return actions.filter(({ path, permission }) => {
    const room = roomOf(pageOf(path));
    const mayEnter = room !== undefined && (room.permission === null || may(room.permission));
    return mayEnter && (permission === null || may(permission));
  });
}
