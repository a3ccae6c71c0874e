import type { DeviceView } from '@quantumvault/api';
import { sha256 } from '@quantumvault/crypto';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { isoInstant } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import { permissions } from '../../../kernel/permissions.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { handsOn } from '../../access/index.ts';
import type { ApiKeyRepository } from '../api-keys/api-key-repository.ts';
import { needUnlimitedKey } from '../api-keys/make-key.ts';
import { identityErrors } from '../errors.ts';
import { recordingRefusal, unrepeated } from '../recording-refusal.ts';
import { generateToken } from '../secret-token.ts';
import type { DeviceRepository, StoredDevice } from './device-repository.ts';

export interface DeviceDeps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly devices: DeviceRepository;
  readonly keys: Pick<ApiKeyRepository, 'find'>;
  readonly newId: NewId;
}

const devicesMax = 10_000;

const deviceView = ({ publicKey, ...device }: StoredDevice): DeviceView => ({
  ...device,
  keyFingerprint: Buffer.from(sha256(publicKey)).toString('base64url'),
  permissions: [...device.permissions],
  macAddresses: [...device.macAddresses],
  enrolledAt: isoInstant(device.enrolledAt),
  lastSeenAt: device.lastSeenAt === null ? null : isoInstant(device.lastSeenAt),
});

/** Enrolled devices, oldest first. */
export class ListDevices {
  readonly #deps: DeviceDeps;
  constructor(deps: DeviceDeps) {
    this.#deps = deps;
  }

  async execute(
    actor: Actor,
    input: { limit: number; cursor?: string | undefined; includeRevoked: 'true' | 'false' },
  ): Promise<Page<DeviceView>> {
    await this.#deps.authorize(actor, 'device.read', { type: 'organization', id: actor.tenantId });
    const after = input.cursor === undefined ? null : String(decodeCursor(input.cursor, ['uuid'])[0]);
    const query = { after, limit: input.limit + 1, includeRevoked: input.includeRevoked === 'true' };
    const found = await this.#deps.uow.read(actor.tenantId, (tx) => this.#deps.devices.list(tx, query));
    return pageOf(found.map(deviceView), input.limit, ({ id }) => [id]);
  }
}

/**
 * Makes a one-time token for an agent. The device that comes of it may at most what the maker holds for good now, because
 * the maker may keep the token for a machine of his own. Throws `IDENTITY_*`.
 */
export class CreateDeviceEnrollment {
  readonly #deps: DeviceDeps;
  constructor(deps: DeviceDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, { name, expiresInHours }: { name: string; expiresInHours: number }) {
    await this.#deps.authorize(actor, 'device.enroll', { type: 'organization', id: actor.tenantId });
    const resource = { type: 'organization', id: actor.tenantId };
    const { devices, uow, newId } = this.#deps;
    return recordingRefusal({ uow, actor, permission: 'device.enroll', resource }, async () => {
      await needUnlimitedKey(this.#deps, actor, null);
      const limit = handsOn(actor, { permissions, place: null });
      return uow.write(unrepeated(actor), async (tx) => {
        if ((await devices.count(tx)) >= devicesMax) throw identityErrors.IDENTITY_DEVICES_TOO_MANY();
        const id = newId<string>();
        const { text, prefix, secretHash } = generateToken('qve');
        const expiresAt = await devices.insertEnrollment(tx, {
          id,
          name,
          permissions: limit,
          prefix,
          tokenHash: secretHash,
          createdBy: actor.id,
          hours: expiresInHours,
        });
        await tx.audit({
          action: 'device-enrollment.created',
          resource: { type: 'device-enrollment', id },
          details: { expiresAt: isoInstant(expiresAt), permissions: limit.length },
        });
        return { id, name, expiresAt: isoInstant(expiresAt), token: text };
      });
    });
  }
}

/** Voids a token that no agent has used. */
export class CancelDeviceEnrollment {
  readonly #deps: DeviceDeps;
  constructor(deps: DeviceDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#deps.authorize(actor, 'device.revoke', { type: 'device-enrollment', id });
    await this.#deps.uow.write(actor, async (tx) => {
      if (!(await this.#deps.devices.cancelEnrollment(tx, id))) throw identityErrors.IDENTITY_ENROLLMENT_NOT_FOUND();
      await tx.audit({ action: 'device-enrollment.cancelled', resource: { type: 'device-enrollment', id } });
    });
  }
}

/** Revokes a device: its tokens are dead in the next request, and its key opens nothing again. */
export class RevokeDevice {
  readonly #deps: DeviceDeps;
  constructor(deps: DeviceDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#deps.authorize(actor, 'device.revoke', { type: 'device', id });
    await this.#deps.uow.write(actor, async (tx) => {
      if ((await this.#deps.devices.hold(tx, id)) === null) throw identityErrors.IDENTITY_DEVICE_NOT_FOUND();
      await this.#deps.devices.revoke(tx, id);
      await tx.audit({ action: 'device.revoked', resource: { type: 'device', id } });
    });
  }
}
