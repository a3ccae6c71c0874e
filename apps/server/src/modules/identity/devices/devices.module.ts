import { Module, type Provider } from '@nestjs/common';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { Databases } from '../../../platform/postgres/databases.ts';
import {
  AUTHORIZE,
  CLOCK,
  COUNT_REFUSAL,
  DATABASES,
  INSTALLATION,
  NEW_ID,
  UNIT_OF_WORK,
} from '../../../platform/tokens.ts';
import { PostgresApiKeyRepository } from '../api-keys/postgres-api-key-repository.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { DeviceTokens } from './device-tokens.ts';
import { AgentsController, DevicesController } from './devices.controller.ts';
import { DeviceEnroller } from './enroll-device.ts';
import {
  CancelDeviceEnrollment,
  CreateDeviceEnrollment,
  type DeviceDeps,
  ListDevices,
  RevokeDevice,
} from './keep-devices.ts';
import { PostgresDeviceDirectory } from './postgres-device-directory.ts';
import { PostgresDeviceRepository } from './postgres-device-repository.ts';

const devices = new PostgresDeviceRepository();
const keys = new PostgresApiKeyRepository();

const useCase = <T>(type: new (deps: DeviceDeps) => T): Provider => ({
  provide: type,
  inject: [AUTHORIZE, UNIT_OF_WORK, NEW_ID],
  useFactory: (authorize: Authorize, uow: UnitOfWork, newId: NewId) =>
    new type({ authorize, uow, newId, devices, keys }),
});

type AgentDeps = ConstructorParameters<typeof DeviceTokens>[0];

const forAgents = <T>(type: new (deps: AgentDeps) => T): Provider => ({
  provide: type,
  inject: [UNIT_OF_WORK, DATABASES, CLOCK, COUNT_REFUSAL, NEW_ID, INSTALLATION],
  useFactory: (
    uow: UnitOfWork,
    { auth }: Databases,
    clock: Clock,
    countRefusal: CountRefusal,
    newId: NewId,
    installationId: string,
  ) =>
    new type({
      uow,
      directory: new PostgresDeviceDirectory({ db: auth }),
      devices,
      clock,
      countRefusal,
      newId,
      installationId,
    }),
});

@Module({
  controllers: [DevicesController, AgentsController],
  providers: [
    useCase(ListDevices),
    useCase(CreateDeviceEnrollment),
    useCase(CancelDeviceEnrollment),
    useCase(RevokeDevice),
    forAgents(DeviceEnroller),
    forAgents(DeviceTokens),
  ],
})
export class DevicesModule {}
export { PostgresDeviceDirectory };
