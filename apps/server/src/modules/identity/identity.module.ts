import { Module } from '@nestjs/common';
import type { Authorize } from '../../kernel/authorize.ts';
import { AUTHORIZE } from '../../platform/tokens.ts';
import { IdentityController } from './identity.controller.ts';
import { WhoAmI } from './who-am-i.ts';

@Module({
  controllers: [IdentityController],
  providers: [
    { provide: WhoAmI, inject: [AUTHORIZE], useFactory: (authorize: Authorize) => new WhoAmI({ authorize }) },
  ],
})
export class IdentityModule {}
export { PostgresApiKeyDirectory } from './postgres-api-key-directory.ts';
export { PostgresIdentityStore } from './postgres-identity-store.ts';
