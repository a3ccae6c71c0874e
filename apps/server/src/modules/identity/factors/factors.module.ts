import { Module } from '@nestjs/common';
import type { ServerSettings } from '../../../config/load-settings.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { Transaction, UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { Databases } from '../../../platform/postgres/databases.ts';
import {
  AUTHORIZE,
  CLOCK,
  COUNT_REFUSAL,
  DATABASES,
  NEW_ID,
  SETTINGS,
  UNIT_OF_WORK,
} from '../../../platform/tokens.ts';
import { TenantKeys } from '../../keys/index.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { PasswordVerifier } from '../passwords/password-verifier.ts';
import { PostgresPasswordStore } from '../passwords/postgres-password-store.ts';
import { ResetGuard } from '../resets/reset-guard.ts';
import { ResetsModule } from '../resets/resets.module.ts';
import { PostgresSecuritySettingsStore } from '../security/postgres-settings-store.ts';
import { SessionOpener } from '../sessions/open-session.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { SignInTickets } from '../sessions/sign-in-tickets.ts';
import { PostgresAccountRepository } from './adapters/postgres-account-repository.ts';
import { PostgresFactorRepository } from './adapters/postgres-factor-repository.ts';
import { PostgresPasskeyDirectory } from './adapters/postgres-passkey-directory.ts';
import { PostgresPasskeyRepository } from './adapters/postgres-passkey-repository.ts';
import { PostgresSessionFreshness } from './adapters/postgres-session-freshness.ts';
import { SimpleWebAuthn } from './adapters/simple-webauthn.ts';
import { PasskeysController } from './api/passkeys.controller.ts';
import { SecondFactorSignInController } from './api/second-factor-sign-in.controller.ts';
import { SecondFactorsController } from './api/second-factors.controller.ts';
import { relyingPartyAt } from './domain/relying-party.ts';
import type { FactorParts } from './factor-parts.ts';
import { PasskeySignIn } from './passkey-sign-in.ts';
import type { AttemptLimits } from './ports/factor-repository.ts';
import { ProveFactor } from './prove-factor.ts';
import { SecondStep } from './second-step.ts';
import { ConfirmTotp } from './usecases/confirm-totp.ts';
import { CreateRecoveryCodes } from './usecases/create-recovery-codes.ts';
import { ReadSecondFactors } from './usecases/read-second-factors.ts';
import { RegisterPasskey } from './usecases/register-passkey.ts';
import { RemovePasskey } from './usecases/remove-passkey.ts';
import { RemoveTotp } from './usecases/remove-totp.ts';
import { RenamePasskey } from './usecases/rename-passkey.ts';
import { ResetUserFactors } from './usecases/reset-user-factors.ts';
import { StartPasskey } from './usecases/start-passkey.ts';
import { StartStepUpPasskey } from './usecases/start-step-up-passkey.ts';
import { StartTotp } from './usecases/start-totp.ts';
import { StepUp } from './usecases/step-up.ts';

const PARTS = Symbol('FactorParts');

/** An organization's own limits for failed sign-ins hold for the second step too, counted apart. */
const limits = async (tx: Transaction): Promise<AttemptLimits> =>
  (await new PostgresSecuritySettingsStore().read(tx)).settings.lockout;

const listenerAt = ({ host, port, tls }: ServerSettings): string =>
  `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;

function partsOf(given: {
  readonly settings: ServerSettings;
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly tenantKeys: TenantKeys;
}): FactorParts {
  const { settings, clock, tenantKeys } = given;
  const party = relyingPartyAt(settings.publicUrl ?? listenerAt(settings));
  const factors = new PostgresFactorRepository();
  const passkeys = new PostgresPasskeyRepository();
  const ceremonies = new SimpleWebAuthn({ party });
  return {
    ...given,
    accounts: new PostgresAccountRepository(),
    factors,
    passkeys,
    ceremonies,
    party,
    sessions: new PostgresSessionFreshness(),
    prove: new ProveFactor({ factors, passkeys, ceremonies, tenantKeys, clock, limits }),
  };
}

const onParts = <T>(useCase: new (parts: FactorParts) => T) => ({
  provide: useCase,
  inject: [PARTS],
  useFactory: (parts: FactorParts) => new useCase(parts),
});

@Module({
  imports: [SessionsModule, ResetsModule],
  controllers: [SecondFactorSignInController, SecondFactorsController, PasskeysController],
  providers: [
    {
      provide: PARTS,
      inject: [SETTINGS, AUTHORIZE, UNIT_OF_WORK, CLOCK, NEW_ID, TenantKeys],
      useFactory: (
        settings: ServerSettings,
        authorize: Authorize,
        uow: UnitOfWork,
        clock: Clock,
        newId: NewId,
        tenantKeys: TenantKeys,
      ) => partsOf({ settings, authorize, uow, clock, newId, tenantKeys }),
    },
    onParts(ReadSecondFactors),
    onParts(StartTotp),
    onParts(ConfirmTotp),
    onParts(RemoveTotp),
    onParts(CreateRecoveryCodes),
    {
      provide: ResetUserFactors,
      inject: [PARTS, ResetGuard, SessionOpener],
      useFactory: (parts: FactorParts, guard: ResetGuard, opener: SessionOpener) =>
        new ResetUserFactors({ ...parts, guard, opener }),
    },
    onParts(StartPasskey),
    onParts(RegisterPasskey),
    onParts(RenamePasskey),
    onParts(RemovePasskey),
    onParts(StartStepUpPasskey),
    {
      provide: SecondStep,
      inject: [PARTS, SignInTickets, SessionOpener, COUNT_REFUSAL],
      useFactory: (parts: FactorParts, tickets: SignInTickets, opener: SessionOpener, countRefusal: CountRefusal) =>
        new SecondStep({ ...parts, tickets, opener, countRefusal }),
    },
    {
      provide: PasskeySignIn,
      inject: [PARTS, DATABASES, SessionOpener, COUNT_REFUSAL],
      useFactory: (parts: FactorParts, { auth }: Databases, opener: SessionOpener, countRefusal: CountRefusal) =>
        new PasskeySignIn({
          ...parts,
          directory: new PostgresPasskeyDirectory({ db: auth }),
          passwords: new PostgresPasswordStore(),
          opener,
          countRefusal,
        }),
    },
    {
      provide: StepUp,
      inject: [PARTS],
      useFactory: (parts: FactorParts) => {
        const passwords = new PostgresPasswordStore();
        const verifier = new PasswordVerifier();
        return new StepUp({
          ...parts,
          limits,
          isPassword: async ({ tenantId, id }, password) =>
            verifier.verify(password, await parts.uow.read(tenantId, (tx) => passwords.current(tx, id))),
        });
      },
    },
  ],
})
export class FactorsModule {}
