import { Module } from '@nestjs/common';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { Databases } from '../../../platform/postgres/databases.ts';
import { AUTHORIZE, CLOCK, COUNT_REFUSAL, DATABASES, UNIT_OF_WORK } from '../../../platform/tokens.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { ResetGuard } from '../resets/reset-guard.ts';
import { ResetsModule } from '../resets/resets.module.ts';
import { PostgresSecuritySettingsStore } from '../security/postgres-settings-store.ts';
import { SessionOpener } from '../sessions/open-session.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { PasswordSignIn } from '../sign-in/password-sign-in.ts';
import { PostgresSignInDirectory } from '../sign-in/postgres-sign-in-directory.ts';
import { SignInModule } from '../sign-in/sign-in.module.ts';
import { identityName } from '../sign-in/sign-in-names.ts';
import { SessionKeys } from '../tokens/session-keys.ts';
import { PostgresUserLookup } from '../users/postgres-user-lookup.ts';
import { ChangePassword } from './change-password.ts';
import { CreatePasswordReset } from './create-password-reset.ts';
import { PasswordPolicy } from './password-policy.ts';
import { PasswordRecords } from './password-records.ts';
import { PasswordVerifier } from './password-verifier.ts';
import { PasswordsController } from './passwords.controller.ts';
import { PostgresPasswordResets } from './postgres-password-resets.ts';
import { RedeemPasswordReset } from './redeem-password-reset.ts';
import { RequirePasswordChange } from './require-password-change.ts';

const users = new PostgresUserLookup();
const settings = new PostgresSecuritySettingsStore();

@Module({
  imports: [SessionsModule, SignInModule, ResetsModule],
  controllers: [PasswordsController],
  providers: [
    {
      provide: PasswordPolicy,
      inject: [PasswordVerifier, PasswordRecords],
      useFactory: (verifier: PasswordVerifier, passwords: PasswordRecords) =>
        new PasswordPolicy({ verifier, breached: { has: (password) => passwords.isBreached(password) } }),
    },
    {
      provide: PostgresPasswordResets,
      inject: [DATABASES],
      useFactory: ({ auth }: Databases) => new PostgresPasswordResets({ auth }),
    },
    {
      provide: ChangePassword,
      inject: [
        AUTHORIZE,
        UNIT_OF_WORK,
        PasswordRecords,
        PasswordPolicy,
        PasswordVerifier,
        PasswordSignIn,
        SessionOpener,
        CLOCK,
      ],
      useFactory: (
        authorize: Authorize,
        uow: UnitOfWork,
        passwords: PasswordRecords,
        policy: PasswordPolicy,
        verifier: PasswordVerifier,
        signIn: PasswordSignIn,
        opener: SessionOpener,
        clock: Clock,
      ) => new ChangePassword({ authorize, uow, users, settings, passwords, policy, verifier, signIn, opener, clock }),
    },
    {
      provide: CreatePasswordReset,
      inject: [AUTHORIZE, ResetGuard, UNIT_OF_WORK, PostgresPasswordResets, SessionOpener],
      useFactory: (
        authorize: Authorize,
        guard: ResetGuard,
        uow: UnitOfWork,
        resets: PostgresPasswordResets,
        opener: SessionOpener,
      ) => new CreatePasswordReset({ authorize, guard, uow, users, resets, opener }),
    },
    {
      provide: RedeemPasswordReset,
      inject: [
        UNIT_OF_WORK,
        PasswordRecords,
        PasswordPolicy,
        PasswordVerifier,
        PostgresPasswordResets,
        SessionOpener,
        PostgresSignInDirectory,
        SessionKeys,
        COUNT_REFUSAL,
      ],
      useFactory: (
        uow: UnitOfWork,
        passwords: PasswordRecords,
        policy: PasswordPolicy,
        verifier: PasswordVerifier,
        resets: PostgresPasswordResets,
        opener: SessionOpener,
        directory: PostgresSignInDirectory,
        keys: SessionKeys,
        countRefusal: CountRefusal,
      ) =>
        new RedeemPasswordReset({
          uow,
          users,
          settings,
          passwords,
          policy,
          verifier,
          resets,
          opener,
          unlock: ({ email, ...account }) => directory.unlock({ ...account, identity: identityName(keys, email) }),
          countRefusal,
        }),
    },
    {
      provide: RequirePasswordChange,
      inject: [AUTHORIZE, UNIT_OF_WORK, PasswordRecords, SessionOpener],
      useFactory: (authorize: Authorize, uow: UnitOfWork, passwords: PasswordRecords, opener: SessionOpener) =>
        new RequirePasswordChange({ authorize, uow, users, passwords, opener }),
    },
  ],
  exports: [PasswordPolicy, SignInModule],
})
export class PasswordsModule {}
