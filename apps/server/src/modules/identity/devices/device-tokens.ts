import { type DeviceAssertionClaims, deviceAssertionSecondsMax, deviceAssertionType } from '@quantumvault/api';
import { generateSigningKey, importVerifyKey, jwtHeader, sha256 } from '@quantumvault/crypto';
import { z } from 'zod';
import type { RequestFacts } from '../../../kernel/actor.ts';
import { type Clock, isoInstant } from '../../../kernel/clock.ts';
import { type ActorId, idFrom, type NewId, type TenantId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { identityErrors } from '../errors.ts';
import { generateToken } from '../secret-token.ts';
import type { DeviceDirectory, DeviceRepository, FoundDevice } from './device-repository.ts';
import { deviceItself } from './enroll-device.ts';

/** As long as an access token of a person, and longer than an assertion: replays are found among the living tokens. */
export const deviceTokenSeconds = 300;
/** Machines do not agree on the time. */
const skewSeconds = 30;

const id = z.string().max(64);
const claimsSchema = z.strictObject({
  iss: id,
  sub: id,
  aud: id,
  iat: z.number().int().min(0),
  exp: z.number().int().min(0),
  jti: z.string().min(16).max(100),
  mac_addresses: z.array(z.string().regex(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/)).max(32),
});

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

/**
 * ACC-2: exchanges an assertion that a device has signed (RFC 7523 section 2.2, private_key_jwt) for a token of five minutes.
 * The header must be, byte for byte, the one that this device's key writes, so no algorithm or key of a caller is looked at
 * (attack case 16); the claims are parsed after the signature has been verified. An assertion is good once.
 */
export class DeviceTokens {
  readonly #deps: {
    readonly directory: DeviceDirectory;
    readonly devices: DeviceRepository;
    readonly uow: UnitOfWork;
    readonly clock: Clock;
    readonly countRefusal: CountRefusal;
    readonly newId: NewId;
    readonly installationId: string;
  };
  /** A device that is not there is verified like one that is (ACC-11). */
  readonly #nobody: FoundDevice;

  constructor(deps: {
    directory: DeviceDirectory;
    devices: DeviceRepository;
    uow: UnitOfWork;
    clock: Clock;
    countRefusal: CountRefusal;
    newId: NewId;
    installationId: string;
  }) {
    this.#deps = deps;
    const { privateKey, publicKey } = generateSigningKey('Ed25519');
    privateKey.dispose();
    this.#nobody = { tenantId: '', algorithm: 'Ed25519', publicKey, usable: false };
  }

  async exchange({ clientId, assertion }: { clientId: string; assertion: string }, request: RequestFacts) {
    const found = (await this.#deps.directory.device(clientId)) ?? this.#nobody;
    const claims = this.#claimsOf(assertion, { clientId, found });
    if (claims === null || !found.usable) throw this.#refused(request);
    const { devices, uow, newId } = this.#deps;
    const actor = deviceItself(idFrom<TenantId>(found.tenantId), idFrom<ActorId>(clientId), request);
    const { text, prefix, secretHash } = generateToken('qvm');
    const expiresAt = await uow.write(actor, async (tx) => {
      // Held, so that a revocation at this moment comes before the token or takes it away.
      if ((await devices.hold(tx, clientId)) === null) throw this.#refused(request);
      const sessionId = newId<string>();
      const made = await devices.insertSession(tx, {
        id: sessionId,
        deviceId: clientId,
        prefix,
        secretHash,
        assertionHash: sha256(Buffer.from(claims.jti, 'utf8')),
        macAddresses: claims.mac_addresses,
        seconds: deviceTokenSeconds,
      });
      if (made === null) throw this.#refused(request);
      await tx.audit({
        action: 'device.authenticated',
        resource: { type: 'device', id: clientId },
        details: { sessionId },
      });
      return made;
    });
    return { accessToken: text, tokenType: 'Bearer' as const, expiresAt: isoInstant(expiresAt) };
  }

  #claimsOf(
    assertion: string,
    { clientId, found }: { clientId: string; found: FoundDevice },
  ): DeviceAssertionClaims | null {
    const [header = '', payload = '', signature = ''] = assertion.split('.');
    const isOurHeader = header === jwtHeader({ ...found, typ: deviceAssertionType });
    const isSigned = importVerifyKey(found).verify({
      message: Buffer.from(`${header}.${payload}`, 'ascii'),
      signature: Buffer.from(signature, 'base64url'),
    });
    if (!isOurHeader || !isSigned) return null;
    const parsed = claimsSchema.safeParse(parse(Buffer.from(payload, 'base64url')));
    if (!parsed.success) return null;
    const { iss, sub, aud, iat, exp } = parsed.data;
    const at = this.#deps.clock.now().getTime() / 1000;
    const isTheirs = iss === clientId && sub === clientId && aud === this.#deps.installationId;
    const isNow = exp > at && iat <= at + skewSeconds && exp - iat <= deviceAssertionSecondsMax;
    return isTheirs && isNow ? parsed.data : null;
  }

  #refused(request: RequestFacts) {
    this.#deps.countRefusal(request.sourceAddress);
    return identityErrors.IDENTITY_UNAUTHENTICATED();
  }
}
