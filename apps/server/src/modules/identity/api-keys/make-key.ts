import type { ApiKeyView } from '@quantumvault/api';
import type { Place } from '../../../kernel/access.ts';
import type { Actor, Resource } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { type Clock, isoInstant } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import { isPermission, type Permission } from '../../../kernel/permissions.ts';
import type { UnitOfWork, WriteTransaction } from '../../../kernel/unit-of-work.ts';
import type { PlaceDirectory } from '../../access/index.ts';
import { generateApiKey } from '../api-key.ts';
import { identityErrors } from '../errors.ts';
import type { SecuritySettingsStore } from '../security/settings-store.ts';
import type { ApiKeyRepository, KeyPlace, NewKeyRow, StoredApiKey } from './api-key-repository.ts';
import { isLimited, needNetworks, resourceOf } from './key-limits.ts';

export interface KeyDeps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly keys: ApiKeyRepository;
  readonly settings: Pick<SecuritySettingsStore, 'read'>;
  readonly places: PlaceDirectory;
  readonly clock: Clock;
  readonly newId: NewId;
}

export interface KeyWish {
  readonly name: string;
  readonly permissions?: readonly Permission[] | undefined;
  readonly environmentId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly serviceId?: string | undefined;
  readonly allowedNetworks: readonly string[];
  readonly expiresInDays?: number | undefined;
}

export interface MadeKey {
  readonly key: ApiKeyView;
  readonly secret: string;
}

// Enough for every job of a service account to have its own; beyond it somebody has forgotten to revoke.
const usableMax = 100;
const daySeconds = 86_400;

export const keyView = (key: StoredApiKey): ApiKeyView => ({
  ...key,
  prefix: `qv_${key.prefix}`,
  permissions: key.permissions === null ? null : [...key.permissions],
  allowedNetworks: [...key.allowedNetworks],
  createdAt: isoInstant(key.createdAt),
  expiresAt: key.expiresAt === null ? null : isoInstant(key.expiresAt),
  revokedAt: key.revokedAt === null ? null : isoInstant(key.revokedAt),
  lastUsedAt: key.lastUsedAt === null ? null : isoInstant(key.lastUsedAt),
});

const placeOf = ({ environmentId, projectId, serviceId }: KeyWish): KeyPlace => ({
  environmentId: environmentId ?? null,
  projectId: projectId ?? null,
  serviceId: serviceId ?? null,
});

/**
 * A key that is less than its owner must not make a key that is more. Which limits an actor's key has, only its row says
 * whole; so a key with any limit makes none, and replaces only itself.
 */
export async function needUnlimitedKey(
  deps: { readonly uow: UnitOfWork; readonly keys: Pick<ApiKeyRepository, 'find'> },
  actor: Actor,
  replaced: string | null,
): Promise<void> {
  const { kind, id } = actor.credential;
  // Always for less than their subject may, and in the hands of whoever bound or enrolled them.
  if (kind === 'certificate' || kind === 'device-key') throw identityErrors.IDENTITY_KEY_LIMITED();
  if (kind !== 'api-key' || id === null || id === replaced) return;
  const own = await deps.uow.read(actor.tenantId, (tx) => deps.keys.find(tx, id));
  if (own === null || isLimited(own)) throw identityErrors.IDENTITY_KEY_LIMITED();
}

/** Where the key is to be good, as a whole path; throws `IDENTITY_PLACE_NOT_FOUND`. */
export async function needPlace(deps: KeyDeps, actor: Actor, wish: KeyWish): Promise<Place | null> {
  const resource = resourceOf(placeOf(wish));
  if (resource === null) return null;
  const path = await deps.places.placeOf(actor.tenantId, resource);
  if (path === null) throw identityErrors.IDENTITY_PLACE_NOT_FOUND();
  return path;
}

/** ACC-2: nobody makes a key with more than he may. Each permission is asked for as if it were to be used at the place. */
export async function needPermissions(
  authorize: Authorize,
  actor: Actor,
  { permissions, place, ownerId }: { permissions: readonly Permission[]; place: Place | null; ownerId: string },
): Promise<void> {
  const resource: Resource = { type: 'api-key-owner', id: ownerId, ...(place === null ? {} : { place }) };
  for (const permission of new Set(permissions)) await authorize(actor, permission, resource);
}

/** The life of a new key in seconds; throws `IDENTITY_KEY_LIFE` when the organization wants a shorter one. */
export function lifeOf(days: number | undefined, daysMax: number | null): number | null {
  if (daysMax !== null && (days === undefined || days > daysMax)) {
    const detail = `The organization demands that a key lives at most ${daysMax} days: give expiresInDays.`;
    throw identityErrors.IDENTITY_KEY_LIFE({ detail });
  }
  return days === undefined ? null : days * daySeconds;
}

/** Makes the key in a transaction of its owner's organization, with its event. */
export async function makeKey(
  deps: KeyDeps,
  tx: WriteTransaction,
  {
    ownerId,
    madeBy,
    wish,
    permissions,
  }: {
    ownerId: string;
    madeBy: string;
    wish: KeyWish;
    permissions: readonly Permission[] | null;
  },
): Promise<MadeKey> {
  needNetworks(wish.allowedNetworks);
  if ((await deps.keys.countUsable(tx, ownerId)) >= usableMax) throw identityErrors.IDENTITY_KEYS_TOO_MANY();
  const { apiKey } = (await deps.settings.read(tx)).settings;
  const made = await insertKey(deps, tx, {
    ...placeOf(wish),
    ownerId,
    name: wish.name,
    permissions,
    allowedNetworks: wish.allowedNetworks,
    createdBy: madeBy,
    replaces: null,
    lifeSeconds: lifeOf(wish.expiresInDays, apiKey.daysMax),
  });
  await tx.audit({
    action: 'api-key.created',
    resource: { type: 'api-key', id: made.key.id },
    details: detailsOf(made.key),
  });
  return made;
}

/** How long the successor of a key lives, in seconds: until the old end, or as long as the old one was made for. */
function lifeOfSuccessor(
  old: StoredApiKey,
  { since, daysMax }: { since: Date; daysMax: number | null },
): number | null {
  const life = old.expiresAt === null ? null : Math.ceil((old.expiresAt.getTime() - since.getTime()) / 1000);
  const longest = daysMax === null ? null : daysMax * daySeconds;
  return life === null || longest === null ? (life ?? longest) : Math.min(life, longest);
}

/** A new key with the limits of an old one, and an end of the old one. */
export async function replaceKey(
  deps: KeyDeps,
  tx: WriteTransaction,
  {
    old,
    madeBy,
    overlapHours,
    keepsEnd,
  }: { old: StoredApiKey; madeBy: string; overlapHours: number; keepsEnd: boolean },
): Promise<MadeKey> {
  if (old.state !== 'active') throw identityErrors.IDENTITY_KEY_STATE({ detail: `The key is ${old.state}.` });
  const { apiKey } = (await deps.settings.read(tx)).settings;
  const since = keepsEnd ? deps.clock.now() : old.createdAt;
  const lifeSeconds = lifeOfSuccessor(old, { since, daysMax: apiKey.daysMax });
  const made = await insertKey(deps, tx, {
    environmentId: old.environmentId,
    projectId: old.projectId,
    serviceId: old.serviceId,
    ownerId: old.owner.id,
    name: old.name,
    permissions: old.permissions,
    allowedNetworks: old.allowedNetworks,
    createdBy: madeBy,
    replaces: old.id,
    lifeSeconds,
  });
  if (overlapHours === 0) await deps.keys.revoke(tx, old.id);
  else await deps.keys.endWithin(tx, old.id, overlapHours * 3600);
  await tx.audit({
    action: 'api-key.rotated',
    resource: { type: 'api-key', id: old.id },
    details: { newKeyId: made.key.id, overlapHours, ...detailsOf(made.key) },
  });
  return made;
}

async function insertKey(
  { keys, newId }: KeyDeps,
  tx: WriteTransaction,
  row: Omit<NewKeyRow, 'id' | 'prefix' | 'secretHash'>,
): Promise<MadeKey> {
  const id = newId<string>();
  const { text, prefix, secretHash } = generateApiKey();
  await keys.insert(tx, { ...row, id, prefix, secretHash });
  const key = await keys.find(tx, id);
  if (key === null) throw new Error('a new key is not there');
  return { key: keyView(key), secret: text };
}

const detailsOf = (key: ApiKeyView) => ({
  ownerId: key.owner.id,
  permissions: key.permissions === null ? null : key.permissions.length,
  environmentId: key.environmentId,
  projectId: key.projectId,
  serviceId: key.serviceId,
  networks: key.allowedNetworks.length,
  expiresAt: key.expiresAt,
});

/** Those of a credential's permissions that can be asked for; null: all. */
export const credentialPermissions = (actor: Actor): readonly Permission[] | null =>
  actor.credential.permissions === null ? null : [...actor.credential.permissions].filter(isPermission);
