import { Module } from '@nestjs/common';
import type { ServerSettings } from '../../../config/load-settings.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { limitKeyOf } from '../../../platform/limits/rate-limiter.ts';
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
import { SubjectKeys } from '../../keys/index.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { PostgresFactorRepository } from '../factors/adapters/postgres-factor-repository.ts';
import { PostgresPasskeyRepository } from '../factors/adapters/postgres-passkey-repository.ts';
import { EnrolledFactors } from '../factors/enrolled-factors.ts';
import { BreachedPasswordLists } from '../passwords/breached-passwords.ts';
import { PasswordRecords } from '../passwords/password-records.ts';
import { passwordEstimator } from '../passwords/password-strength.ts';
import { PasswordVerifier } from '../passwords/password-verifier.ts';
import { PostgresPasswordStore } from '../passwords/postgres-password-store.ts';
import { GetSecuritySettings } from '../security/get-security-settings.ts';
import { PostgresSecuritySettingsStore } from '../security/postgres-settings-store.ts';
import { UpdateSecuritySettings } from '../security/update-security-settings.ts';
import { SessionOpener } from '../sessions/open-session.ts';
import type { SecondFactors } from '../sessions/ports/second-factors.ts';
import { PostgresSessionDirectory } from '../sessions/postgres-session-directory.ts';
import { PostgresSessionStore } from '../sessions/postgres-session-store.ts';
import { RefreshSession } from '../sessions/refresh-session.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { SignInTickets } from '../sessions/sign-in-tickets.ts';
import { ListSessions } from '../sessions/usecases/list-sessions.ts';
import { ListUserSessions } from '../sessions/usecases/list-user-sessions.ts';
import { RevokeOtherSessions } from '../sessions/usecases/revoke-other-sessions.ts';
import { RevokeSession } from '../sessions/usecases/revoke-session.ts';
import { RevokeUserSessions } from '../sessions/usecases/revoke-user-sessions.ts';
import { SignOut } from '../sessions/usecases/sign-out.ts';
import { SessionKeys } from '../tokens/session-keys.ts';
import { PostgresUserLookup } from '../users/postgres-user-lookup.ts';
import { LockNotices } from './lock-notices.ts';
import { PasswordSignIn } from './password-sign-in.ts';
import { PostgresSignInDirectory } from './postgres-sign-in-directory.ts';
import { SessionsController } from './sessions.controller.ts';
import { SignInController } from './sign-in.controller.ts';
import { PRUNE_SIGN_IN, type PruneSignIn, SECOND_FACTORS } from './sign-in.tokens.ts';
import { UnlockSignIn } from './unlock-sign-in.ts';

const guarded = [AUTHORIZE, UNIT_OF_WORK] as const;

@Module({
  imports: [SessionsModule],
  controllers: [SignInController, SessionsController],
  providers: [
    {
      provide: SECOND_FACTORS,
      useFactory: () =>
        new EnrolledFactors({ factors: new PostgresFactorRepository(), passkeys: new PostgresPasskeyRepository() }),
    },
    { provide: PasswordVerifier, useFactory: () => new PasswordVerifier() },
    {
      provide: PasswordRecords,
      inject: [SETTINGS, NEW_ID],
      useFactory: ({ breachedPasswordsFile }: ServerSettings, newId: NewId) =>
        new PasswordRecords({
          store: new PostgresPasswordStore(),
          breached: new BreachedPasswordLists({
            file: breachedPasswordsFile,
            common: async () => (await passwordEstimator()).common,
          }),
          newId,
        }),
    },
    {
      provide: PostgresSignInDirectory,
      inject: [DATABASES],
      useFactory: ({ auth }: Databases) => new PostgresSignInDirectory({ db: auth }),
    },
    {
      provide: PRUNE_SIGN_IN,
      inject: [PostgresSignInDirectory],
      useFactory:
        (directory: PostgresSignInDirectory): PruneSignIn =>
        () =>
          directory.prune(),
    },
    {
      provide: LockNotices,
      inject: [PostgresSignInDirectory, UNIT_OF_WORK],
      useFactory: (directory: PostgresSignInDirectory, uow: UnitOfWork) => new LockNotices({ directory, uow }),
    },
    {
      provide: PasswordSignIn,
      inject: [
        PostgresSignInDirectory,
        PasswordVerifier,
        PasswordRecords,
        SECOND_FACTORS,
        SignInTickets,
        SessionOpener,
        SessionKeys,
        UNIT_OF_WORK,
        CLOCK,
        COUNT_REFUSAL,
      ],
      useFactory: (
        directory: PostgresSignInDirectory,
        verifier: PasswordVerifier,
        passwords: PasswordRecords,
        secondFactors: SecondFactors,
        tickets: SignInTickets,
        opener: SessionOpener,
        keys: SessionKeys,
        uow: UnitOfWork,
        clock: Clock,
        countRefusal: CountRefusal,
      ) =>
        new PasswordSignIn({
          directory,
          names: { keys, networkOf: limitKeyOf },
          verifier,
          passwords,
          settings: new PostgresSecuritySettingsStore(),
          secondFactors,
          tickets,
          opener,
          uow,
          clock,
          countRefusal,
        }),
    },
    {
      provide: RefreshSession,
      inject: [DATABASES, SessionOpener, SessionKeys, UNIT_OF_WORK, COUNT_REFUSAL],
      useFactory: (
        { auth }: Databases,
        opener: SessionOpener,
        keys: SessionKeys,
        uow: UnitOfWork,
        countRefusal: CountRefusal,
      ) =>
        new RefreshSession({
          directory: new PostgresSessionDirectory({ db: auth }),
          store: new PostgresSessionStore(),
          opener,
          keys,
          uow,
          countRefusal,
        }),
    },
    {
      provide: SignOut,
      inject: [...guarded, SessionOpener],
      useFactory: (authorize: Authorize, uow: UnitOfWork, opener: SessionOpener) =>
        new SignOut({ authorize, uow, opener }),
    },
    {
      provide: ListSessions,
      inject: [...guarded, SubjectKeys],
      useFactory: (authorize: Authorize, uow: UnitOfWork, subjectKeys: SubjectKeys) =>
        new ListSessions({ authorize, uow, store: new PostgresSessionStore(), subjectKeys }),
    },
    {
      provide: ListUserSessions,
      inject: [...guarded, SubjectKeys],
      useFactory: (authorize: Authorize, uow: UnitOfWork, subjectKeys: SubjectKeys) =>
        new ListUserSessions({
          authorize,
          uow,
          store: new PostgresSessionStore(),
          subjectKeys,
          users: new PostgresUserLookup(),
        }),
    },
    {
      provide: RevokeSession,
      inject: [...guarded, SessionOpener],
      useFactory: (authorize: Authorize, uow: UnitOfWork, opener: SessionOpener) =>
        new RevokeSession({ authorize, uow, opener }),
    },
    {
      provide: RevokeOtherSessions,
      inject: [...guarded, SessionOpener],
      useFactory: (authorize: Authorize, uow: UnitOfWork, opener: SessionOpener) =>
        new RevokeOtherSessions({ authorize, uow, store: new PostgresSessionStore(), opener }),
    },
    {
      provide: RevokeUserSessions,
      inject: [...guarded, SessionOpener],
      useFactory: (authorize: Authorize, uow: UnitOfWork, opener: SessionOpener) =>
        new RevokeUserSessions({ authorize, uow, opener, users: new PostgresUserLookup() }),
    },
    {
      provide: UnlockSignIn,
      inject: [...guarded, SessionKeys, PostgresSignInDirectory],
      useFactory: (authorize: Authorize, uow: UnitOfWork, keys: SessionKeys, directory: PostgresSignInDirectory) =>
        new UnlockSignIn({ authorize, uow, users: new PostgresUserLookup(), keys, directory }),
    },
    {
      provide: GetSecuritySettings,
      inject: [...guarded],
      useFactory: (authorize: Authorize, uow: UnitOfWork) =>
        new GetSecuritySettings({ authorize, uow, store: new PostgresSecuritySettingsStore() }),
    },
    {
      provide: UpdateSecuritySettings,
      inject: [...guarded],
      useFactory: (authorize: Authorize, uow: UnitOfWork) =>
        new UpdateSecuritySettings({ authorize, uow, store: new PostgresSecuritySettingsStore() }),
    },
  ],
  exports: [LockNotices, PasswordSignIn, PasswordVerifier, PasswordRecords, PostgresSignInDirectory],
})
export class SignInModule {}
