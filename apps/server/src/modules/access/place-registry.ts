import type { Place } from '../../kernel/access.ts';
import type { Resource } from '../../kernel/actor.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import type { PlaceDirectory, PlaceSource } from './ports/place-directory.ts';

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Asks the module that holds a kind of resource. A kind that none holds belongs to the organization as a whole. */
export class PlaceRegistry implements PlaceDirectory {
  readonly #uow: UnitOfWork;
  readonly #sources: ReadonlyMap<string, PlaceSource>;

  constructor(options: { uow: UnitOfWork; sources: readonly PlaceSource[] }) {
    this.#uow = options.uow;
    this.#sources = new Map(options.sources.flatMap((source) => source.types.map((type) => [type, source])));
  }

  async placeOf(tenantId: TenantId, resource: Pick<Resource, 'type' | 'id'>): Promise<Place | null> {
    const source = this.#sources.get(resource.type);
    if (source === undefined || !idPattern.test(resource.id)) return null;
    return this.#uow.read(tenantId, (tx) => source.placeOf(tx, resource));
  }
}
