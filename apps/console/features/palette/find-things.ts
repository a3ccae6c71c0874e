import type { QuantumVaultClient } from '@quantumvault/api';
import type { IconName } from '../../design/icon.tsx';
import { problemCode } from '../../session/api.ts';
import { roomOf } from '../shell/rooms.ts';

/** Something of the organization that was found. */
export interface Found {
  readonly key: string;
  readonly label: string;
  readonly kind: string;
  readonly icon: IconName;
  readonly path: string;
}

export interface FindInput {
  readonly client: QuantumVaultClient;
  readonly may: (permission: string) => boolean;
  readonly typed: string;
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const actionPattern = /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/;
const listMax = 5;

interface Finder {
  readonly permission: string;
  readonly page: string;
  readonly find: (client: QuantumVaultClient, typed: string) => Promise<readonly Omit<Found, 'key' | 'path'>[]>;
  readonly pathOf: (typed: string) => string;
}

const byId = (page: string) => (id: string) => `${page}?id=${id}`;

/** What an id may be the id of. An id of something else, or of another organization, is not found: that is no failure. */
const idFinders: readonly Finder[] = [
  {
    permission: 'asset.read',
    page: '/inventory/asset',
    find: async (client, id) => {
      const { name } = await client.getAsset({ params: { id } });
      return [{ label: name, kind: 'Asset', icon: 'inventory' }];
    },
    pathOf: byId('/inventory/asset'),
  },
  {
    permission: 'user.read',
    page: '/people/person',
    find: async (client, id) => {
      const { displayName } = await client.getUser({ params: { id } });
      return [{ label: displayName, kind: 'Person', icon: 'people' }];
    },
    pathOf: byId('/people/person'),
  },
  {
    permission: 'job.read',
    page: '/jobs/job',
    find: async (client, id) => {
      const { kind, status } = await client.getJob({ params: { id } });
      return [{ label: `${kind}, ${status}`, kind: 'Job', icon: 'jobs' }];
    },
    pathOf: byId('/jobs/job'),
  },
  {
    permission: 'audit.read',
    page: '/audit/event',
    find: async (client, id) => {
      const { action, time } = await client.getAuditEvent({ params: { id } });
      return [{ label: `${action}, ${time}`, kind: 'Event', icon: 'audit' }];
    },
    pathOf: byId('/audit/event'),
  },
  {
    permission: 'approval.read',
    page: '/approvals/request',
    find: async (client, id) => {
      const { operation, status } = await client.getApproval({ params: { id } });
      return [{ label: `${operation}, ${status}`, kind: 'Approval', icon: 'approvals' }];
    },
    pathOf: byId('/approvals/request'),
  },
];

async function orNothing<T>(answer: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await answer;
  } catch (error) {
    // The server said no: there is no such thing for this user. That nobody answered is told.
    if (problemCode(error) === null) throw error;
    return [];
  }
}

/** By id whatever it is; by text assets, people and events, as far as the present user may and there are pages for them. */
export async function findThings({ client, may, typed }: FindInput): Promise<readonly Found[]> {
  const text = typed.trim();
  const isOpen = (permission: string, page: string) => may(permission) && roomOf(page) !== undefined;
  const id = text.toLowerCase();
  if (idPattern.test(id)) {
    const finders = idFinders.filter(({ permission, page }) => isOpen(permission, page));
    const answers = await Promise.all(
      finders.map(async ({ find, pathOf }) =>
        (await orNothing(find(client, id))).map((one) => ({ ...one, key: `${one.kind} ${id}`, path: pathOf(id) })),
      ),
    );
    const about: Found = {
      key: 'about',
      label: 'What happened to it',
      kind: 'Events',
      icon: 'audit',
      path: `/audit?resource=${id}`,
    };
    return [...answers.flat(), ...(isOpen('audit.read', '/audit') ? [about] : [])];
  }
  const assets = isOpen('asset.read', '/inventory/asset')
    ? orNothing(client.listAssets({ query: { search: text, limit: listMax } }).then(({ items }) => items))
    : [];
  const people = isOpen('user.read', '/people/person')
    ? orNothing(client.listUsers({ query: { emailPrefix: text, limit: listMax } }).then(({ items }) => items))
    : [];
  const found: Found[] = [];
  for (const { id: assetId, name } of await assets) {
    found.push({
      key: assetId,
      label: name,
      kind: 'Asset',
      icon: 'inventory',
      path: byId('/inventory/asset')(assetId),
    });
  }
  for (const { id: userId, displayName, email } of await people) {
    const label = displayName === email ? email : `${displayName}, ${email}`;
    found.push({ key: userId, label, kind: 'Person', icon: 'people', path: byId('/people/person')(userId) });
  }
  if (actionPattern.test(text) && isOpen('audit.read', '/audit')) {
    found.push({ key: 'action', label: text, kind: 'Events', icon: 'audit', path: `/audit?action=${text}` });
  }
  return found;
}
