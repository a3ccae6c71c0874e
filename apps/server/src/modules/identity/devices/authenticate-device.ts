import { constantTimeEqual, randomBytes } from '@quantumvault/crypto';
import { type Actor, noCredential } from '../../../kernel/actor.ts';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import { isPermission } from '../../../kernel/permissions.ts';
import type { AccessDirectory } from '../../access/index.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { identityErrors } from '../errors.ts';
import { presentedToken } from '../secret-token.ts';
import type { DeviceDirectory, FoundDeviceSession } from './device-repository.ts';

/** How a device's token begins; API keys and access tokens never do. */
export const deviceTokenStart = 'qvm_';

/** Builds the actor of a request from a device's token, or says on which device another actor is (ACC-2, ACC-7). */
export class DeviceAuthenticator {
  readonly #directory: Pick<DeviceDirectory, 'session'>;
  readonly #access: Pick<AccessDirectory, 'at'>;
  readonly #countRefusal: CountRefusal;
  readonly #dummyHash = randomBytes(32);

  constructor(options: {
    directory: Pick<DeviceDirectory, 'session'>;
    access: Pick<AccessDirectory, 'at'>;
    countRefusal: CountRefusal;
  }) {
    this.#directory = options.directory;
    this.#access = options.access;
    this.#countRefusal = options.countRefusal;
  }

  async authenticate(token: string, request: Actor['request']): Promise<Actor> {
    const found = await this.#find(token, request);
    const subject = { tenantId: found.tenantId as TenantId, subjectId: found.deviceId as ActorId };
    return {
      kind: 'device',
      id: subject.subjectId,
      tenantId: subject.tenantId,
      access: await this.#access.at({ ...subject, version: found.accessVersion }),
      credential: {
        ...noCredential,
        kind: 'device-key',
        id: found.id,
        permissions: new Set(found.permissions.filter(isPermission)),
        authenticatedAt: found.createdAt,
        deviceId: found.deviceId,
        macAddresses: found.macAddresses,
      },
      request,
      approval: null,
    };
  }

  /** Somebody of the same organization who sends a device's token along acts on that device. */
  async onDevice(actor: Actor, token: string): Promise<Actor> {
    const found = await this.#find(token, actor.request);
    if (found.tenantId !== actor.tenantId) throw this.#refused(actor.request);
    const { deviceId, macAddresses } = found;
    return { ...actor, credential: { ...actor.credential, deviceId, macAddresses } };
  }

  async #find(token: string, request: Actor['request']): Promise<FoundDeviceSession> {
    const presented = presentedToken('qvm', token);
    const found = await this.#directory.session(presented.prefix);
    const equal = constantTimeEqual(presented.secretHash, found?.secretHash ?? this.#dummyHash);
    if (found === null || !(equal && presented.wellFormed && found.usable)) throw this.#refused(request);
    return found;
  }

  #refused(request: Actor['request']) {
    this.#countRefusal(request.sourceAddress);
    return identityErrors.IDENTITY_UNAUTHENTICATED();
  }
}
