import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { CreateApiKey, CreateOwnApiKey } from './create-api-key.ts';
import { ListApiKeys, ListOwnApiKeys } from './list-api-keys.ts';
import { RevokeApiKey, RevokeOwnApiKey } from './revoke-api-key.ts';
import { RotateApiKey, RotateOwnApiKey } from './rotate-api-key.ts';

/** One's own keys. */
@Controller()
export class OwnApiKeysController {
  readonly #list: ListOwnApiKeys;
  readonly #create: CreateOwnApiKey;
  readonly #rotate: RotateOwnApiKey;
  readonly #revoke: RevokeOwnApiKey;

  constructor(
    @Inject(ListOwnApiKeys) list: ListOwnApiKeys,
    @Inject(CreateOwnApiKey) create: CreateOwnApiKey,
    @Inject(RotateOwnApiKey) rotate: RotateOwnApiKey,
    @Inject(RevokeOwnApiKey) revoke: RevokeOwnApiKey,
  ) {
    this.#list = list;
    this.#create = create;
    this.#rotate = rotate;
    this.#revoke = revoke;
  }

  @Endpoint(routes.listOwnApiKeys)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listOwnApiKeys>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.createOwnApiKey)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createOwnApiKey>) {
    return this.#create.execute(actor, input.body);
  }

  @Endpoint(routes.rotateOwnApiKey)
  rotate(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.rotateOwnApiKey>) {
    return this.#rotate.execute(actor, { id: input.params.id, ...input.body });
  }

  @Endpoint(routes.revokeOwnApiKey)
  revoke(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.revokeOwnApiKey>) {
    return this.#revoke.execute(actor, input.params.id);
  }
}

/** Keys of the organization, made for service accounts only. */
@Controller()
export class ApiKeysController {
  readonly #list: ListApiKeys;
  readonly #create: CreateApiKey;
  readonly #rotate: RotateApiKey;
  readonly #revoke: RevokeApiKey;

  constructor(
    @Inject(ListApiKeys) list: ListApiKeys,
    @Inject(CreateApiKey) create: CreateApiKey,
    @Inject(RotateApiKey) rotate: RotateApiKey,
    @Inject(RevokeApiKey) revoke: RevokeApiKey,
  ) {
    this.#list = list;
    this.#create = create;
    this.#rotate = rotate;
    this.#revoke = revoke;
  }

  @Endpoint(routes.listApiKeys)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listApiKeys>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.createApiKey)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createApiKey>) {
    return this.#create.execute(actor, input.body);
  }

  @Endpoint(routes.rotateApiKey)
  rotate(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.rotateApiKey>) {
    return this.#rotate.execute(actor, { id: input.params.id, ...input.body });
  }

  @Endpoint(routes.revokeApiKey)
  revoke(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.revokeApiKey>) {
    return this.#revoke.execute(actor, input.params.id);
  }
}
