import type { ApiKeyView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { ApiKeyRepository } from './api-key-repository.ts';
import { keyView } from './make-key.ts';

interface Deps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly keys: ApiKeyRepository;
}

export interface ListApiKeysInput {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly includeEnded: 'true' | 'false';
  readonly ownerId?: string | undefined;
}

async function list({ uow, keys }: Deps, actor: Actor, input: ListApiKeysInput): Promise<Page<ApiKeyView>> {
  const before = input.cursor === undefined ? null : String(decodeCursor(input.cursor, ['uuid'])[0]);
  const query = {
    before,
    limit: input.limit + 1,
    ownerId: input.ownerId ?? null,
    includeEnded: input.includeEnded === 'true',
  };
  const found = await uow.read(actor.tenantId, (tx) => keys.list(tx, query));
  return pageOf(found.map(keyView), input.limit, ({ id }) => [id]);
}

/** The actor's own keys, newest first; never their secrets. */
export class ListOwnApiKeys {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, input: Omit<ListApiKeysInput, 'ownerId'>): Promise<Page<ApiKeyView>> {
    await this.#deps.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    return list(this.#deps, actor, { ...input, ownerId: actor.id });
  }
}

/** Keys of the organization, newest first; never their secrets. */
export class ListApiKeys {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, input: ListApiKeysInput): Promise<Page<ApiKeyView>> {
    await this.#deps.authorize(actor, 'api-key.read', { type: 'organization', id: actor.tenantId });
    return list(this.#deps, actor, input);
  }
}
