import { Module, type Provider } from '@nestjs/common';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { AUTHORIZE, CLOCK, NEW_ID, PLACES, UNIT_OF_WORK } from '../../../platform/tokens.ts';
import type { PlaceDirectory } from '../../access/index.ts';
import { requestRevocation } from '../../approvals/index.ts';
import { postgresRevocations } from '../offboarding/postgres-revocations.ts';
import { PostgresSecuritySettingsStore } from '../security/postgres-settings-store.ts';
import {
  CreateServiceAccount,
  DeleteServiceAccount,
  UpdateServiceAccount,
} from '../service-accounts/change-service-accounts.ts';
import { PostgresServiceAccountRepository } from '../service-accounts/postgres-service-account-repository.ts';
import { GetServiceAccount, ListServiceAccounts } from '../service-accounts/read-service-accounts.ts';
import { ServiceAccountsController } from '../service-accounts/service-accounts.controller.ts';
import { ApiKeysController, OwnApiKeysController } from './api-keys.controller.ts';
import { CreateApiKey, CreateOwnApiKey } from './create-api-key.ts';
import { ListApiKeys, ListOwnApiKeys } from './list-api-keys.ts';
import { PostgresApiKeyRepository } from './postgres-api-key-repository.ts';
import { RevokeApiKey, RevokeOwnApiKey } from './revoke-api-key.ts';
import { RotateApiKey, RotateOwnApiKey } from './rotate-api-key.ts';

export { PostgresEndingApiKeys } from './postgres-ending-api-keys.ts';

const repositories = {
  keys: new PostgresApiKeyRepository(),
  settings: new PostgresSecuritySettingsStore(),
  accounts: new PostgresServiceAccountRepository(),
  revocations: [...postgresRevocations, requestRevocation],
};

interface Deps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly places: PlaceDirectory;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** A use case over the repositories of credentials; each takes of these what it needs. */
const useCase = <T>(type: new (deps: Deps & typeof repositories) => T): Provider => ({
  provide: type,
  inject: [AUTHORIZE, UNIT_OF_WORK, PLACES, CLOCK, NEW_ID],
  useFactory: (authorize: Authorize, uow: UnitOfWork, places: PlaceDirectory, clock: Clock, newId: NewId) =>
    new type({ authorize, uow, places, clock, newId, ...repositories }),
});

@Module({
  controllers: [OwnApiKeysController, ApiKeysController, ServiceAccountsController],
  providers: [
    useCase(ListOwnApiKeys),
    useCase(CreateOwnApiKey),
    useCase(RotateOwnApiKey),
    useCase(RevokeOwnApiKey),
    useCase(ListApiKeys),
    useCase(CreateApiKey),
    useCase(RotateApiKey),
    useCase(RevokeApiKey),
    useCase(ListServiceAccounts),
    useCase(GetServiceAccount),
    useCase(CreateServiceAccount),
    useCase(UpdateServiceAccount),
    useCase(DeleteServiceAccount),
  ],
})
export class CredentialsModule {}
export { PostgresApiKeyRepository };
