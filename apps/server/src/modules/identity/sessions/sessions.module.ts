import { Module } from '@nestjs/common';
import type { NewId } from '../../../kernel/ids.ts';
import { limitKeyOf } from '../../../platform/limits/rate-limiter.ts';
import type { Databases } from '../../../platform/postgres/databases.ts';
import { DATABASES, NEW_ID } from '../../../platform/tokens.ts';
import { SubjectKeys } from '../../keys/index.ts';
import { PostgresSecuritySettingsStore } from '../security/postgres-settings-store.ts';
import { SessionKeys } from '../tokens/session-keys.ts';
import { SessionOpener } from './open-session.ts';
import { PostgresSessionDirectory } from './postgres-session-directory.ts';
import { PostgresSessionStore } from './postgres-session-store.ts';
import { PostgresTicketStore } from './postgres-ticket-store.ts';
import { SignInTickets } from './sign-in-tickets.ts';

/** What every way to sign in needs: tickets for the second factor, and sessions at the end. */
@Module({
  providers: [
    {
      provide: SessionOpener,
      inject: [SessionKeys, SubjectKeys, NEW_ID],
      useFactory: (keys: SessionKeys, subjectKeys: SubjectKeys, newId: NewId) =>
        new SessionOpener({
          store: new PostgresSessionStore(),
          settings: new PostgresSecuritySettingsStore(),
          keys,
          subjectKeys,
          newId,
        }),
    },
    {
      provide: SignInTickets,
      inject: [DATABASES],
      useFactory: ({ auth }: Databases) =>
        new SignInTickets({
          store: new PostgresTicketStore(),
          directory: new PostgresSessionDirectory({ db: auth }),
          networkOf: limitKeyOf,
        }),
    },
  ],
  exports: [SessionOpener, SignInTickets],
})
export class SessionsModule {}
export { PostgresSecuritySettingsStore } from '../security/postgres-settings-store.ts';
export { PostgresSessionKeyStore } from '../tokens/postgres-session-key-store.ts';
export { PostgresSessionDirectory } from './postgres-session-directory.ts';
export { PostgresSessionStore } from './postgres-session-store.ts';
