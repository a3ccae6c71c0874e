import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { identityErrors } from '../errors.ts';
import { type DeviceSignIns, hashOfUserCode } from './device-sign-ins.ts';

/** Tells what waits under a user code, so that nobody approves what he has not seen. */
export class LookUpDeviceSignIn {
  readonly authorize: Authorize;
  readonly #devices: DeviceSignIns;
  constructor(options: { authorize: Authorize; devices: DeviceSignIns }) {
    this.authorize = options.authorize;
    this.#devices = options.devices;
  }

  async execute(actor: Actor, userCode: string): Promise<{ clientName: string }> {
    await this.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    const clientName = await this.#devices.find(hashOfUserCode(userCode));
    if (clientName === null) throw identityErrors.IDENTITY_DEVICE_CODE_REFUSED();
    return { clientName };
  }
}
