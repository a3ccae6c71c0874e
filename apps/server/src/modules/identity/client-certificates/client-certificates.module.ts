import { Module, type Provider } from '@nestjs/common';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { AUTHORIZE, CLOCK, NEW_ID, UNIT_OF_WORK } from '../../../platform/tokens.ts';
import { PostgresApiKeyRepository } from '../api-keys/postgres-api-key-repository.ts';
import { ClientCertificatesController } from './client-certificates.controller.ts';
import {
  BindClientCertificate,
  type CertificateDeps,
  ListClientCertificates,
  UnbindClientCertificate,
} from './keep-certificates.ts';
import { PostgresCertificateDirectory, PostgresCertificateRepository } from './postgres-certificates.ts';

const certificates = new PostgresCertificateRepository();
const keys = new PostgresApiKeyRepository();

const useCase = <T>(type: new (deps: CertificateDeps) => T): Provider => ({
  provide: type,
  inject: [AUTHORIZE, UNIT_OF_WORK, CLOCK, NEW_ID],
  useFactory: (authorize: Authorize, uow: UnitOfWork, clock: Clock, newId: NewId) =>
    new type({ authorize, uow, clock, newId, certificates, keys }),
});

@Module({
  controllers: [ClientCertificatesController],
  providers: [useCase(ListClientCertificates), useCase(BindClientCertificate), useCase(UnbindClientCertificate)],
})
export class ClientCertificatesModule {}
export { PostgresCertificateDirectory };
