import { type DeviceView, enrollmentMessage } from '@quantumvault/api';
import { constantTimeEqual, importVerifyKey, randomBytes } from '@quantumvault/crypto';
import { noAccess } from '../../../kernel/access.ts';
import { type Actor, noCredential, type RequestFacts } from '../../../kernel/actor.ts';
import { type ActorId, idFrom, type NewId, type TenantId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { identityErrors } from '../errors.ts';
import { presentedToken } from '../secret-token.ts';
import type { DeviceDirectory, DeviceRepository } from './device-repository.ts';

export interface EnrollInput {
  readonly token: string;
  readonly algorithm: DeviceView['algorithm'];
  /** Base64url, as it was signed. */
  readonly publicKey: string;
  readonly proof: string;
}

/** The actor of what a device does about itself, before anything was granted to it. */
export const deviceItself = (tenantId: TenantId, id: ActorId, request: RequestFacts): Actor => ({
  kind: 'device',
  id,
  tenantId,
  access: noAccess,
  credential: noCredential,
  request: { ...request, idempotency: null },
  approval: null,
});

/**
 * ACC-2: whoever holds a one-time token and a private key becomes a device. Unknown, wrong, used and expired tokens and false
 * proofs take one path: one lookup, one comparison, one verification, one answer. It acts for nobody known, so it is no use
 * case of an actor; what it writes is written as the device.
 */
export class DeviceEnroller {
  readonly #deps: {
    readonly directory: DeviceDirectory;
    readonly devices: DeviceRepository;
    readonly uow: UnitOfWork;
    readonly countRefusal: CountRefusal;
    readonly newId: NewId;
    readonly installationId: string;
  };
  readonly #dummyHash = randomBytes(32);

  constructor(deps: {
    directory: DeviceDirectory;
    devices: DeviceRepository;
    uow: UnitOfWork;
    countRefusal: CountRefusal;
    newId: NewId;
    installationId: string;
  }) {
    this.#deps = deps;
  }

  async enroll(input: EnrollInput, request: RequestFacts) {
    const presented = presentedToken('qve', input.token);
    const found = await this.#deps.directory.enrollment(presented.prefix);
    const equal = constantTimeEqual(presented.secretHash, found?.secretHash ?? this.#dummyHash);
    const publicKey = keyThatIsHeld(input);
    if (found === null || publicKey === null || !(equal && presented.wellFormed && found.usable)) {
      this.#deps.countRefusal(request.sourceAddress);
      throw identityErrors.IDENTITY_ENROLLMENT_INVALID();
    }
    const { devices, uow, newId, installationId } = this.#deps;
    const tenantId = idFrom<TenantId>(found.tenantId);
    const id = newId<ActorId>();
    return uow.write(deviceItself(tenantId, id, request), async (tx) => {
      const taken = await devices.takeEnrollment(tx, found.id);
      if (taken === null) throw identityErrors.IDENTITY_ENROLLMENT_INVALID();
      const { name, permissions, createdBy } = taken;
      const { algorithm } = input;
      const device = { id, name, algorithm, publicKey, permissions, enrolledBy: createdBy };
      if (!(await devices.insert(tx, device))) throw identityErrors.IDENTITY_DEVICE_KEY_TAKEN();
      await tx.audit({
        action: 'device.enrolled',
        resource: { type: 'device', id },
        details: { enrollmentId: found.id, enrolledBy: createdBy, algorithm },
      });
      return { deviceId: id, organizationId: tenantId, installationId };
    });
  }
}

/** The public key, when the proof was made by its private half for this token; null otherwise. */
function keyThatIsHeld(input: EnrollInput): Uint8Array | null {
  const publicKey = Buffer.from(input.publicKey, 'base64url');
  // One spelling for each key: the message holds its text.
  if (publicKey.toString('base64url') !== input.publicKey) return null;
  const signature = Buffer.from(input.proof, 'base64url');
  try {
    const key = importVerifyKey({ algorithm: input.algorithm, publicKey });
    return key.verify({ message: enrollmentMessage(input), signature }) ? publicKey : null;
  } catch {
    // No key of this algorithm at all.
    return null;
  }
}
