import type { Permission } from '@quantumvault/api';
import type { IconName } from '../../design/icon.tsx';

/** A room of the console: a place in the navigation. */
export interface Room {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
  /** Who may not, does not see the room. null: everybody who is signed in. */
  readonly permission: Permission | null;
  readonly group: 'Work' | 'Trust' | 'People' | 'Organization' | 'You';
  /** One sentence on what it is for. */
  readonly about: string;
}

/** The one list of rooms. A test holds it to the pages that there are. */
export const rooms: readonly Room[] = [
  {
    path: '/',
    label: 'Home',
    icon: 'home',
    permission: null,
    group: 'Work',
    about: 'What you may do here',
  },
  {
    path: '/inventory',
    label: 'Inventory',
    icon: 'inventory',
    permission: 'asset.read',
    group: 'Work',
    about: 'What protects data and connections, and at what risk',
  },
  {
    path: '/scans',
    label: 'Scans',
    icon: 'search',
    permission: 'asset.read',
    group: 'Work',
    about: 'Ask servers which cryptography they speak',
  },
  {
    path: '/policies',
    label: 'Policies',
    icon: 'policy',
    permission: 'policy.read',
    group: 'Work',
    about: 'Which algorithms assets need, simulated before they are applied',
  },
  {
    path: '/jobs',
    label: 'Jobs',
    icon: 'jobs',
    permission: 'job.read',
    group: 'Work',
    about: 'Long work: how far it is, and what came of it',
  },
  {
    path: '/approvals',
    label: 'Approvals',
    icon: 'approvals',
    permission: 'approval.read',
    group: 'Work',
    about: 'What waits for a second person, with its exact plan',
  },
  {
    path: '/audit',
    label: 'Audit',
    icon: 'audit',
    permission: 'audit.read',
    group: 'Trust',
    about: 'Who did what, proven in this browser',
  },
  {
    path: '/people',
    label: 'People',
    icon: 'people',
    permission: 'user.read',
    group: 'People',
    about: 'Who belongs to the organization, and what each may',
  },
  {
    path: '/roles',
    label: 'Roles',
    icon: 'roles',
    permission: 'role.read',
    group: 'People',
    about: 'What each role allows',
  },
  {
    path: '/access',
    label: 'Access',
    icon: 'access',
    permission: 'grant.request',
    group: 'People',
    about: 'Ask for access for a time, decide about it, and emergencies',
  },
  {
    path: '/organization',
    label: 'Organization',
    icon: 'organization',
    permission: 'environment.read',
    group: 'Organization',
    about: 'Environments, projects and services',
  },
  {
    path: '/machines',
    label: 'Machines',
    icon: 'machine',
    permission: 'service-account.read',
    group: 'Organization',
    about: 'Service accounts, devices and the certificates that stand for them',
  },
  {
    path: '/api-keys',
    label: 'API keys',
    icon: 'key',
    permission: 'api-key.read',
    group: 'Organization',
    about: 'Every key of the organization, which ones end soon, and who uses them',
  },
  {
    path: '/settings',
    label: 'Settings',
    icon: 'settings',
    permission: 'security.read',
    group: 'Organization',
    about: 'What the organization has decided for all, and how the server is',
  },
  {
    path: '/account',
    label: 'Account',
    icon: 'account',
    permission: null,
    group: 'You',
    about: 'How you sign in, where you are signed in, your API keys, and what you may',
  },
];

export const roomsOf = (may: (permission: string) => boolean): readonly Room[] =>
  rooms.filter(({ permission }) => permission === null || may(permission));

/** The room that a page belongs to: the longest path that leads to it. */
export function roomOf(pathname: string): Room | undefined {
  return rooms
    .filter(({ path }) => pathname === path || (path !== '/' && pathname.startsWith(`${path}/`)))
    .sort((one, other) => other.path.length - one.path.length)[0];
}
