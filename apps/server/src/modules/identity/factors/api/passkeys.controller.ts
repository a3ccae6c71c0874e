import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import { CurrentActor, Endpoint, ExpectedVersion, Input } from '../../../../platform/http/endpoint.ts';
import { RegisterPasskey } from '../usecases/register-passkey.ts';
import { RemovePasskey } from '../usecases/remove-passkey.ts';
import { RenamePasskey } from '../usecases/rename-passkey.ts';
import { StartPasskey } from '../usecases/start-passkey.ts';

/** Passkeys of whoever asks. */
@Controller()
export class PasskeysController {
  readonly #start: StartPasskey;
  readonly #register: RegisterPasskey;
  readonly #rename: RenamePasskey;
  readonly #remove: RemovePasskey;

  constructor(
    @Inject(StartPasskey) start: StartPasskey,
    @Inject(RegisterPasskey) register: RegisterPasskey,
    @Inject(RenamePasskey) rename: RenamePasskey,
    @Inject(RemovePasskey) remove: RemovePasskey,
  ) {
    this.#start = start;
    this.#register = register;
    this.#rename = rename;
    this.#remove = remove;
  }

  @Endpoint(routes.startPasskey)
  start(@CurrentActor() actor: Actor) {
    return this.#start.execute(actor);
  }

  @Endpoint(routes.registerPasskey)
  register(@CurrentActor() actor: Actor, @Input() { body }: RouteInput<typeof routes.registerPasskey>) {
    return this.#register.execute(actor, body);
  }

  @Endpoint(routes.renamePasskey)
  rename(
    @CurrentActor() actor: Actor,
    @Input() { params, body }: RouteInput<typeof routes.renamePasskey>,
    @ExpectedVersion() expectedVersion: number,
  ) {
    return this.#rename.execute(actor, { id: params.id, name: body.name, expectedVersion });
  }

  @Endpoint(routes.removePasskey)
  remove(@CurrentActor() actor: Actor, @Input() { params }: RouteInput<typeof routes.removePasskey>) {
    return this.#remove.execute(actor, params.id);
  }
}
