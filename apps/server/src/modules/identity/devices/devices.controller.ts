import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor, RequestFacts } from '../../../kernel/actor.ts';
import { CurrentActor, CurrentRequest, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { DeviceTokens } from './device-tokens.ts';
import { DeviceEnroller } from './enroll-device.ts';
import { CancelDeviceEnrollment, CreateDeviceEnrollment, ListDevices, RevokeDevice } from './keep-devices.ts';

/** Devices, as administrators keep them. */
@Controller()
export class DevicesController {
  readonly #list: ListDevices;
  readonly #create: CreateDeviceEnrollment;
  readonly #cancel: CancelDeviceEnrollment;
  readonly #revoke: RevokeDevice;

  constructor(
    @Inject(ListDevices) list: ListDevices,
    @Inject(CreateDeviceEnrollment) create: CreateDeviceEnrollment,
    @Inject(CancelDeviceEnrollment) cancel: CancelDeviceEnrollment,
    @Inject(RevokeDevice) revoke: RevokeDevice,
  ) {
    this.#list = list;
    this.#create = create;
    this.#cancel = cancel;
    this.#revoke = revoke;
  }

  @Endpoint(routes.listDevices)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listDevices>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.createDeviceEnrollment)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createDeviceEnrollment>) {
    return this.#create.execute(actor, input.body);
  }

  @Endpoint(routes.cancelDeviceEnrollment)
  cancel(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.cancelDeviceEnrollment>) {
    return this.#cancel.execute(actor, input.params.id);
  }

  @Endpoint(routes.revokeDevice)
  revoke(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.revokeDevice>) {
    return this.#revoke.execute(actor, input.params.id);
  }
}

/** What an agent asks, which is nobody yet. */
@Controller()
export class AgentsController {
  readonly #enroller: DeviceEnroller;
  readonly #tokens: DeviceTokens;

  constructor(@Inject(DeviceEnroller) enroller: DeviceEnroller, @Inject(DeviceTokens) tokens: DeviceTokens) {
    this.#enroller = enroller;
    this.#tokens = tokens;
  }

  @Endpoint(routes.enrollDevice)
  enroll(@Input() input: RouteInput<typeof routes.enrollDevice>, @CurrentRequest() request: RequestFacts) {
    return this.#enroller.enroll(input.body, request);
  }

  @Endpoint(routes.createDeviceToken)
  token(@Input() input: RouteInput<typeof routes.createDeviceToken>, @CurrentRequest() request: RequestFacts) {
    return this.#tokens.exchange(input.body, request);
  }
}
