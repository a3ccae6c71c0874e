import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import { type DeviceSignIns, hashOfUserCode } from './device-sign-ins.ts';

/**
 * Signs a device in as whoever decides, or turns it away. From a session alone: a key that could make sessions would
 * outlive its own revocation, and so could a session: what it has approved ends with it. The event comes first; a decision that then fails has given nobody anything.
 */
export class DecideDeviceSignIn {
  readonly authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #devices: DeviceSignIns;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; devices: DeviceSignIns }) {
    this.authorize = options.authorize;
    this.#uow = options.uow;
    this.#devices = options.devices;
  }

  async execute(actor: Actor, { userCode, isApproved }: { userCode: string; isApproved: boolean }): Promise<void> {
    await this.authorize(actor, 'identity.self', { type: 'user', id: actor.id });
    const { kind, id: sessionId, authenticatedAt, mfaAt } = actor.credential;
    if (kind !== 'session' || sessionId === null || authenticatedAt === null)
      throw identityErrors.IDENTITY_SESSION_REQUIRED();
    const userHash = hashOfUserCode(userCode);
    if ((await this.#devices.find(userHash)) === null) throw identityErrors.IDENTITY_DEVICE_CODE_REFUSED();
    await this.#uow.write(actor, (tx) =>
      tx.audit({
        action: isApproved ? 'device-sign-in.approved' : 'device-sign-in.denied',
        resource: { type: 'user', id: actor.id },
      }),
    );
    const by = { tenantId: actor.tenantId, subjectId: actor.id, sessionId, authenticatedAt, mfaAt };
    const isDecided = await this.#devices.decide({ userHash, isApproved, ...by });
    if (!isDecided) throw identityErrors.IDENTITY_DEVICE_CODE_REFUSED();
  }
}
