import type { Clock } from '../../../kernel/clock.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { identityErrors } from '../errors.ts';
import type { PasswordRecords } from '../passwords/password-records.ts';
import type { SecuritySettingsStore } from '../security/settings-store.ts';
import type { SessionOpener } from '../sessions/open-session.ts';
import { hashOfSecret, newSecret } from '../sessions/secrets.ts';
import { type ClientFacts, type OpenedSession, signingIn } from '../sessions/session.ts';
import {
  type DeviceSignIns,
  hashOfUserCode,
  newUserCode,
  type PolledDevice,
  pollIntervalSeconds,
} from './device-sign-ins.ts';

export interface DeviceFlowOptions {
  readonly devices: DeviceSignIns;
  readonly uow: UnitOfWork;
  readonly settings: SecuritySettingsStore;
  readonly passwords: PasswordRecords;
  readonly opener: SessionOpener;
  readonly clock: Clock;
  readonly countRefusal: CountRefusal;
}

const fullRetrySeconds = 60;

/** The device's side of RFC 8628: it shows a code, and asks until somebody has decided. */
export class DeviceFlow {
  readonly #options: DeviceFlowOptions;
  constructor(options: DeviceFlowOptions) {
    this.#options = options;
  }

  async start(clientName: string) {
    const device = newSecret('qvd');
    const userCode = newUserCode();
    const codes = { deviceHash: device.hash, userHash: hashOfUserCode(userCode) };
    const expiresAt = await this.#options.devices.start({ ...codes, clientName });
    if (expiresAt === null) throw identityErrors.IDENTITY_SIGN_IN_BUSY({ retryAfterSeconds: fullRetrySeconds });
    return { deviceCode: device.text, userCode, expiresAt, intervalSeconds: pollIntervalSeconds };
  }

  /** The session, once and to one of those who ask at the same time. */
  async poll(
    deviceCode: string,
    client: ClientFacts,
  ): Promise<OpenedSession | Exclude<PolledDevice, { status: 'approved' }>> {
    const { devices, uow, settings, passwords, opener, clock, countRefusal } = this.#options;
    const polled = await devices.poll(hashOfSecret(deviceCode));
    if (polled === null) {
      countRefusal(client.request.sourceAddress);
      throw identityErrors.IDENTITY_DEVICE_CODE_REFUSED();
    }
    if (polled.status !== 'approved') return polled;
    const { subjectId, authenticatedAt, mfaAt } = polled;
    return uow.write(signingIn(polled, client.request), async (tx) => {
      const { password, mfa } = (await settings.read(tx)).settings;
      const mustChange = await passwords.mustChange(tx, { subjectId, ageDaysMax: password.ageDaysMax });
      // What the person has shown counts, but not as fresh: who was lured into approving a stranger's device has given away a
      // session, and nothing that demands a proof of now (ACC-5).
      const stale = (at: Date) =>
        new Date(Math.min(at.getTime(), clock.now().getTime() - (mfa.stepUpMaxAgeSeconds + 1) * 1000));
      const shown = { authenticatedAt: stale(authenticatedAt), mfaAt: mfaAt === null ? null : stale(mfaAt) };
      return opener.completeSignIn(tx, { subjectId }, { ...shown, mustChange, client });
    });
  }
}
