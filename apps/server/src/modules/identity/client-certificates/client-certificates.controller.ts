import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { BindClientCertificate, ListClientCertificates, UnbindClientCertificate } from './keep-certificates.ts';

@Controller()
export class ClientCertificatesController {
  readonly #list: ListClientCertificates;
  readonly #bind: BindClientCertificate;
  readonly #unbind: UnbindClientCertificate;

  constructor(
    @Inject(ListClientCertificates) list: ListClientCertificates,
    @Inject(BindClientCertificate) bind: BindClientCertificate,
    @Inject(UnbindClientCertificate) unbind: UnbindClientCertificate,
  ) {
    this.#list = list;
    this.#bind = bind;
    this.#unbind = unbind;
  }

  @Endpoint(routes.listClientCertificates)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listClientCertificates>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.bindClientCertificate)
  bind(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.bindClientCertificate>) {
    return this.#bind.execute(actor, input.body);
  }

  @Endpoint(routes.unbindClientCertificate)
  unbind(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.unbindClientCertificate>) {
    return this.#unbind.execute(actor, input.params.id);
  }
}
