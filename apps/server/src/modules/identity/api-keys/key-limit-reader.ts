import type { Access, Place } from '../../../kernel/access.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { PlaceDirectory } from '../../access/index.ts';
import type { ApiKeyRepository } from './api-key-repository.ts';
import { resourceOf } from './key-limits.ts';
import { narrowAccess } from './narrow-access.ts';

export interface ReadLimits {
  readonly permissions: readonly string[] | null;
  readonly allowedNetworks: readonly string[];
  /** Null: the whole organization. */
  readonly place: Place | null;
}

// A few hundred bytes each.
const cacheMax = 10_000;

/** What authentication asks of a key besides whether it may be used. */
export interface KeyLimitReader {
  of(key: { readonly tenantId: TenantId; readonly id: string }): Promise<ReadLimits>;
  narrow(tenantId: TenantId, access: Access, place: Place): Promise<Access>;
}

/**
 * Limits of keys, read once: the database lets nobody change them. Whether a key was revoked or has expired is not among
 * them; that is asked with each request.
 */
export class StoredKeyLimits implements KeyLimitReader {
  readonly #uow: UnitOfWork;
  readonly #keys: Pick<ApiKeyRepository, 'find'>;
  readonly #places: PlaceDirectory;
  readonly #cache = new Map<string, ReadLimits>();
  /** An access object is compiled once for each version of its organization's access, and its parts with it. */
  readonly #narrowed = new WeakMap<Access, Map<string, Access>>();

  constructor(options: { uow: UnitOfWork; keys: Pick<ApiKeyRepository, 'find'>; places: PlaceDirectory }) {
    this.#uow = options.uow;
    this.#keys = options.keys;
    this.#places = options.places;
  }

  async of({ tenantId, id }: { tenantId: TenantId; id: string }): Promise<ReadLimits> {
    const cached = this.#cache.get(id);
    if (cached !== undefined) return cached;
    const key = await this.#uow.read(tenantId, (tx) => this.#keys.find(tx, id));
    const resource = key === null ? null : resourceOf(key);
    const place = resource === null ? null : await this.#places.placeOf(tenantId, resource);
    // A key whose place has gone may do nothing: it must not become one for the whole organization.
    if (key === null || (resource !== null && place === null)) return nothing;
    const limits = { permissions: key.permissions, allowedNetworks: key.allowedNetworks, place };
    this.#cache.set(id, limits);
    const oldest = this.#cache.keys().next().value;
    if (this.#cache.size > cacheMax && oldest !== undefined) this.#cache.delete(oldest);
    return limits;
  }

  async narrow(tenantId: TenantId, access: Access, place: Place): Promise<Access> {
    const known = this.#narrowed.get(access) ?? new Map<string, Access>();
    this.#narrowed.set(access, known);
    const cached = known.get(nameOf(place));
    if (cached !== undefined) return cached;
    const paths = new Map<string, Place | null>();
    for (const grant of access.grants) {
      const resource = grant.place === null ? null : resourceOf(grant.place);
      if (grant.place === null || resource === null || paths.has(nameOf(grant.place))) continue;
      paths.set(nameOf(grant.place), await this.#places.placeOf(tenantId, resource));
    }
    const narrowed = narrowAccess(access, place, (each) => paths.get(nameOf(each)) ?? null);
    known.set(nameOf(place), narrowed);
    return narrowed;
  }
}

const nothing: ReadLimits = { permissions: [], allowedNetworks: [], place: null };

const nameOf = ({ environmentId, projectId, serviceId }: Place): string =>
  [environmentId, projectId, serviceId].map((id) => id ?? '-').join('/');
