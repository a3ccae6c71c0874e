import type { Actor } from '../../kernel/actor.ts';
import { kernelErrors } from '../../kernel/errors.ts';
import type { NewId } from '../../kernel/ids.ts';
import { decodeCursor, type Page, pageOf } from '../../kernel/page.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { tenancyErrors } from './domain/errors.ts';
import { type PlaceChange, type PlaceItem, type PlaceKind, type PlaceView, placeView } from './domain/place-kinds.ts';
import type { PlaceRepository } from './ports/place-repository.ts';

export interface PlacesOptions<Item extends PlaceItem, Draft> {
  readonly uow: UnitOfWork;
  readonly newId: NewId;
  readonly kind: PlaceKind<Item>;
  readonly repository: PlaceRepository<Item, Draft>;
}

/** What the use cases of one level of the hierarchy do once they have authorized: the same for all levels. */
export class Places<Item extends PlaceItem, Draft> {
  readonly #options: PlacesOptions<Item, Draft>;
  constructor(options: PlacesOptions<Item, Draft>) {
    this.#options = options;
  }

  create(actor: Actor, draft: Draft): Promise<PlaceView<Item>> {
    const { uow, kind, repository, newId } = this.#options;
    return uow.write(actor, async (tx) => {
      const item = await repository.insert(tx, { ...draft, id: newId<string>() });
      if (item === null) throw tenancyErrors.TENANCY_NAME_TAKEN();
      const resource = { type: kind.type, id: item.id };
      await tx.audit({ action: `${kind.type}.created`, resource, details: kind.factsOf(item) });
      return placeView(item);
    });
  }

  async get(actor: Actor, id: string): Promise<PlaceView<Item>> {
    const { uow, kind, repository } = this.#options;
    const item = await uow.read(actor.tenantId, (tx) => repository.find(tx, id));
    if (item === null) throw kind.notFound();
    return placeView(item);
  }

  async list(
    actor: Actor,
    query: { readonly limit: number; readonly cursor?: string | undefined; readonly parentId?: string | undefined },
  ): Promise<Page<PlaceView<Item>>> {
    const { uow, repository } = this.#options;
    const after = query.cursor === undefined ? null : String(decodeCursor(query.cursor, ['uuid'])[0]);
    const parentId = query.parentId ?? null;
    const items = await uow.read(actor.tenantId, (tx) =>
      repository.list(tx, { after, parentId, limit: query.limit + 1 }),
    );
    return pageOf(items.map(placeView), query.limit, ({ id }) => [id]);
  }

  change(
    actor: Actor,
    { id, expectedVersion }: { readonly id: string; readonly expectedVersion: number },
    change: PlaceChange<Item>,
  ): Promise<PlaceView<Item>> {
    const { uow, kind, repository } = this.#options;
    return uow.write(actor, async (tx) => {
      const before = await repository.findForUpdate(tx, id);
      if (before === null) throw kind.notFound();
      if (before.version !== expectedVersion) throw kernelErrors.REQUEST_ETAG_MISMATCH();
      const after = await repository.change(tx, id, change);
      await tx.audit({
        action: `${kind.type}.updated`,
        resource: { type: kind.type, id },
        details: { ...kind.factsOf(after), nameChanged: after.name !== before.name, version: after.version },
      });
      return placeView(after);
    });
  }

  async delete(actor: Actor, id: string): Promise<void> {
    const { uow, kind, repository } = this.#options;
    await uow.write(actor, async (tx) => {
      const item = await repository.findForUpdate(tx, id);
      if (item === null) throw kind.notFound();
      await repository.delete(tx, id);
      await tx.audit({
        action: `${kind.type}.deleted`,
        resource: { type: kind.type, id },
        details: kind.factsOf(item),
      });
    });
  }
}
