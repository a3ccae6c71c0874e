import { Module } from '@nestjs/common';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { Databases } from '../../../platform/postgres/databases.ts';
import { AUTHORIZE, CLOCK, COUNT_REFUSAL, DATABASES, UNIT_OF_WORK } from '../../../platform/tokens.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { PasswordRecords } from '../passwords/password-records.ts';
import { PostgresSecuritySettingsStore } from '../security/postgres-settings-store.ts';
import { SessionOpener } from '../sessions/open-session.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { SignInModule } from '../sign-in/sign-in.module.ts';
import { DecideDeviceSignIn } from './decide-device-sign-in.ts';
import { DeviceFlow } from './device-flow.ts';
import { DeviceSignInController } from './device-sign-in.controller.ts';
import { LookUpDeviceSignIn } from './look-up-device-sign-in.ts';
import { PostgresDeviceSignIns } from './postgres-device-sign-ins.ts';

@Module({
  imports: [SessionsModule, SignInModule],
  controllers: [DeviceSignInController],
  providers: [
    {
      provide: PostgresDeviceSignIns,
      inject: [DATABASES],
      useFactory: ({ auth }: Databases) => new PostgresDeviceSignIns({ db: auth }),
    },
    {
      provide: DeviceFlow,
      inject: [PostgresDeviceSignIns, UNIT_OF_WORK, PasswordRecords, SessionOpener, CLOCK, COUNT_REFUSAL],
      useFactory: (
        devices: PostgresDeviceSignIns,
        uow: UnitOfWork,
        passwords: PasswordRecords,
        opener: SessionOpener,
        clock: Clock,
        countRefusal: CountRefusal,
      ) =>
        new DeviceFlow({
          devices,
          uow,
          settings: new PostgresSecuritySettingsStore(),
          passwords,
          opener,
          clock,
          countRefusal,
        }),
    },
    {
      provide: LookUpDeviceSignIn,
      inject: [AUTHORIZE, PostgresDeviceSignIns],
      useFactory: (authorize: Authorize, devices: PostgresDeviceSignIns) =>
        new LookUpDeviceSignIn({ authorize, devices }),
    },
    {
      provide: DecideDeviceSignIn,
      inject: [AUTHORIZE, UNIT_OF_WORK, PostgresDeviceSignIns],
      useFactory: (authorize: Authorize, uow: UnitOfWork, devices: PostgresDeviceSignIns) =>
        new DecideDeviceSignIn({ authorize, uow, devices }),
    },
  ],
})
export class DeviceSignInModule {}
